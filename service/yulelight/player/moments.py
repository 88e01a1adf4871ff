"""When the frames of a live input show. Pure: seconds of one clock in, seconds out."""

from dataclasses import dataclass, field

from yulelight.dsp.spectrum import FRAME_RATE, RATE

LATE = 0.05
"""Seconds after its moment at which a frame of an input that names moments is not worth showing."""


@dataclass(slots=True)
class Moments:
    """The moments of frames in the order in which they come; frame k belongs to sample k · 512.

    An input that says when its samples are heard is followed. Any other is lit at an even pace: it may run ahead, and
    one that falls behind moves the pace on.
    """

    origin: float
    """When sample 0 is heard."""
    known: bool = field(default=False, init=False)
    """Whether the input says when."""
    _samples: int = field(default=0, init=False)
    _frames: int = field(default=0, init=False)

    def block(self, samples: int, due: float | None) -> None:
        """``samples`` more have come, the first of which is heard at ``due``, if the input says so."""
        if due is not None:
            self.origin, self.known = due - self._samples / RATE, True
        self._samples += samples

    def next(self, now: float) -> float | None:
        """The moment of the next frame, not before ``now``; None when it is too late for it."""
        at = self.origin + self._frames / FRAME_RATE
        self._frames += 1
        if at >= now:
            return at
        if self.known:
            return now if now - at <= LATE else None
        self.origin += now - at
        return now
