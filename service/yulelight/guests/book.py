"""The rules for wishes, and what has been wished and heard. Pure: time is passed in, and memory is bounded."""

import math
from collections import OrderedDict
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import time

from yulelight.core.errors import CommandError
from yulelight.core.messages import Status
from yulelight.schedule.quiet import within

MAX_REMEMBERED = 1000
"""Songs of which it is remembered when they were heard last, and names of people who wished."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of the settings."""

    pause: float
    """Seconds between two wishes of one person."""
    waiting: int
    """Wishes that may wait at the same time."""
    again: float
    """Seconds until a song that was heard may be wished for again."""
    start: time
    end: time
    """Local time of day between which wishes are accepted, also across midnight; equal: at any time."""


class GuestBook:
    """Decides about wishes. ``now`` is always in seconds of one monotonic clock."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.waiting: tuple[str, ...] = ()
        """Ids of the wished songs that wait, in the order in which they will be heard."""
        self._wishable = False
        self._playing = ""
        self._heard: OrderedDict[str, float] = OrderedDict()
        self._wished: OrderedDict[str, float] = OrderedDict()

    def note(self, status: Status, now: float) -> bool:
        """Learns from the player what plays and which wishes wait; returns whether any of it is new."""
        playing = status.song.id if status.song else ""
        news = (playing, status.wished, status.wishable) != (self._playing, self.waiting, self._wishable)
        for song in (self._playing, playing):
            if song:
                _remember(self._heard, song, now)
        self._playing, self.waiting, self._wishable = playing, status.wished, status.wishable
        return news

    def closed(self, local: time) -> str:
        """Why nobody can wish at this local time; empty if wishes are accepted."""
        rules = self.rules
        if rules.start != rules.end and not within(rules.start, rules.end, local):
            return f"wishes are taken from {rules.start:%H:%M} to {rules.end:%H:%M}"
        if not self._wishable:
            return "no show is playing that a wish could follow; wait until the next one has begun"
        if len(self.waiting) >= rules.waiting:
            return "enough wishes are waiting; try again after the next song"
        return ""

    def resting(self, song: str, now: float) -> bool:
        """Whether the song plays, waits, or was heard too recently to be wished for."""
        heard = self._heard.get(song)
        if song in self.waiting or song == self._playing:
            return True
        return heard is not None and now - heard < self.rules.again

    def check(
        self, song: str, allowed: Container[str], names: Sequence[str], *, local: time, now: float
    ) -> None:
        """Whether the person with these ``names`` may wish for ``song``. Raises CommandError with the reason.

        One name is enough to be recognized.
        """
        if reason := self.closed(local):
            raise CommandError(reason)
        if song not in allowed:
            raise CommandError("this song is not on the list; choose one that is")
        if self.resting(song, now):
            raise CommandError("this song was heard a short while ago or comes soon; choose another")
        last = max((self._wished.get(name, -math.inf) for name in names), default=-math.inf)
        if (left := last + self.rules.pause - now) > 0:
            raise CommandError(f"your wish was taken; you may wish again in {math.ceil(left / 60)} min")

    def count(self, names: Sequence[str], now: float) -> None:
        """The person's wish was accepted."""
        for name in names:
            _remember(self._wished, name, now)


def _remember(times: OrderedDict[str, float], key: str, now: float) -> None:
    times[key] = now
    times.move_to_end(key)
    while len(times) > MAX_REMEMBERED:
        times.popitem(last=False)
