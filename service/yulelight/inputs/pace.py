"""The pace of sound whose source says no moments: as fast as it is heard. Pure: seconds of one clock."""

from dataclasses import dataclass, field

from yulelight.dsp.spectrum import RATE


@dataclass(slots=True)
class Pace:
    """Lays blocks one after the other; a source that falls behind moves the pace on."""

    _end: float = field(default=float("-inf"), init=False)

    def block(self, samples: int, now: float) -> float:
        """The moment at which ``samples`` that have just come begin, not before ``now``."""
        begin = max(self._end, now)
        self._end = begin + samples / RATE
        return begin
