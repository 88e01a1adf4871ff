"""Estimates the offset of the service's clock. Pure: without sockets or clocks.

A ping is sent at t0 and its answer arrives at t3 by our clock; the service receives it at t1 and answers at t2 by its
clock (NTP, RFC 5905, section 8). All times are µs. As no message arrives before it was sent,

    t2 - t3  ≤  offset  ≤  t1 - t0        the two are rtt = (t3 - t0) - (t2 - t1) apart

whatever the network delay. Each sample is thus an upper bound on the offset at t0 and a lower bound at t3, and the
offset is a line between all these bounds. Of all possible lines, the one with the largest distance to both sides is
chosen. The fastest transmissions in each direction determine it independently: under heavy jitter, each occurs far
more often than both in the same sample. (Moon, Skelly and Towsley, "Estimation and removal of clock skew from network
delay measurements", INFOCOM 1999, here in both directions.) A penalty on drift keeps the line flat until the samples
cover a sufficiently long time.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

MAX_DRIFT = 500e-6
_SPAN = 4_000_000
"""µs: length of the spans for each of which the tightest bounds are kept."""
_SPANS = 128
_FLAT = 10_000_000
"""µs: regularisation of the drift; a larger drift must widen the room between the bounds by more than this."""
_MARGIN = 5_000
"""µs by which a sample may contradict the others; a clock that was set is further off."""
_IMPOSSIBLE = 3
"""This many samples that agree with each other but not with the estimate mean another clock, because the service's
machine was restarted."""
_STEPS = 20
_GOLDEN = (5**0.5 - 1) / 2


class _Bound(NamedTuple):
    time: float
    offset: float

    def at(self, time: float, drift: float) -> float:
        """The bound at ``time`` for this drift."""
        return self.offset + drift * (time - self.time)


@dataclass(slots=True)
class _Span:
    """The tightest bounds of all samples within a span of time."""

    number: int
    upper: _Bound
    lower: _Bound
    rtt: float


class ClockFilter:
    """Estimates the service's clock from ping samples.

    All times are whole microseconds. ``samples``: number of accepted samples; 0 means there is no estimate.
    ``resets``: how often the service's clock was replaced by another one.
    """

    def __init__(self) -> None:
        self.samples = 0
        self.resets = 0
        self._spans: deque[_Span] = deque(maxlen=_SPANS)
        self._doubtful: list[tuple[int, int, int, int]] = []
        self._base_time = 0
        self._base_offset = 0
        self._centre = 0.0
        self._offset = 0.0
        self._drift = 0.0
        self._room = 0.0

    @property
    def rtt(self) -> int:
        """The fastest round trip in the window, µs; 0 without samples."""
        return round(min((span.rtt for span in self._spans), default=0.0))

    @property
    def drift_ppm(self) -> float:
        """Relative rate of the service's clock in parts per million; positive if it is faster than ours."""
        return self._drift * 1e6

    @property
    def uncertainty(self) -> int:
        """Error bound of the estimate in µs, provided that all samples are honest."""
        return round(self._room / 2)

    @property
    def doubtful(self) -> bool:
        """Whether the last sample indicated another clock; more samples are needed soon."""
        return bool(self._doubtful)

    def offset_at(self, local: int) -> int:
        """Service clock minus our clock, µs, at ``local``."""
        return self._base_offset + round(self._line(local - self._base_time))

    def to_service(self, local: int) -> int:
        """Converts our time ``local`` to that of the service."""
        return local + self.offset_at(local)

    def to_local(self, service: int) -> int:
        """Converts the service's time to ours: the inverse of :meth:`to_service`, to the µs."""
        elapsed = service - self._base_offset - self._base_time
        since = (elapsed - self._offset + self._drift * self._centre) / (1.0 + self._drift)
        return self._base_time + round(since)

    def add(self, t0: int, t1: int, t2: int, t3: int) -> bool:
        """Adds a sample; False if it contradicts the others and is held back."""
        if t3 < t0 or t2 < t1 or t3 - t0 < t2 - t1:
            return False
        if not self.samples:
            self._base_time, self._base_offset = t3, t1 - t0
        upper = _Bound(t0 - self._base_time, t1 - t0 - self._base_offset)
        lower = _Bound(t3 - self._base_time, t2 - t3 - self._base_offset)
        if self.samples and not self._possible(upper, lower):
            self._doubt((t0, t1, t2, t3))
            return False
        self._doubtful.clear()
        self.samples += 1
        if self._tightens(upper, lower):
            self._fit(lower.time)
        return True

    def _line(self, time: float) -> float:
        return self._offset + self._drift * (time - self._centre)

    def _possible(self, upper: _Bound, lower: _Bound) -> bool:
        slack = self._room / 2 + _MARGIN + MAX_DRIFT * abs(lower.time - self._centre)
        return lower.offset - slack <= self._line(lower.time) <= upper.offset + slack

    def _doubt(self, times: tuple[int, int, int, int]) -> None:
        # Only samples that agree with each other indicate another clock; forged ones differ.
        self._doubtful = [*(known for known in self._doubtful if _agree(known, times)), times]
        if len(self._doubtful) < _IMPOSSIBLE:
            return
        doubtful, self._doubtful = self._doubtful, []
        self._spans.clear()
        self.samples = 0
        self._centre = self._offset = self._drift = self._room = 0.0
        self.resets += 1
        for known in doubtful:
            self.add(*known)

    def _tightens(self, upper: _Bound, lower: _Bound) -> bool:
        """Keeps the bounds if they are tighter than those of their span."""
        number, rtt = int(lower.time // _SPAN), upper.offset - lower.offset
        if not self._spans or self._spans[-1].number != number:
            self._spans.append(_Span(number, upper, lower, rtt))
            return True
        span = self._spans[-1]
        span.rtt = min(span.rtt, rtt)
        tighter = False
        if upper.at(lower.time, self._drift) < span.upper.at(lower.time, self._drift):
            span.upper, tighter = upper, True
        if lower.offset > span.lower.at(lower.time, self._drift):
            span.lower, tighter = lower, True
        return tighter

    def _fit(self, now: float) -> None:
        self._take(now, _FLAT)
        if self._room < 0:
            self._take(now, 0)
        while self._room < 0 and len(self._spans) > 1:
            # No line fits: the drift itself has changed, so old bounds are dropped.
            for _ in range((len(self._spans) + 3) // 4):
                self._spans.popleft()
            self._take(now, 0)
        self._room = max(0.0, self._room)

    def _take(self, now: float, flat: float) -> None:
        """Golden section search for the drift with the most room between the bounds, which is a concave function."""

        def worth(drift: float) -> float:
            high, low = self._bounds(now, drift)
            return high - low - flat * abs(drift)

        left, right = -MAX_DRIFT, MAX_DRIFT
        a, b = right - _GOLDEN * (right - left), left + _GOLDEN * (right - left)
        of_a, of_b = worth(a), worth(b)
        for _ in range(_STEPS):
            if of_a >= of_b:
                right, b, of_b = b, a, of_a
                a = right - _GOLDEN * (right - left)
                of_a = worth(a)
            else:
                left, a, of_a = a, b, of_b
                b = left + _GOLDEN * (right - left)
                of_b = worth(b)
        drift = (left + right) / 2
        self._drift = 0.0 if worth(0.0) >= worth(drift) else drift
        high, low = self._bounds(now, self._drift)
        self._centre, self._offset, self._room = now, (high + low) / 2, high - low

    def _bounds(self, now: float, drift: float) -> tuple[float, float]:
        """Highest and lowest offset possible at ``now``."""
        return (
            min(span.upper.at(now, drift) for span in self._spans),
            max(span.lower.at(now, drift) for span in self._spans),
        )


def _agree(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether both can belong to the same clock."""
    slack = _MARGIN + MAX_DRIFT * abs(other[3] - one[3])
    return one[2] - one[3] - slack <= other[1] - other[0] and other[2] - other[3] - slack <= one[1] - one[0]
