"""How far the service's clock is from ours: numbers in, numbers out, no socket and no time of its own.

A ping leaves at t0 and its answer arrives at t3 by our clock; the service heard it at t1 and answered at t2 by its
clock (NTP, RFC 5905, section 8). All times are µs. As no message arrives before it was sent,

    t2 - t3  ≤  offset  ≤  t1 - t0        the two are rtt = (t3 - t0) - (t2 - t1) apart

whatever the network did. Each sample is thus an upper bound on the offset at t0 and a lower one at t3, and the clocks
drift apart along a line between all of them. Of the possible lines that one is taken which keeps farthest from both
sides, the fastest way there and the fastest way back deciding apart from each other: under heavy jitter each of them is
met far more often than both at once. (Moon, Skelly and Towsley, "Estimation and removal of clock skew from network
delay measurements", INFOCOM 1999, here for both ways.) A cost on drift keeps the line flat until the samples span long
enough to say otherwise.
"""

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

MAX_DRIFT = 500e-6
_SPAN = 4_000_000
"""µs: of so long, the tightest bounds are kept."""
_SPANS = 128
_FLAT = 10_000_000
"""µs: drift costs so much of the room between the bounds, which it thus has to widen over a longer time."""
_MARGIN = 5_000
"""µs by which a sample may contradict the others; a clock that is set anew is further off."""
_IMPOSSIBLE = 3
"""So many samples that agree with each other and not with us mean another clock: the service's machine
has restarted."""
_STEPS = 20
_GOLDEN = (5**0.5 - 1) / 2


class _Bound(NamedTuple):
    time: float
    offset: float

    def at(self, time: float, drift: float) -> float:
        """The bound at ``time``, if the clocks drift so."""
        return self.offset + drift * (time - self.time)


@dataclass(slots=True)
class _Span:
    """The tightest of all samples in a stretch of time."""

    number: int
    upper: _Bound
    lower: _Bound
    rtt: float


class ClockFilter:
    """Estimates the service's clock from ping samples. All times are whole microseconds.

    ``samples`` are those taken in; 0 means there is no estimate. ``resets`` counts how often the service's clock turned
    out to be another one.
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
        """How much faster the service's clock runs than ours, parts per million."""
        return self._drift * 1e6

    @property
    def uncertainty(self) -> int:
        """The estimate is right within so many µs, as long as nobody lies."""
        return round(self._room / 2)

    @property
    def doubtful(self) -> bool:
        """Whether the last sample spoke for another clock. More samples, soon, will tell."""
        return bool(self._doubtful)

    def offset_at(self, local: int) -> int:
        """Service clock minus our clock, µs, at ``local``."""
        return self._base_offset + round(self._line(local - self._base_time))

    def to_service(self, local: int) -> int:
        """The service's clock when ours reads ``local``."""
        return local + self.offset_at(local)

    def to_local(self, service: int) -> int:
        """Our clock when the service's reads ``service``: the inverse of :meth:`to_service`, to the µs."""
        elapsed = service - self._base_offset - self._base_time
        since = (elapsed - self._offset + self._drift * self._centre) / (1.0 + self._drift)
        return self._base_time + round(since)

    def add(self, t0: int, t1: int, t2: int, t3: int) -> bool:
        """Take a sample in; False when it cannot be true and is held back."""
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
        # Only samples that agree with each other speak for another clock; lies differ.
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
        """Keep the bounds if they are tighter than those of their span."""
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
            # No line fits: the drift itself has changed, so what is long ago does not count any more.
            for _ in range((len(self._spans) + 3) // 4):
                self._spans.popleft()
            self._take(now, 0)
        self._room = max(0.0, self._room)

    def _take(self, now: float, flat: float) -> None:
        """Golden section search for the drift that leaves most room between the bounds: a concave function."""

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
    """Whether both can be of one clock."""
    slack = _MARGIN + MAX_DRIFT * abs(other[3] - one[3])
    return one[2] - one[3] - slack <= other[1] - other[0] and other[2] - other[3] - slack <= one[1] - one[0]
