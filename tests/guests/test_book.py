"""The rules for wishes, against a plain list of what happened."""

from dataclasses import dataclass, field
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import CommandError
from yulelight.core.messages import Song, State, Status
from yulelight.guests.book import GuestBook, Rules

ALLOWED = frozenset("abcdef")
ANY_TIME = Rules(600.0, 3, 1800.0, time(), time())
NOON = time(12)


def playing(song: str, *wished: str, wishable: bool = True) -> Status:
    return Status(State.PLAYING, Song(song, song.upper()), wished=wished, wishable=wishable)


def book(rules: Rules = ANY_TIME) -> GuestBook:
    made = GuestBook(rules)
    made.note(playing("x"), 0.0)
    return made


@dataclass
class Evening:
    """A player that hears each wish after the current song, and what was promised to guests."""

    waiting: list[str] = field(default_factory=list)
    now: str = "x"
    heard: dict[str, float] = field(default_factory=dict)
    wished: dict[str, float] = field(default_factory=dict)

    def permits(self, song: str, person: str, at: float) -> bool:
        return (
            song in ALLOWED
            and len(self.waiting) < 3
            and song not in self.waiting
            and song != self.now
            and not (song in self.heard and at - self.heard[song] < 1800)
            and not (person in self.wished and at - self.wished[person] < 600)
        )


STEPS = st.lists(
    st.tuples(
        st.integers(1, 900),
        st.one_of(st.none(), st.tuples(st.sampled_from("abcdefz"), st.sampled_from("pqr"))),
    ),
    max_size=60,
)


@given(STEPS)
def test_it_permits_what_was_promised_and_nothing_else(
    steps: list[tuple[int, tuple[str, str] | None]],
) -> None:
    evening, guests, at = Evening(), book(), 0.0
    evening.heard["x"] = 0.0
    for later, wish in steps:
        at += later
        if wish is None:
            # The next song begins: the first wish, or one that nobody wished for.
            evening.heard[evening.now] = at
            evening.now = evening.waiting.pop(0) if evening.waiting else "x"
            evening.heard[evening.now] = at
        else:
            song, person = wish
            expected = evening.permits(song, person, at)
            try:
                guests.check(song, ALLOWED, [person], local=NOON, now=at)
            except CommandError:
                assert not expected, (song, person)
            else:
                assert expected, (song, person)
                guests.count([person], at)
                evening.waiting.append(song)
                evening.wished[person] = at
        guests.note(playing(evening.now, *evening.waiting), at)
        assert list(guests.waiting) == evening.waiting


@pytest.mark.parametrize(
    ("start", "end", "at", "taken"),
    [
        ("17:00", "21:30", "16:59", False),
        ("17:00", "21:30", "17:00", True),
        ("17:00", "21:30", "21:30", False),
        ("22:00", "01:00", "23:59", True),
        ("22:00", "01:00", "00:30", True),
        ("22:00", "01:00", "12:00", False),
        ("00:00", "00:00", "04:00", True),
    ],
)
def test_hours(start: str, end: str, at: str, taken: bool) -> None:
    rules = Rules(0.0, 3, 0.0, time.fromisoformat(start), time.fromisoformat(end))
    assert (book(rules).closed(time.fromisoformat(at)) == "") == taken


def test_without_a_show_that_goes_on_nobody_wishes() -> None:
    guests = book()
    guests.note(playing("x", wishable=False), 1.0)
    with pytest.raises(CommandError, match="no show is playing"):
        guests.check("a", ALLOWED, ["p"], local=NOON, now=2.0)


def test_one_of_several_names_is_enough_to_be_known() -> None:
    guests = book()
    guests.count(["address 10.0.0.7", "cookie one"], 100.0)
    for names in (["address 10.0.0.7"], ["address 10.0.0.8", "cookie one"]):
        with pytest.raises(CommandError, match="again in 10 min"):
            guests.check("a", ALLOWED, names, local=NOON, now=101.0)
    guests.check("a", ALLOWED, ["address 10.0.0.8", "cookie two"], local=NOON, now=101.0)


def test_a_crowd_is_remembered_in_bounded_memory() -> None:
    guests = book()
    for n in range(20_000):
        guests.count([f"address {n}"], float(n))
        guests.note(playing(f"song {n}"), float(n))
    assert max(len(guests._heard), len(guests._wished)) <= 5000


def test_only_news_is_news() -> None:
    guests = book()
    assert not guests.note(playing("x"), 1.0)
    assert guests.note(playing("x", "a"), 2.0)
    assert guests.note(playing("y", "a"), 3.0)
    assert not guests.note(playing("y", "a"), 4.0)
    assert guests.note(playing("y", "a", wishable=False), 5.0)
