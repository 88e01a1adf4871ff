"""Queue of frames until their display time. Pure; all times in µs of the service's clock.

A packet replaces everything that is queued from its first frame's time on, whatever its session; earlier frames are
still shown. Ignored data is counted:

- ``stale``: packets of an earlier session, or not newer than the last one of this session. A service sends at least
once a second; so if a session stops and an earlier one continues, the later one was not from the service.
- ``late``: frames that arrived after their time and interval. Only the last frame of a packet can still be valid
then, as nothing newer replaces it; so it is shown at once, unless it is more than ``grace`` late: then a newer packet
(at the latest the heartbeat) will follow, and a delayed connection that delivers everything at once must not make the
lights flicker.
- ``dropped``: frames further ahead than ``horizon`` or more than ``capacity``, and frames that were overtaken
  before they could be shown.
"""

from collections import deque
from dataclasses import dataclass

from yulelight.core.messages import Packet

GRACE = 500_000
HORIZON = 30_000_000
CAPACITY = 4096
_SESSIONS = 8
_SILENT = 1_500_000


@dataclass(frozen=True, slots=True)
class Frame:
    """Levels of the lights from ``at`` on. ``overdue``: it arrived after its time, as a frame for "now" does."""

    at: int
    levels: bytes
    switched: tuple[bool, ...]
    overdue: bool = False


class Timeline:
    """The queue of one node."""

    def __init__(self, grace: int = GRACE, horizon: int = HORIZON, capacity: int = CAPACITY) -> None:
        self.stale = 0
        self.late = 0
        self.dropped = 0
        self._grace = grace
        self._horizon = horizon
        self._capacity = capacity
        self._frames: deque[Frame] = deque()
        self._session: int | None = None
        self._sequence = 0
        self._heard = 0
        self._past: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._frames)

    def insert(self, packet: Packet, now: int) -> bool:
        """Queue a packet's frames; True when at least one will be shown."""
        if not self._is_news(packet, now):
            self.stale += 1
            return False
        self._cut(packet.at)
        count = len(packet.levels)
        # Computes, without a loop, the index of the current frame and of the first that is too far ahead.
        first = min(count, max(0, (now - packet.at) // packet.interval))
        ahead = (now + self._horizon - packet.at) // packet.interval + 1
        if first == count:
            late_by = now - packet.at - (count - 1) * packet.interval
            self.late += count
            first -= late_by <= self._grace
        else:
            self.late += first
        end = max(first, min(count, ahead, first + self._capacity - len(self._frames)))
        self.dropped += count - end
        for index in range(first, end):
            at = packet.at + index * packet.interval
            self._frames.append(Frame(at, packet.levels[index], packet.switched[index], overdue=at < now))
        return end > first

    def due(self, now: int, ahead: int = 0) -> Frame | None:
        """The frame to show at ``now``: the latest whose time has come; None when there is no new one.

        If there is none, the next one if it is due within ``ahead``.
        """
        frame: Frame | None = None
        while self._frames and self._frames[0].at <= now:
            if frame is not None and not frame.overdue:
                self.dropped += 1
            frame = self._frames.popleft()
        if frame is None and self._frames and self._frames[0].at <= now + ahead:
            frame = self._frames.popleft()
        return frame

    def next_time(self) -> int | None:
        """When the next frame is due; None when nothing is queued."""
        return self._frames[0].at if self._frames else None

    def clear(self) -> None:
        """Clears the queue, but not the record of received packets."""
        self._frames.clear()

    def _is_news(self, packet: Packet, now: int) -> bool:
        if packet.session == self._session:
            if not _newer(packet.sequence, self._sequence):
                return False
        elif packet.session in self._past:
            silent = abs(now - self._heard) > _SILENT
            if not silent or not _newer(packet.sequence, self._past[packet.session]):
                return False
            del self._past[packet.session]
            self._put_aside()
        else:
            self._put_aside()
        self._session, self._sequence, self._heard = packet.session, packet.sequence, now
        return True

    def _put_aside(self) -> None:
        if self._session is not None:
            self._past[self._session] = self._sequence
        if len(self._past) > _SESSIONS:
            del self._past[next(iter(self._past))]

    def _cut(self, at: int) -> None:
        while self._frames and self._frames[-1].at >= at:
            self._frames.pop()


def _newer(one: int, other: int) -> bool:
    """Sequence numbers wrap around; the shorter distance decides which is newer."""
    return 0 < (one - other) % 2**32 < 2**31
