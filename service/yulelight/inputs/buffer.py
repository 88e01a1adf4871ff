"""A buffer between a sender that stalls and sound that must not: says when each block is heard. Pure.

Seconds of one clock. Sound is heard from when ``ahead`` seconds of it have come, or have had the time to come; what
follows is heard right after it. Where the sender was slower than that for so long that nothing is left, the buffer
fills again, and what has come meanwhile is heard later: there is a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block

LEAD = 0.5
"""Seconds from the end of filling to the first sample: sound cards and lights need as much."""


@dataclass(slots=True)
class Buffer:
    """Takes blocks as they come."""

    ahead: float
    gaps: int = field(default=0, init=False)
    """How often nothing was left."""
    end: float = field(default=0.0, init=False)
    """When the last block that was given out is over; 0 before the first."""
    _held: list[Block] = field(default_factory=list, init=False)
    _since: float = field(default=0.0, init=False)

    def push(self, block: Block, now: float) -> Sequence[Block]:
        """The blocks that can be given out now that ``block`` has come, each with its moment."""
        if not self._held and self.end > now:
            return [self._placed(block)]
        if not self._held:
            self._since = now
            self.gaps += self.end > 0
        self._held.append(block)
        full = sum(len(each.samples) for each in self._held) / RATE >= self.ahead
        return self.flush(now) if full or now - self._since >= self.ahead else []

    def flush(self, now: float) -> Sequence[Block]:
        """What is held, although the buffer is not full: nothing more comes."""
        held, self._held = self._held, []
        if held:
            self.end = max(self.end, now + LEAD)
        return [self._placed(block) for block in held]

    def _placed(self, block: Block) -> Block:
        due, self.end = self.end, self.end + len(block.samples) / RATE
        return replace(block, due=due)
