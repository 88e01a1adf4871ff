"""Keeps sound that is heard later, and detects whether an input has sound now or soon. Pure."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block
from yulelight.inputs.gate import Gate, level

FARTHEST = 60.0
"""Seconds by which sound may come before it is heard, and the maximum of sound that is kept."""
MOST = 30_000
"""Blocks that are kept: of those that servers send, a minute has a tenth of this."""


@dataclass(slots=True)
class LookAhead:
    """Two gates with the same levels: one hears what people hear now, one what has come for later.

    An input begins to sound when sound has come, so that its light is ready at the moment, and ceases when people have
    heard the last of it. Blocks without moments are heard when they come.
    """

    now: Gate
    soon: Gate
    end: float
    """Until when it is known what is heard."""
    timed: bool = field(default=False, init=False)
    """Whether the input has timestamps."""
    _later: deque[tuple[float, float, Block]] = field(default_factory=deque, init=False)
    """Begin, level and block of what is not over yet."""
    _kept: int = field(default=0, init=False)
    """The samples in it."""

    @classmethod
    def of(cls, threshold: float, silence: float, now: float) -> "LookAhead":
        """From ``now`` on. ``threshold`` and ``silence`` as for a Gate."""
        return cls(Gate(threshold, silence), Gate(threshold, silence), now)

    @property
    def open(self) -> bool:
        """Whether it has sound, now or soon."""
        return self.now.open or self.soon.open

    @property
    def level(self) -> float:
        """Of what is heard now, dB of full scale."""
        return self.now.level

    def block(self, block: Block, now: float) -> None:
        """Adds a block that arrived at ``now``."""
        seconds, loud = len(block.samples) / RATE, level(block.samples)
        self.soon.count(loud, seconds)
        if block.due is None:
            self.timed, self.end = False, max(self.end, now)
            self.now.count(loud, seconds)
            return
        self.timed = True
        self.end = block.due + seconds
        self._later.append((block.due, loud, block))
        self._kept += len(block.samples)
        while len(self._later) > 1 and (self._kept > FARTHEST * RATE or len(self._later) > MOST):
            self._take()
        self.look(now)

    def led(self, until: float) -> None:
        """Light has come instead of sound, which holds ``until`` then."""
        self.now.set(True)
        self.timed, self.end = False, until

    def over(self, now: float) -> None:
        """There is no more of it."""
        self.now.set(False)
        self.soon.set(False)
        self._later.clear()
        self.end = now

    def look(self, now: float) -> None:
        """Hears what is over by ``now``; to be called a few times a second."""
        while self._later and self._later[0][0] + len(self._later[0][2].samples) / RATE <= now:
            loud, block = self._take()
            self.now.count(loud, len(block.samples) / RATE)

    def _take(self) -> tuple[float, Block]:
        """Level and block of what was kept first."""
        _, loud, block = self._later.popleft()
        self._kept -= len(block.samples)
        return loud, block

    def nothing(self, seconds: float) -> None:
        """Nothing has come for so long after the end of what is known."""
        self.soon.nothing(seconds)
        self.now.nothing(seconds)
        self.end += seconds

    def clear(self, now: float) -> None:
        """Discards sound that has not been heard yet."""
        self._later.clear()
        self._kept = 0
        self.end = now
        self.soon.open = self.now.open

    def ahead(self, now: float) -> Sequence[Block]:
        """The blocks that have not been heard completely."""
        self.look(now)
        return [block for _, _, block in self._later]
