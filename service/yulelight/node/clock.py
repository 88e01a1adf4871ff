"""How far the service's clock is from ours: numbers in, numbers out, no socket and no time of its own.

A ping leaves at t0 and its answer arrives at t3 by our clock; the service heard it at t1 and answered at t2 by its
clock (NTP, RFC 5905, section 8). Then, all in µs,

    offset = ((t1 - t0) + (t2 - t3)) / 2        rtt = (t3 - t0) - (t2 - t1)

and the true offset is within rtt / 2 of this whatever the network did. A line ``offset + drift · time`` is fitted
through the last samples by weighted least squares. A sample's deviation is taken to be a floor, an eighth of its
round trip (the two ways may differ) and half of what it took longer than the fastest, so that samples which were
held up hardly count; a prior of zero drift keeps the line flat until the window is long enough to say otherwise.
"""

from collections import deque
from dataclasses import dataclass

WINDOW = 64
MAX_DRIFT = 500e-6
_FLOOR = 100.0
"""µs: what the fastest samples scatter by."""
_DRIFT_PRIOR = 100e-6
"""Typical quartz is within 100 ppm, so two are hardly further apart."""
_MARGIN = 5_000.0
_IMPOSSIBLE = 3
"""So many samples that agree with each other and not with us mean another clock: the service's machine
has restarted."""


@dataclass(frozen=True, slots=True)
class _Sample:
    time: float
    offset: float
    rtt: float


class ClockFilter:
    """Estimates the service's clock from ping samples. All times are whole microseconds.

    ``resets`` counts how often the service's clock turned out to be another one.
    """

    def __init__(self, window: int = WINDOW) -> None:
        self.resets = 0
        self._samples: deque[_Sample] = deque(maxlen=window)
        self._doubtful: list[tuple[_Sample, tuple[int, int, int, int]]] = []
        self._base_time = 0
        self._base_offset = 0
        self._offset = 0.0
        self._drift = 0.0
        self._centre = 0.0
        self._typical_rtt = 0.0

    @property
    def samples(self) -> int:
        """How many samples the estimate rests on; 0 means there is none."""
        return len(self._samples)

    @property
    def rtt(self) -> int:
        """The fastest round trip in the window, µs; 0 without samples."""
        return round(min((sample.rtt for sample in self._samples), default=0.0))

    @property
    def drift_ppm(self) -> float:
        """How much faster the service's clock runs than ours, parts per million."""
        return self._drift * 1e6

    def offset_at(self, local: int) -> int:
        """Service clock minus our clock, µs, at ``local``."""
        return self._base_offset + round(self._predict(local))

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
        rtt = (t3 - t0) - (t2 - t1)
        if t3 < t0 or t2 < t1 or rtt < 0:
            return False
        if not self._samples:
            self._base_time, self._base_offset = t3, (t1 - t0 + t2 - t3) // 2
        sample = _Sample(t3 - self._base_time, (t1 - t0 + t2 - t3) / 2 - self._base_offset, float(rtt))
        if self._samples and not self._possible(sample):
            self._doubt(sample, (t0, t1, t2, t3))
            return False
        self._doubtful.clear()
        self._samples.append(sample)
        self._fit()
        return True

    def _possible(self, sample: _Sample) -> bool:
        last = self._samples[-1]
        return _agree(_Sample(last.time, self._line(sample.time), self._typical_rtt), sample)

    def _doubt(self, sample: _Sample, times: tuple[int, int, int, int]) -> None:
        # Only samples that agree with each other speak for another clock; lies differ.
        agreeing = [(s, t) for s, t in self._doubtful if _agree(s, sample)]
        self._doubtful = [*agreeing, (sample, times)]
        if len(self._doubtful) < _IMPOSSIBLE:
            return
        doubtful, self._doubtful = self._doubtful, []
        self._samples.clear()
        self._offset = self._drift = self._centre = 0.0
        self.resets += 1
        for _, known in doubtful:
            self.add(*known)

    def _predict(self, local: int) -> float:
        return self._line(local - self._base_time)

    def _line(self, time: float) -> float:
        return self._offset + self._drift * (time - self._centre)

    def _fit(self) -> None:
        fastest = min(sample.rtt for sample in self._samples)
        weights = [(_FLOOR + s.rtt / 8 + (s.rtt - fastest) / 2) ** -2 for s in self._samples]
        total = sum(weights)
        pairs = list(zip(weights, self._samples, strict=True))
        self._typical_rtt = sum(w * s.rtt for w, s in pairs) / total
        self._centre = sum(w * s.time for w, s in pairs) / total
        self._offset = sum(w * s.offset for w, s in pairs) / total
        cross = sum(w * (s.time - self._centre) * (s.offset - self._offset) for w, s in pairs)
        spread = sum(w * (s.time - self._centre) ** 2 for w, s in pairs)
        slope = cross / (spread + _DRIFT_PRIOR**-2)
        self._drift = min(MAX_DRIFT, max(-MAX_DRIFT, slope))


def _agree(one: _Sample, other: _Sample) -> bool:
    # Each is within half its round trip of the truth, which itself drifts from the one to the other.
    slack = (one.rtt + other.rtt) / 2 + _MARGIN + MAX_DRIFT * abs(other.time - one.time)
    return abs(one.offset - other.offset) <= slack
