"""A program: the steps before a show, its songs, and the steps after it. Pure."""

from dataclasses import dataclass, field, replace
from hashlib import blake2s
from typing import Self

from yulelight.core.messages import Song, State
from yulelight.inputs.clicks import CLICKS
from yulelight.library.stations import Station
from yulelight.library.steps import Scene
from yulelight.player.show_queue import Entry, ShowQueue


@dataclass(frozen=True, slots=True)
class Item:
    """One item to play: a song of the library or at ``url``, a radio station, a scene, or calibration clicks."""

    song: Song | None = None
    """None for a scene; the id is empty unless the song is in the library."""
    url: str = ""
    scene: Scene | None = None
    clicks: bool = False
    station: Station | None = None
    seconds: float = 0.0
    """How long a station plays; 0: until it is stopped."""

    @property
    def key(self) -> str:
        """By which it is found again after a restart; empty for what is not kept anywhere."""
        if self.station is not None:
            return f"{self.station.id}@{self.seconds:g}"
        return self.song.id if self.song else ""

    @property
    def sound(self) -> str:
        """Identifies the sound for remote players: a song's id or a temporary one; empty for silence."""
        if self.clicks:
            return CLICKS
        if self.url:
            return f"web-{blake2s(self.url.encode(), digest_size=8).hexdigest()}"
        return self.song.id if self.song else ""


def station_item(station: Station, seconds: float = 0.0) -> Item:
    """A station that plays for ``seconds``, or until it is stopped."""
    return Item(Song("", station.name, duration=seconds), station=station, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Program:
    """The state of a program. ``phase`` is IDLE before the start, then PRE_SHOW, PLAYING, POST_SHOW."""

    queue: ShowQueue[Item] = field(default_factory=ShowQueue)
    pre: tuple[Item, ...] = ()
    post: tuple[Item, ...] = ()
    phase: State = State.IDLE
    step: int = 0
    """Of ``pre`` or ``post``."""
    playlist: str = ""
    look: str | None = None
    model: str | None = None
    """Requested for this show; None for the default."""
    channels: frozenset[int] = frozenset()
    """Channels that take part; empty for all."""
    ending: bool = False
    """Whether the current song is the last one."""

    @property
    def item(self) -> Item | None:
        """The current item; None while idle."""
        match self.phase:
            case State.PRE_SHOW:
                return self.pre[self.step]
            case State.PLAYING:
                return self.queue.now.item if self.queue.now else None
            case State.POST_SHOW:
                return self.post[self.step]
        return None

    @property
    def wishable(self) -> bool:
        """Whether the queue goes on after the current item, so that a wish would be played."""
        clicks = self.item is not None and self.item.clicks
        return self.phase in (State.PRE_SHOW, State.PLAYING) and not self.ending and not clicks

    def following(self, *, by_hand: bool = False) -> Self | None:
        """The program after the current item; None at the end. See ShowQueue.following for ``by_hand``."""
        if self.phase is State.IDLE and self.pre:
            return replace(self, phase=State.PRE_SHOW, step=0)
        if self.phase is State.PRE_SHOW and self.step + 1 < len(self.pre):
            return replace(self, step=self.step + 1)
        if self.phase is not State.POST_SHOW:
            queue = None if self.ending else self.queue.following(by_hand=by_hand)
            if queue is not None:
                return replace(self, queue=queue, phase=State.PLAYING)
        step = self.step + 1 if self.phase is State.POST_SHOW else 0
        if step < len(self.post):
            return replace(self, phase=State.POST_SHOW, step=step)
        return None

    def skipping(self, failed: "Program") -> Self:
        """This program without the current item of its successor ``failed``, which cannot be played."""
        match failed.phase:
            case State.PRE_SHOW:
                return replace(self, pre=_without(self.pre, failed.step))
            case State.POST_SHOW:
                return replace(self, post=_without(self.post, failed.step))
        entry, queue = failed.queue.now, self.queue
        if entry is queue.now:
            return replace(self, ending=True)
        past, coming = (tuple(e for e in entries if e is not entry) for entries in (queue.past, queue.coming))
        return replace(self, queue=replace(queue, past=past, coming=coming))

    def with_item(self, old: Item, new: Item) -> Self:
        """This program with ``new`` in place of the song ``old`` of its queue."""

        def changed(entry: Entry[Item]) -> Entry[Item]:
            return replace(entry, item=new) if entry.item is old else entry

        queue = self.queue
        now = changed(queue.now) if queue.now else None
        past, coming = (tuple(map(changed, entries)) for entries in (queue.past, queue.coming))
        return replace(self, queue=replace(queue, past=past, now=now, coming=coming))

    def previous(self) -> Self:
        """The program at the previous song, or at the first song."""
        queue = self.queue.previous()
        return self if queue.now is None else replace(self, queue=queue, phase=State.PLAYING)


def _without(steps: tuple[Item, ...], step: int) -> tuple[Item, ...]:
    return (*steps[:step], *steps[step + 1 :])
