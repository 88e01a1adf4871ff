"""Light packets thinned to what a dashboard can use: at most one frame every 50 ms, times untouched.

A pure class: packets in, frames out, no clock. What comes out follows the rule of the packets: the frames of
one batch replace whatever the client still holds from the batch's first time on.
"""

from collections import deque
from dataclasses import dataclass

from yulelight.core.messages import Packet

SPACING = 50_000
"""Microseconds between two frames of one client: 20 Hz."""

MAX_READY = 256


@dataclass(frozen=True, slots=True)
class Frame:
    """All channels at one moment. ``at``: microseconds of the service's monotonic clock."""

    at: int
    levels: bytes
    switched: tuple[bool, ...]


def unpack(packet: Packet) -> list[Frame]:
    """The packet's frames in order, each with its own presentation time."""
    blank: tuple[bool, ...] = ()
    return [
        Frame(
            packet.at + index * packet.interval,
            levels,
            packet.switched[index] if index < len(packet.switched) else blank,
        )
        for index, levels in enumerate(packet.levels)
    ]


class FrameThinner:
    """Chooses frames at least ``spacing`` apart; a packet that rewrites chosen ones is chosen from at once.

    The last frame that fell between two chosen ones is kept as ``tail``: when no packet follows, it is how
    the lights stay, so ``flush`` chooses it.
    """

    def __init__(self, spacing: int = SPACING) -> None:
        self._spacing = spacing
        self._ready: deque[Frame] = deque(maxlen=MAX_READY)
        self._tail: Frame | None = None
        self._last: int | None = None

    @property
    def ready(self) -> bool:
        """Whether ``take`` would give anything."""
        return bool(self._ready)

    @property
    def has_tail(self) -> bool:
        """Whether ``flush`` would choose anything."""
        return self._tail is not None

    def push(self, packet: Packet) -> None:
        """Take a packet in."""
        if not packet.levels:
            return
        while self._ready and self._ready[-1].at >= packet.at:
            self._ready.pop()
        self._tail = None
        if self._last is not None and self._last >= packet.at:
            self._last = None
        for frame in unpack(packet):
            if self._last is None or frame.at >= self._last + self._spacing:
                self._choose(frame)
            else:
                self._tail = frame

    def flush(self) -> None:
        """Nothing came for a while: choose the frame the lights stay at."""
        if self._tail is not None:
            self._choose(self._tail)

    def take(self) -> list[Frame]:
        """The frames chosen since the last call, in order of their times."""
        frames = list(self._ready)
        self._ready.clear()
        return frames

    def _choose(self, frame: Frame) -> None:
        self._ready.append(frame)
        self._last = frame.at
        self._tail = None
