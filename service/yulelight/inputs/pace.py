"""The pace of sound whose source says no moments: as fast as it is heard. Pure: seconds of one clock.

A source that falls behind moves the pace on; then it comes as ever, and what a stall left behind would be a delay for
the rest of the evening. So a delay that nothing needed for CALM seconds, and then for as long again, is left out: what
was to be heard in it is skipped. A source that is faster than its sound is ahead by more and more, and is made to wait
(``held``): it is not taken for one that had a stall.
"""

import math
from dataclasses import dataclass, field

from yulelight.dsp.spectrum import RATE

CALM = 1.5
"""Seconds in which the source was never late by what it is ahead."""
NEEDED = 0.03
"""Seconds that a source may be ahead all the time: no one sees them."""
MAX_LEAD = 1.5
"""Seconds that a source without moments may be ahead before it has to wait: longer than most stalls."""


@dataclass(slots=True)
class Pace:
    """Lays blocks one after the other."""

    _end: float = field(default=-math.inf, init=False)
    _least: float = field(default=math.inf, init=False)
    """What the source was ahead by, when it was least so, since ``_since``."""
    _before: float = field(default=-math.inf, init=False)
    """The same of the CALM seconds before."""
    _since: float = field(default=-math.inf, init=False)

    def block(self, samples: int, now: float) -> float:
        """The moment at which ``samples`` that have just come begin, not before ``now``."""
        ahead = self._end - now
        if ahead <= 0:
            self._end = now
            self.held(now)
        else:
            self._least = min(self._least, ahead)
            if now - self._since >= CALM:
                self._leave_out(now)
        begin = self._end
        self._end += samples / RATE
        return begin

    def late(self, by: float) -> None:
        """Its light could not come in time: what follows is moved by as much."""
        self._end += by

    def held(self, now: float) -> None:
        """The source had to wait until ``now``."""
        self._least, self._before, self._since = math.inf, -math.inf, now

    def _leave_out(self, now: float) -> None:
        least = self._least
        if NEEDED < least <= self._before + NEEDED:
            self._end -= least
            self.held(now)
        else:
            self._least, self._before, self._since = math.inf, least, now
