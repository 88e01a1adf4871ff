"""The queue: songs played, the current song, songs to come, and wishes that come before them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from random import Random
from typing import Generic, Self, TypeVar

from yulelight.core.errors import CommandError
from yulelight.core.messages import Repeat

T = TypeVar("T")

MAX_QUEUE = 10_000
"""Songs of a queue."""
WISHED = -1
"""The place of a wish: it is heard once, and belongs to no order and no round."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A song in the queue. ``place`` is its position in the order without shuffle."""

    item: T
    place: int

    @property
    def wished(self) -> bool:
        """Whether it is a wish."""
        return self.place == WISHED


@dataclass(frozen=True, slots=True)
class ShowQueue(Generic[T]):
    """An immutable queue of songs; every change returns a new one.

    A round ends when every song has been played. Shuffling only reorders the rest of the round, so that each song is
    played once. ``seed`` determines the next shuffle, so that a queue is deterministic.
    """

    past: tuple[Entry[T], ...] = ()
    """Songs of this round so far, oldest first."""
    now: Entry[T] | None = None
    coming: tuple[Entry[T], ...] = ()
    shuffled: bool = False
    repeat: Repeat = Repeat.OFF
    seed: int = 0

    @classmethod
    def of(
        cls, items: Iterable[T], *, shuffled: bool = False, repeat: Repeat = Repeat.OFF, seed: int = 0
    ) -> Self:
        """A new queue. Raises CommandError if it is too long."""
        queue = cls(repeat=repeat, seed=seed).with_last(items)
        return queue.shuffle(True) if shuffled else queue

    def __len__(self) -> int:
        return len(self.past) + (self.now is not None) + len(self.coming)

    def following(self, *, by_hand: bool = False) -> Self | None:
        """The queue at the next song; None at the end.

        ``by_hand``: the user skips, even while a song is being repeated.
        """
        again = self.repeat is Repeat.ONE and self.now is not None and not by_hand
        if again and self.now is not None and not self.now.wished:
            if not self.wishes:
                return self
            # The song that is being repeated goes on after the wishes.
            waiting = (*self.wishes[1:], self.now, *self.coming[len(self.wishes) :])
            return replace(self, now=self.wishes[0], coming=waiting)
        if self.coming:
            coming, past = self.coming[1:], self._played()
            if self.coming[0].wished and (twin := _twin(self.coming[0], coming)) is not None:
                # It would soon be heard again: it counts as played in this round.
                coming = tuple(entry for entry in coming if entry is not twin)
                past = (*self.past, twin, *past[len(self.past) :])
            return replace(self, past=past, now=self.coming[0], coming=coming)
        return None if self.repeat is Repeat.OFF else self._next_round()

    def previous(self) -> Self:
        """The queue at the previous song; unchanged at the first one."""
        if not self.past:
            return self
        coming = (*(() if self.now is None else (self.now,)), *self.coming)
        return replace(self, past=self.past[:-1], now=self.past[-1], coming=coming)

    @property
    def wishes(self) -> tuple[Entry[T], ...]:
        """The wishes that come next, in order."""
        return tuple(takewhile(lambda entry: entry.wished, self.coming))

    def shuffle(self, on: bool) -> Self:
        """Shuffles the songs to come, or sorts them again. Wishes come first."""
        wishes = [entry for entry in self.coming if entry.wished]
        coming = sorted((entry for entry in self.coming if not entry.wished), key=_place)
        if on:
            Random(self.seed).shuffle(coming)
        return replace(self, shuffled=on, coming=(*wishes, *coming), seed=self.seed + on)

    def with_next(self, items: Iterable[T]) -> Self:
        """Inserts ``items`` next, in order. Raises CommandError if the queue is full."""
        place = _place_near((self.now, *self.coming), 0)
        return self._with([*(Entry(item, place) for item in items), *self.coming])

    def with_wish(self, item: T) -> Self:
        """Inserts ``item`` after the wishes that come next. Raises CommandError if the queue is full."""
        wishes = self.wishes
        return self._with([*wishes, Entry(item, WISHED), *self.coming[len(wishes) :]])

    def with_last(self, items: Iterable[T]) -> Self:
        """Appends ``items``, also in the order without shuffle. Raises CommandError if the queue is full."""
        first = max((entry.place for entry in self._all()), default=-1) + 1
        return self._with([*self.coming, *(Entry(item, place) for place, item in enumerate(items, first))])

    def removed(self, index: int) -> Self:
        """Removes the song at ``index`` of the songs to come. Raises CommandError if there is none."""
        self._check(index)
        return replace(self, coming=(*self.coming[:index], *self.coming[index + 1 :]))

    def moved(self, index: int, to: int) -> Self:
        """Moves the song at ``index`` of the songs to come to ``to``. Raises CommandError for invalid positions."""
        self._check(index)
        self._check(to)
        coming = list(self.coming)
        entry = coming.pop(index)
        nearby = (*reversed(coming[:to]), self.now, *coming[to:])
        moved = (
            entry if self.shuffled or entry.wished else Entry(entry.item, _place_near(nearby, entry.place))
        )
        coming.insert(to, moved)
        return replace(self, coming=tuple(coming))

    def cleared(self) -> Self:
        """Removes all songs except the current one."""
        return replace(self, past=(), coming=())

    def _next_round(self) -> Self | None:
        order = sorted((entry for entry in self._all() if not entry.wished), key=_place)
        if not order:
            return None
        seed = self.seed
        if self.shuffled:
            Random(seed).shuffle(order)
            seed += 1
            if (
                len(order) > 1 and order[0] is self.now
            ):  # the last song of a round must not be the first of the next
                order[0], order[-1] = order[-1], order[0]
        return replace(self, past=(), now=order[0], coming=tuple(order[1:]), seed=seed)

    def _with(self, coming: Sequence[Entry[T]]) -> Self:
        if len(self.past) + (self.now is not None) + len(coming) > MAX_QUEUE:
            raise CommandError(f"the queue is full: it holds at most {MAX_QUEUE} songs")
        return replace(self, coming=tuple(coming))

    def _all(self) -> tuple[Entry[T], ...]:
        return (*self._played(), *self.coming)

    def _played(self) -> tuple[Entry[T], ...]:
        return self.past if self.now is None else (*self.past, self.now)

    def _check(self, index: int) -> None:
        if not 0 <= index < len(self.coming):
            raise CommandError(f"the queue has {len(self.coming)} songs; there is no position {index} in it")


def _place(entry: Entry[T]) -> int:
    return entry.place


def _twin(wish: Entry[T], coming: Iterable[Entry[T]]) -> Entry[T] | None:
    """The entry of the same song in the order, if there is one."""
    return next((entry for entry in coming if not entry.wished and entry.item == wish.item), None)


def _place_near(entries: Iterable[Entry[T] | None], otherwise: int) -> int:
    """The place of the first of ``entries`` that has one."""
    return next((entry.place for entry in entries if entry is not None and not entry.wished), otherwise)
