"""A show as a sequence: the steps before it, its songs, the steps after it. Pure."""

from dataclasses import dataclass, field, replace
from hashlib import blake2s
from typing import Self

from yulelight.core.messages import Song, State
from yulelight.inputs.clicks import CLICKS
from yulelight.library.steps import Scene
from yulelight.player.show_queue import ShowQueue


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to play: a song of the library, what lies at ``url``, a scene, or the clicks to calibrate by."""

    song: Song | None = None
    """None for a scene; its id is empty unless it is in the library."""
    url: str = ""
    scene: Scene | None = None
    clicks: bool = False

    @property
    def sound(self) -> str:
        """Names what sounds, for players elsewhere: a song's id, or one for as long as it plays; empty for silence."""
        if self.clicks:
            return CLICKS
        if self.url:
            return f"web-{blake2s(self.url.encode(), digest_size=8).hexdigest()}"
        return self.song.id if self.song else ""


@dataclass(frozen=True, slots=True)
class Program:
    """Where a show is. ``phase`` is IDLE before its begin, then PRE_SHOW, PLAYING, POST_SHOW."""

    queue: ShowQueue[Item] = field(default_factory=ShowQueue)
    pre: tuple[Item, ...] = ()
    post: tuple[Item, ...] = ()
    phase: State = State.IDLE
    step: int = 0
    """Of ``pre`` or ``post``."""
    playlist: str = ""
    look: str | None = None
    model: str | None = None
    """What the show asks for; None leaves it to the house."""
    channels: frozenset[int] = frozenset()
    """Those that take part; empty: all."""
    ending: bool = False
    """No other song follows the one that plays."""

    @property
    def item(self) -> Item | None:
        """What plays in this phase; None while idle."""
        match self.phase:
            case State.PRE_SHOW:
                return self.pre[self.step]
            case State.PLAYING:
                return self.queue.now.item if self.queue.now else None
            case State.POST_SHOW:
                return self.post[self.step]
        return None

    def following(self, *, by_hand: bool = False) -> Self | None:
        """The program when what plays is over; None at its end. See ShowQueue.following for ``by_hand``."""
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
        """This program without what ``failed``, a program that came of it, was to play: that cannot be played."""
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

    def previous(self) -> Self:
        """The program at the song before, or at the first song."""
        queue = self.queue.previous()
        return self if queue.now is None else replace(self, queue=queue, phase=State.PLAYING)


def _without(steps: tuple[Item, ...], step: int) -> tuple[Item, ...]:
    return (*steps[:step], *steps[step + 1 :])
