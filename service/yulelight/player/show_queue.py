"""The queue: songs played, the current song, and songs to come. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Generic, Self, TypeVar

from yulelight.core.errors import CommandError
from yulelight.core.messages import Repeat

T = TypeVar("T")

MAX_QUEUE = 10_000
"""Songs of a queue."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A song in the queue. ``place`` is its position in the order without shuffle."""

    item: T
    place: int


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
        if self.repeat is Repeat.ONE and self.now is not None and not by_hand:
            return self
        if self.coming:
            return replace(self, past=self._played(), now=self.coming[0], coming=self.coming[1:])
        if self.repeat is Repeat.OFF or not len(self):
            return None
        return self._next_round()

    def previous(self) -> Self:
        """The queue at the previous song; unchanged at the first one."""
        if not self.past:
            return self
        coming = (*(() if self.now is None else (self.now,)), *self.coming)
        return replace(self, past=self.past[:-1], now=self.past[-1], coming=coming)

    def shuffle(self, on: bool) -> Self:
        """Shuffles the songs to come, or sorts them again."""
        coming = sorted(self.coming, key=_place)
        if on:
            Random(self.seed).shuffle(coming)
        return replace(self, shuffled=on, coming=tuple(coming), seed=self.seed + on)

    def with_next(self, items: Iterable[T]) -> Self:
        """Inserts ``items`` next, in order. Raises CommandError if the queue is full."""
        neighbour = self.now or next(iter(self.coming), None)
        place = neighbour.place if neighbour else 0
        return self._with([*(Entry(item, place) for item in items), *self.coming])

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
        neighbour = coming[to - 1] if to else self.now or next(iter(coming), None)
        place = neighbour.place if neighbour else entry.place
        coming.insert(to, entry if self.shuffled else Entry(entry.item, place))
        return replace(self, coming=tuple(coming))

    def cleared(self) -> Self:
        """Removes all songs except the current one."""
        return replace(self, past=(), coming=())

    def _next_round(self) -> Self:
        order = sorted(self._all(), key=_place)
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
