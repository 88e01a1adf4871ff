"""The queue against a plain list that keeps the same promises."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from yulelight.core.errors import CommandError
from yulelight.core.messages import Repeat
from yulelight.player.show_queue import MAX_QUEUE, ShowQueue

lists = st.lists(st.integers(), max_size=12)


def order(queue: ShowQueue[int]) -> list[int]:
    """What plays, until the list is over."""
    played = []
    following = queue.following()
    while following is not None and following.now is not None:
        played.append(following.now.item)
        following = following.following()
    return played


@given(lists)
def test_a_list_plays_in_order_and_ends(items: list[int]) -> None:
    assert order(ShowQueue.of(items)) == items


@given(lists, st.integers())
def test_shuffled_every_song_plays_once(items: list[int], seed: int) -> None:
    assert sorted(order(ShowQueue.of(items, shuffled=True, seed=seed))) == sorted(items)


@given(st.lists(st.integers(), min_size=1, max_size=8, unique=True), st.booleans(), st.integers())
def test_repeated_each_round_has_every_song_once(items: list[int], shuffled: bool, seed: int) -> None:
    queue = ShowQueue.of(items, shuffled=shuffled, repeat=Repeat.ALL, seed=seed)
    played = []
    for _ in range(3 * len(items)):
        following = queue.following()
        assert following is not None and following.now is not None
        queue = following
        played.append(following.now.item)
    rounds = [played[k : k + len(items)] for k in range(0, len(played), len(items))]
    for songs in rounds:
        assert sorted(songs) == sorted(items) and (shuffled or songs == items)
    if len(items) > 1:
        assert all(a[-1] != b[0] for a, b in pairwise(rounds))


@given(st.lists(st.integers(), min_size=2, max_size=8, unique=True), st.data())
def test_shuffle_on_and_off_in_mid_round_neither_repeats_nor_leaves_out(
    items: list[int], data: st.DataObject
) -> None:
    queue, played = ShowQueue.of(items, seed=3), []
    for _ in items:
        queue = queue.shuffle(data.draw(st.booleans()))
        following = queue.following()
        assert following is not None and following.now is not None
        queue = following
        played.append(following.now.item)
    assert sorted(played) == sorted(items) and queue.following() is None


@given(lists)
def test_sorted_again_the_rest_has_its_old_order(items: list[int]) -> None:
    queue = ShowQueue.of(items, seed=1).shuffle(True).shuffle(False)
    assert order(queue) == items


def test_repeat_one_stays_until_somebody_wants_another() -> None:
    queue = ShowQueue.of("ab", repeat=Repeat.ONE).following()
    assert queue is not None
    assert queue.following() == queue
    other = queue.following(by_hand=True)
    assert other is not None and other.now is not None and other.now.item == "b"


def test_wishes_come_next_in_their_order_and_once() -> None:
    queue = ShowQueue.of("abc", repeat=Repeat.ALL).following()
    assert queue is not None
    queue = queue.with_wish("X").with_wish("Y")
    heard = []
    for _ in range(10):
        assert queue is not None and queue.now is not None
        heard.append(queue.now.item)
        queue = queue.following()
    assert "".join(heard) == "aXYbcabcab"


def test_a_song_that_was_wished_for_is_not_heard_again_in_its_round() -> None:
    queue = ShowQueue.of("abcd", repeat=Repeat.ALL).following()
    assert queue is not None
    queue = queue.with_wish("c")
    heard = []
    for _ in range(9):
        assert queue is not None and queue.now is not None
        heard.append(queue.now.item)
        queue = queue.following()
    assert "".join(heard) == "acbdabcda"


def test_before_a_wish_came_what_was_heard_before_it() -> None:
    queue = ShowQueue.of("abcd").following()
    assert queue is not None
    queue = queue.with_wish("c").following()
    assert queue is not None
    before = queue.previous()
    assert before.now is not None and before.now.item == "a"


def test_a_song_that_is_repeated_goes_on_after_the_wishes() -> None:
    queue = ShowQueue.of("ab", repeat=Repeat.ONE).following()
    assert queue is not None
    queue = queue.following()
    assert queue is not None
    queue = queue.with_wish("X").with_wish("Y")
    heard = []
    for _ in range(6):
        assert queue is not None and queue.now is not None
        heard.append(queue.now.item)
        queue = queue.following()
    assert "".join(heard) == "aXYaaa"


@given(
    st.lists(st.integers(0, 99), min_size=1, max_size=6, unique=True),
    st.lists(st.integers(100, 199), max_size=4, unique=True),
    st.lists(st.sampled_from(["skip", "shuffle", "sort", "next", "move"]), max_size=12),
    st.integers(),
)
def test_whatever_else_is_done_no_wish_is_heard_twice(
    items: list[int], wishes: list[int], deeds: list[str], seed: int
) -> None:
    queue = ShowQueue.of(items, repeat=Repeat.ALL, seed=seed).following()
    assert queue is not None
    for wish in wishes:
        queue = queue.with_wish(wish)
    heard: list[int] = []
    for number, deed in enumerate([*deeds, *["skip"] * 30]):
        if deed == "skip":
            queue = queue.following(by_hand=True)
            assert queue is not None and queue.now is not None
            heard.append(queue.now.item)
        elif deed == "next":
            queue = queue.with_next([1000 + number])
        elif deed == "move" and len(queue.coming) > 1:
            queue = queue.moved(0, len(queue.coming) - 1)
        elif deed in ("shuffle", "sort"):
            queue = queue.shuffle(deed == "shuffle")
    assert [heard.count(wish) for wish in wishes] == [1] * len(wishes)
    assert all(
        heard.count(1000 + n) >= 2 for n, deed in enumerate(deeds) if deed == "next" and len(items) < 5
    )


def test_a_queue_of_wishes_alone_ends() -> None:
    queue = ShowQueue.of("", repeat=Repeat.ALL).with_wish("X").following()
    assert queue is not None and queue.following() is None


def test_a_queue_is_bounded() -> None:
    full = ShowQueue.of(range(MAX_QUEUE))
    with pytest.raises(CommandError, match="full"):
        full.with_next([1])
    with pytest.raises(CommandError, match="full"):
        full.with_last([1])


class QueueMachine(RuleBasedStateMachine):
    """Edits and moves without shuffle, against lists."""

    @initialize(items=st.lists(st.integers(0, 99), max_size=6), repeat=st.sampled_from(Repeat))
    def begin(self, items: list[int], repeat: Repeat) -> None:
        self.queue = ShowQueue.of(items, repeat=repeat)
        self.past: list[int] = []
        self.now: int | None = None
        self.coming = list(items)

    @rule(items=st.lists(st.integers(0, 99), max_size=3))
    def enqueue_next(self, items: list[int]) -> None:
        self.queue = self.queue.with_next(items)
        self.coming = items + self.coming

    @rule(items=st.lists(st.integers(0, 99), max_size=3))
    def enqueue_last(self, items: list[int]) -> None:
        self.queue = self.queue.with_last(items)
        self.coming += items

    @rule()
    def skip(self) -> None:
        following = self.queue.following(by_hand=True)
        played = self.past + ([] if self.now is None else [self.now])
        if self.coming:
            assert following is not None
            self.queue, self.past, self.now = following, played, self.coming.pop(0)
        elif self.queue.repeat is Repeat.OFF or not played:
            assert following is None
        else:
            assert following is not None
            self.queue, self.past, self.now, self.coming = following, [], played[0], played[1:]

    @rule()
    def back(self) -> None:
        self.queue = self.queue.previous()
        if self.past:
            self.coming = ([] if self.now is None else [self.now]) + self.coming
            self.now = self.past.pop()

    @precondition(lambda self: self.coming)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        places = st.integers(0, len(self.coming) - 1)
        index, to = data.draw(places), data.draw(places)
        self.queue = self.queue.moved(index, to)
        self.coming.insert(to, self.coming.pop(index))

    @rule(index=st.integers(-1, 12))
    def remove(self, index: int) -> None:
        if 0 <= index < len(self.coming):
            self.queue = self.queue.removed(index)
            del self.coming[index]
        else:
            with pytest.raises(CommandError, match="no position"):
                self.queue.removed(index)

    @rule()
    def clear(self) -> None:
        self.queue = self.queue.cleared()
        self.past, self.coming = [], []

    @invariant()
    def the_same(self) -> None:
        if not hasattr(self, "queue"):
            return
        assert [e.item for e in self.queue.past] == self.past
        assert (self.queue.now.item if self.queue.now else None) == self.now
        assert [e.item for e in self.queue.coming] == self.coming
        assert len(self.queue) == len(self.past) + (self.now is not None) + len(self.coming)


TestQueue = QueueMachine.TestCase
