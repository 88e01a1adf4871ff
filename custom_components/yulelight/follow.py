"""Frames of the service at their moment on this machine's clock, and the flash limit for lights that follow them.

Pure: knows neither Home Assistant nor a clock of its own. Times are seconds unless they are named ``_us``.
"""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from .const import CHANNELS
from .contract.models import Frame
from .safety.limiter import LimiterState, try_frame
from .safety.limits import Light, Limits

OFFSETS = 32
MAX_SECONDS = 30.0
"""Seconds of frames that are kept at most."""


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
        oldest = self._us(heard) - round(MAX_SECONDS * 1e6)
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
    """Holds each of several lights as it is when a change would be the fourth flash within a second.

    The same limits as the service's and the nodes', of a house of these lights. Whether they dim or switch, and by
    which curve, nobody says, so they hold for all of it; and each may be late by itself.
    """

    def __init__(self, lights: int) -> None:
        """``lights`` are seen together and count alike; all are dark."""
        house = tuple(
            Light(channel=number, node=f"light {number}", min_on=0.0, min_off=0.0)
            for number in range(1, lights + 1)
        )
        self._last = LimiterState.dark(lights).under(Limits(house, lights)) if house else LimiterState.dark(0)

    def put(self, light: int, brightness: int, now: float) -> int:
        """The brightness that light number ``light`` may have at ``now``: the one wanted or the one it has."""
        levels = bytearray(self._last.levels)
        levels[light] = brightness
        after = try_frame(self._last, bytes(levels), tuple(level > 0 for level in levels), now)
        self._last = after or self._last
        return self._last.levels[light]
