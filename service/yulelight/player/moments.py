"""The presentation times of a live input's frames. Pure; times are seconds of one clock."""

from dataclasses import dataclass, field

from yulelight.dsp.spectrum import FRAME_RATE, RATE
from yulelight.inputs.pace import Pace

LATE = 0.05
"""Seconds after which a late frame of an input with timestamps is dropped."""


@dataclass(slots=True)
class Moments:
    """The moments of frames in the order in which they come; frame k belongs to sample k · 512.

    An input that says when its samples are heard is followed. Any other is lit at an even pace (``Pace``).
    """

    origin: float
    """The time at which sample 0 is heard."""
    known: bool = field(default=False, init=False)
    """Whether the input has timestamps."""
    pace: Pace = field(default_factory=Pace, init=False)
    _samples: int = field(default=0, init=False)
    _frames: int = field(default=0, init=False)

    def block(self, samples: int, due: float | None, now: float) -> None:
        """Adds ``samples``; the first is heard at ``due`` if the input has timestamps, but not before ``now``."""
        self.known = due is not None
        begin = self.pace.block(samples, now) if due is None else due
        self.origin = begin - self._samples / RATE
        self._samples += samples

    @property
    def ahead(self) -> float:
        """The time up to which sound has arrived."""
        return self.origin + self._samples / RATE

    def frame(self, at: float) -> int:
        """The first frame that is not before ``at``."""
        return max(0, int((at - self.origin) * FRAME_RATE) + 1)

    def next(self, now: float) -> float | None:
        """The time of the next frame, not before ``now``; None if it is too late."""
        at = self.origin + self._frames / FRAME_RATE
        self._frames += 1
        if at >= now:
            return at
        if self.known:
            return now if now - at <= LATE else None
        self.origin += now - at
        self.pace.late(now - at)
        return now
