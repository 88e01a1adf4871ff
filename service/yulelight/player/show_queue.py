"""The order in which songs play: what was, what plays, what comes. Pure: no song, clock or file is touched."""

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
    """A song in the queue. ``place`` sorts it into the order without shuffle; equal ones stay as they are."""

    item: T
    place: int


@dataclass(frozen=True, slots=True)
class ShowQueue(Generic[T]):
    """A list of songs on its way. Every change makes a new one.

    A round is over when every song was played. Shuffled, the order of what is still to come in this round changes, so
    no song comes twice in it and none is left out. ``seed`` makes the next shuffle: a queue always goes on alike.
    """

    past: tuple[Entry[T], ...] = ()
    """This round's songs so far, oldest first."""
    now: Entry[T] | None = None
    coming: tuple[Entry[T], ...] = ()
    shuffled: bool = False
    repeat: Repeat = Repeat.OFF
    seed: int = 0

    @classmethod
    def of(
        cls, items: Iterable[T], *, shuffled: bool = False, repeat: Repeat = Repeat.OFF, seed: int = 0
    ) -> Self:
        """A list of which nothing was played yet. Raises CommandError when it is too long."""
        queue = cls(repeat=repeat, seed=seed).with_last(items)
        return queue.shuffle(True) if shuffled else queue

    def __len__(self) -> int:
        return len(self.past) + (self.now is not None) + len(self.coming)

    def following(self, *, by_hand: bool = False) -> Self | None:
        """The queue with the next song; None when the list is over.

        ``by_hand``: somebody wants another song, also while one is being repeated.
        """
        if self.repeat is Repeat.ONE and self.now is not None and not by_hand:
            return self
        if self.coming:
            return replace(self, past=self._played(), now=self.coming[0], coming=self.coming[1:])
        if self.repeat is Repeat.OFF or not len(self):
            return None
        return self._next_round()

    def previous(self) -> Self:
        """Back to the song before; the same queue at the first one."""
        if not self.past:
            return self
        coming = (*(() if self.now is None else (self.now,)), *self.coming)
        return replace(self, past=self.past[:-1], now=self.past[-1], coming=coming)

    def shuffle(self, on: bool) -> Self:
        """Mixes what is to come, or sorts it again."""
        coming = sorted(self.coming, key=_place)
        if on:
            Random(self.seed).shuffle(coming)
        return replace(self, shuffled=on, coming=tuple(coming), seed=self.seed + on)

    def with_next(self, items: Iterable[T]) -> Self:
        """``items`` come next, in their order. Raises CommandError when the queue is full."""
        neighbour = self.now or next(iter(self.coming), None)
        place = neighbour.place if neighbour else 0
        return self._with([*(Entry(item, place) for item in items), *self.coming])

    def with_last(self, items: Iterable[T]) -> Self:
        """``items`` come last, also of the order without shuffle. Raises CommandError when the queue is full."""
        first = max((entry.place for entry in self._all()), default=-1) + 1
        return self._with([*self.coming, *(Entry(item, place) for place, item in enumerate(items, first))])

    def removed(self, index: int) -> Self:
        """Without the song at ``index`` of what is to come. Raises CommandError when there is none."""
        self._check(index)
        return replace(self, coming=(*self.coming[:index], *self.coming[index + 1 :]))

    def moved(self, index: int, to: int) -> Self:
        """The song at ``index`` of what is to come is at ``to`` afterwards. Raises CommandError when it cannot be."""
        self._check(index)
        self._check(to)
        coming = list(self.coming)
        entry = coming.pop(index)
        neighbour = coming[to - 1] if to else self.now or next(iter(coming), None)
        place = neighbour.place if neighbour else entry.place
        coming.insert(to, entry if self.shuffled else Entry(entry.item, place))
        return replace(self, coming=tuple(coming))

    def cleared(self) -> Self:
        """Nothing but the song that plays."""
        return replace(self, past=(), coming=())

    def _next_round(self) -> Self:
        order = sorted(self._all(), key=_place)
        seed = self.seed
        if self.shuffled:
            Random(seed).shuffle(order)
            seed += 1
            if len(order) > 1 and order[0] is self.now:  # the last of a round is not the first of the next
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
            raise CommandError(f"the queue has {len(self.coming)} songs; there is no place {index} in it")


def _place(entry: Entry[T]) -> int:
    return entry.place
