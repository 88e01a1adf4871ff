"""Holds frames of a live input until shortly before their presentation time."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yulelight.actors import Ref
from yulelight.lights.messages import LightsMessage, LiveFrame, LiveFrames
from yulelight.player.moments import LATE
from yulelight.show.live import EARLY

BATCH = 0.1
"""Seconds of frames that are posted together, where they are known."""


@dataclass(frozen=True, slots=True)
class _Section:
    number: int
    at: float


class Outbox:
    """Moments are seconds of ``clock``; a frame takes ``on_the_way`` seconds to the lamps.

    Sound that is due sooner than was said before takes the place of what was. After a stall, frames that are
    late are left out. ``tell`` hears of each section when it begins.
    """

    def __init__(
        self,
        lights: Ref[LightsMessage],
        clock: Callable[[], float],
        on_the_way: float,
        tell: Callable[[int], object],
    ) -> None:
        self.hidden = False
        """Whether due frames are discarded."""
        self._lights, self._clock, self._early, self._tell = lights, clock, EARLY + on_the_way, tell
        self._waiting: deque[LiveFrame | _Section] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._posted = float("-inf")

    @property
    def last(self) -> float:
        """The time of the last frame added."""
        return max((item.at for item in self._waiting), default=self._posted)

    def put(self, frames: Sequence[LiveFrame]) -> None:
        """Shows ``frames``, each at its moment."""
        for frame in frames:
            while self._waiting and self._waiting[-1].at >= frame.at:
                self._waiting.pop()
            if frame.at > self._posted:
                self._waiting.append(frame)
        if self._timer is None:
            self._post_due()

    def section(self, number: int, at: float) -> None:
        """Says at ``at``, which is no sooner than what waits already, that a section begins."""
        place = sum(item.at <= at for item in self._waiting)
        self._waiting.insert(place, _Section(number, at))

    def clear(self) -> None:
        """Discards all waiting frames."""
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._posted = min(self._posted, self._clock())

    def _post_due(self) -> None:
        """Posts what is due; frames that follow within BATCH go with them."""
        self._timer = None
        due: list[LiveFrame] = []
        now = self._clock()
        while self._waiting:
            item = self._waiting[0]
            early = item.at - now - self._early
            if early > (BATCH if due and isinstance(item, LiveFrame) else 0):
                self._timer = asyncio.get_running_loop().call_later(early, self._post_due)
                break
            self._waiting.popleft()
            if isinstance(item, _Section):
                self._tell(item.number)
            elif not (item.at < now - LATE and self._waiting and self._waiting[0].at <= now):
                self._posted = item.at
                due.append(item)
        if due and not self.hidden:
            self._lights.post(LiveFrames(tuple(due)))
