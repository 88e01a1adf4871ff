"""Frames of the service, converted to this machine's clock, and the flash limit for lights that follow them.

Pure: independent of Home Assistant and of clocks. Times are seconds unless their names end with ``_us``.
"""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from .const import CHANNELS
from .contract.models import Frame
from .safety.limits import Light, Limits
from .safety.state import LimiterState, try_frame

OFFSETS = 32
MAX_SECONDS = 30.0
"""Maximum seconds of frames that are kept."""


class Frames:
    """The frames to be shown, by the service's clock."""

    def __init__(self) -> None:
        """Create it without frames."""
        self._frames: list[Frame] = []
        self._offsets: deque[int] = deque(maxlen=OFFSETS)

    def __bool__(self) -> bool:
        """Whether there are any frames."""
        return bool(self._frames)

    def feed(self, now_us: int, frames: Sequence[Frame], heard: float) -> None:
        """Add the frames of a message received at ``heard``; they replace those from its first frame on."""
        # The message with the shortest delay gives the best estimate of the clock offset.
        self._offsets.append(now_us - round(heard * 1e6))
        if not frames:
            return
        kept = [frame for frame in self._frames if frame.at < frames[0].at]
        oldest = self._us(heard) - round(MAX_SECONDS * 1e6)
        self._frames = [frame for frame in [*kept, *frames] if frame.at >= oldest]

    def level(self, channel: int, since: float, until: float) -> float:
        """The channel's mean level, 0 to 1, from ``since`` to ``until``; dark without frames."""
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
    """Keeps a light unchanged if a change would be the fourth flash within a second.

    These are the same limits as in the service and the nodes, for a house of these lights. Whether they are dimmed or
    switched and their curves are unknown, so the limits hold for all cases; each light may have its own delay.
    """

    def __init__(self, lights: int) -> None:
        """``lights``: the number of lights, which count equally and are initially dark."""
        house = tuple(
            Light(channel=number, node=f"light {number}", min_on=0.0, min_off=0.0)
            for number in range(1, lights + 1)
        )
        self._last = LimiterState.dark(lights).under(Limits(house, lights)) if house else LimiterState.dark(0)

    def put(self, light: int, brightness: int, now: float) -> int:
        """The brightness permitted for light number ``light`` at ``now``: the requested or the present one."""
        levels = bytearray(self._last.levels)
        levels[light] = brightness
        after = try_frame(self._last, bytes(levels), tuple(level > 0 for level in levels), now)
        self._last = after or self._last
        return self._last.levels[light]
