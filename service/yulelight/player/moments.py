"""When the frames of a live input show. Pure: seconds of one clock in, seconds out."""

from dataclasses import dataclass, field

from yulelight.dsp.spectrum import FRAME_RATE, RATE
from yulelight.inputs.pace import Pace

LATE = 0.05
"""Seconds after its moment at which a frame of an input that names moments is not worth showing."""


@dataclass(slots=True)
class Moments:
    """The moments of frames in the order in which they come; frame k belongs to sample k · 512.

    An input that says when its samples are heard is followed. Any other is lit at an even pace (``Pace``).
    """

    origin: float
    """When sample 0 is heard."""
    known: bool = field(default=False, init=False)
    """Whether the input says when."""
    pace: Pace = field(default_factory=Pace, init=False)
    _samples: int = field(default=0, init=False)
    _frames: int = field(default=0, init=False)

    def block(self, samples: int, due: float | None, now: float) -> None:
        """``samples`` more have come; the first is heard at ``due``, if the input says so, and at ``now`` at best."""
        self.known = due is not None
        begin = self.pace.block(samples, now) if due is None else due
        self.origin = begin - self._samples / RATE
        self._samples += samples

    @property
    def ahead(self) -> float:
        """The moment up to which sound has come."""
        return self.origin + self._samples / RATE

    def frame(self, at: float) -> int:
        """The first frame that is not before ``at``."""
        return max(0, int((at - self.origin) * FRAME_RATE) + 1)

    def next(self, now: float) -> float | None:
        """The moment of the next frame, not before ``now``; None when it is too late for it."""
        at = self.origin + self._frames / FRAME_RATE
        self._frames += 1
        if at >= now:
            return at
        if self.known:
            return now if now - at <= LATE else None
        self.origin += now - at
        self.pace.late(now - at)
        return now
