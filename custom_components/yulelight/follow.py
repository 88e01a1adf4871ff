"""Frames of the service at their moment on this machine's clock, and the flash limit for lights that follow them.

Pure: knows neither Home Assistant nor a clock of its own. Times are seconds unless they are named ``_us``.
"""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from .const import CHANNELS
from .contract.models import Frame

OFFSETS = 32
LONGEST = 30.0
"""Seconds of frames that are kept at most."""
TURN = 0.09
"""A change of the field that counts (a tenth, less what rounding can add)."""
MAX_TURNS = 5
"""In any second: never more than three pairs of opposing changes, WCAG 2.3.1."""


class Frames:
    """What is to be shown, by the service's own clock."""

    def __init__(self) -> None:
        """Nothing was heard yet."""
        self._frames: list[Frame] = []
        self._offsets: deque[int] = deque(maxlen=OFFSETS)

    def __bool__(self) -> bool:
        """Whether anything was heard."""
        return bool(self._frames)

    def feed(self, now_us: int, frames: Sequence[Frame], heard: float) -> None:
        """A message that came at ``heard``; it replaces what is held from its first frame on."""
        # The message that travelled fastest tells the clocks' difference best.
        self._offsets.append(now_us - round(heard * 1e6))
        if not frames:
            return
        kept = [frame for frame in self._frames if frame.at < frames[0].at]
        oldest = self._us(heard) - round(LONGEST * 1e6)
        self._frames = [frame for frame in [*kept, *frames] if frame.at >= oldest]

    def level(self, channel: int, since: float, until: float) -> float:
        """The channel's mean level, 0 to 1, from ``since`` to ``until``; nothing heard is dark."""
        start, end = self._us(since), self._us(until)
        if not self._frames or not 1 <= channel <= CHANNELS or end <= start:
            return 0.0
        total = 0.0
        ends = [*(after.at for _, after in pairwise(self._frames)), end]
        for frame, over in zip(self._frames, ends, strict=True):
            shown = min(over, end) - max(frame.at, start)
            if shown > 0:
                total += shown * frame.levels[channel - 1] / 255
        return min(1.0, total / (end - start))

    def _us(self, moment: float) -> int:
        return round(moment * 1e6) + max(self._offsets, default=0)


class FlashLimit:
    """Holds the mean of several lights still when it would turn a sixth time within a second."""

    def __init__(self, lights: int) -> None:
        """``lights`` are seen together and count alike; all are dark."""
        self._levels = [0.0] * lights
        self._turns: deque[float] = deque()
        self._extreme = 0.0
        self._rising = True

    def put(self, light: int, level: float, now: float) -> float:
        """The level that light number ``light`` may have at ``now``: the one wanted or the one it has."""
        before = self._levels[light]
        self._levels[light] = level
        if not self._allowed(sum(self._levels) / len(self._levels), now):
            self._levels[light] = before
        return self._levels[light]

    def _allowed(self, field: float, now: float) -> bool:
        while self._turns and self._turns[0] <= now - 1.0:
            self._turns.popleft()
        against = self._extreme - field if self._rising else field - self._extreme
        if against >= TURN:
            if len(self._turns) >= MAX_TURNS:
                return False
            self._turns.append(now)
            self._rising, self._extreme = not self._rising, field
        elif against < 0:
            self._extreme = field
        return True
