"""Thins light packets for dashboards: at most one frame every 50 ms, with unchanged times.

A pure class without a clock: packets in, frames out. The frames of one batch replace everything that the client still
holds from the batch's first time on, as with packets.
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
    """The packet's frames in order, each with its presentation time."""
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
    """Selects frames at least ``spacing`` apart; a packet that replaces selected frames is processed at once.

    The last frame that was skipped is kept as ``tail``: if no packet follows, the lights stay like that, so ``flush``
    selects it.
    """

    def __init__(self, spacing: int = SPACING) -> None:
        self._spacing = spacing
        self._ready: deque[Frame] = deque(maxlen=MAX_READY)
        self._tail: Frame | None = None
        self._last: int | None = None

    @property
    def ready(self) -> bool:
        """Whether ``take`` would return anything."""
        return bool(self._ready)

    @property
    def has_tail(self) -> bool:
        """Whether ``flush`` would select anything."""
        return self._tail is not None

    def push(self, packet: Packet) -> None:
        """Add a packet."""
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
        """Nothing arrived for a while: select the final frame."""
        if self._tail is not None:
            self._choose(self._tail)

    def take(self) -> list[Frame]:
        """The frames selected since the last call, in order of time."""
        frames = list(self._ready)
        self._ready.clear()
        return frames

    def _choose(self, frame: Frame) -> None:
        self._ready.append(frame)
        self._last = frame.at
        self._tail = None
