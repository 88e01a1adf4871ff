"""A show being played: maps times to frames. Pure."""

from bisect import bisect_left
from dataclasses import dataclass

from yulelight.lights.messages import DARK
from yulelight.safety.frame import LightFrame
from yulelight.show.pan import STEPS
from yulelight.show.show import Show


@dataclass(frozen=True, slots=True)
class Playing:
    """``show``, whose first frame is at ``start``, on ``channels``. Seconds of the service's clock."""

    show: Show
    start: float
    channels: frozenset[int]

    def frame(self, at: float) -> LightFrame:
        """The frame at ``at``; dark before and after the show."""
        k = self._index(at)
        if not 0 <= k < len(self.show.levels):
            return DARK
        return self.show.levels[k].tobytes(), tuple(self.show.switched[k].tolist())

    def pan(self, at: float) -> float:
        """The position of the sound at ``at``, from -1 (left) to 1 (right)."""
        k = self._index(at)
        return self.show.pan[k].item() / STEPS if 0 <= k < len(self.show.pan) else 0.0

    def times(self, after: float, until: float) -> list[float]:
        """The times of frames after ``after``, up to and including ``until``."""
        rate, frames = self.show.rate, len(self.show.levels)
        first = max(0, int((after - self.start) * rate + 1e-6) + 1)
        last = min(frames - 1, int((until - self.start) * rate))
        return [self.start + k / rate for k in range(first, last + 1)]

    def beats(self, begin: float, end: float) -> list[float]:
        """The times of the beats from ``begin`` on and before ``end``."""
        beats = self.show.beats
        first, last = bisect_left(beats, begin - self.start), bisect_left(beats, end - self.start)
        return [self.start + beat for beat in beats[first:last]]

    def _index(self, at: float) -> int:
        return round((at - self.start) * self.show.rate)
