"""A whole season by a simulated clock, and clocks that jump."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schedule.seasons import DAY, FIRST, LAST, ZONES, days, house_time, nightly, once, utc_of
from yulelight.schedule.clocks import ClockWatch
from yulelight.schedule.decide import (
    Begin,
    End,
    Key,
    Memory,
    decide,
    hand_stopped,
    lost,
    ran_out,
    stepped,
)
from yulelight.schedule.occurrences import Occurrence, expand
from yulelight.schedule.overlap import due

MINUTE = timedelta(minutes=1)


class Stage:
    """What would be heard: obeys the actions, and counts."""

    def __init__(self, shows: list[Occurrence]) -> None:
        self.shows = shows
        self.memory = Memory()
        self.playing: Key | None = None
        self.begun: Counter[Key] = Counter()
        self.resumed: Counter[Key] = Counter()
        self.ends: list[End] = []

    def at(self, now: datetime, armed: bool = True) -> Key | None:
        self.memory, action = decide(self.memory, self.shows, now, armed)
        match action:
            case Begin(occurrence, resume):
                assert occurrence.key != self.playing, "what plays must not be started again"
                self.playing = occurrence.key
                (self.resumed if resume else self.begun)[occurrence.key] += 1
            case End():
                assert self.playing is not None
                self.playing = None
                self.ends.append(action)
        assert self.memory.playing == self.playing
        assert decide(self.memory, self.shows, now, armed) == (self.memory, None), (
            "asked again, it does nothing"
        )
        return self.playing


def around(*entries: object, zone: str = "UTC") -> list[Occurrence]:
    after, before = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    return expand(entries, house_time(zone), after, before)  # type: ignore[arg-type]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (time(17, 30), time(22), FIRST, LAST),
        (time(22), time(3, 30), FIRST, LAST),
        (time(22), time(3, 30), date(2026, 3, 1), date(2026, 4, 12)),
        (time(22), time(3, 30), date(2026, 9, 28), date(2026, 11, 8)),
        (time(1, 45), time(2, 45), date(2026, 3, 1), date(2026, 4, 12)),
        (time(1, 45), time(2, 45), date(2026, 9, 28), date(2026, 11, 8)),
    ],
)
def test_a_season_by_the_minute(zone: str, start: time, end: time, first: date, last: date) -> None:
    """Every show begins once, in its minute, and ends in its minute, as worked out by hand for every night."""
    here = ZoneInfo(zone)
    edges: dict[datetime, int] = {}
    for day in days(first, last):
        begins = utc_of(datetime.combine(day, start), here)
        ends = utc_of(datetime.combine(day if end > start else day + DAY, end), here)
        edges[begins], edges[max(ends, begins + MINUTE)] = 1, 0
    stage = Stage(around(nightly(start, end, first, last), zone=zone))
    now, until = min(edges) - DAY, max(edges) + DAY
    expected, steps = 0, 0
    while now < until:
        expected = edges.get(now, expected)
        # Only minutes at which something may happen, and some between.
        if now in edges or steps % 97 == 0:
            assert (stage.at(now) is not None) == bool(expected), now.astimezone(here)
        now, steps = now + MINUTE, steps + 1
    nights = (last - first).days + 1
    assert sum(stage.begun.values()) == len(stage.begun) == nights
    assert not stage.resumed
    assert len(stage.ends) == nights


def test_a_reboot_in_the_middle_goes_on() -> None:
    stage = Stage(around(nightly()))
    stage.at(datetime(2026, 12, 6, 17, 30, tzinfo=UTC))
    stage.memory, stage.playing = lost(stage.memory), None
    assert stage.at(datetime(2026, 12, 6, 19, tzinfo=UTC)) == ("nightly", date(2026, 12, 6))
    assert sum(stage.resumed.values()) == 1


def test_a_start_that_was_slept_through_is_made_up_for() -> None:
    stage = Stage(around(nightly()))
    stage.at(datetime(2026, 12, 6, 12, tzinfo=UTC))
    assert stage.at(datetime(2026, 12, 6, 21, 59, tzinfo=UTC)) is not None
    assert stage.at(datetime(2026, 12, 8, 3, tzinfo=UTC)) is None


def test_a_show_within_another_gives_it_back_where_it_was() -> None:
    santa = once(datetime(2026, 12, 6, 19), timedelta(minutes=15), "santa")
    stage = Stage(around(nightly(), santa))
    played = [stage.at(datetime(2026, 12, 6, 18, 50, tzinfo=UTC) + k * 10 * MINUTE) for k in range(4)]
    assert [key and key[0] for key in played] == ["nightly", "santa", "santa", "nightly"]
    assert dict(stage.resumed) == {("nightly", date(2026, 12, 6)): 1}
    assert stage.ends == []


def test_stopped_by_hand_it_stays_so_until_the_next() -> None:
    santa = once(datetime(2026, 12, 6, 19), timedelta(minutes=15), "santa")
    stage = Stage(around(nightly(), santa))
    now = datetime(2026, 12, 6, 18, tzinfo=UTC)
    stage.at(now)
    stage.memory, stage.playing = hand_stopped(stage.memory, stage.shows, now), None
    assert stage.at(now + 30 * MINUTE) is None
    assert stage.at(now + 60 * MINUTE) == ("santa", date(2026, 12, 6)), "the next one begins"
    assert stage.at(now + 80 * MINUTE) is None, "and the one stopped does not come back after it"
    assert stage.at(now + DAY) == ("nightly", date(2026, 12, 7))


def test_disarmed_nothing_starts_but_what_plays_ends_in_time() -> None:
    stage = Stage(around(nightly()))
    now = datetime(2026, 12, 6, 17, 30, tzinfo=UTC)
    assert stage.at(now, armed=False) is None
    assert stage.at(now + 10 * MINUTE) is not None
    assert stage.at(now + 20 * MINUTE, armed=False) is not None
    assert stage.at(now + 280 * MINUTE, armed=False) is None


def test_a_list_that_ran_out_begins_anew_or_is_over() -> None:
    now = datetime(2026, 12, 6, 18, tzinfo=UTC)
    for repeats, expected in ((True, True), (False, False)):
        stage = Stage(around(nightly()))
        stage.at(now)
        stage.memory, stage.playing = ran_out(stage.memory, repeats), None
        assert (stage.at(now + MINUTE) is not None) is expected


def test_a_show_taken_out_of_the_calendar_ends_at_once() -> None:
    stage = Stage(around(nightly()))
    now = datetime(2026, 12, 6, 18, tzinfo=UTC)
    stage.at(now)
    stage.shows = around(nightly(exdates=frozenset({now.date()})))
    assert stage.at(now + MINUTE) is None
    assert stage.ends == [End(after_song=False)]


def test_how_it_ends_is_as_the_show_says() -> None:
    wanted: tuple[tuple[Literal["cut", "song"], bool], ...] = (("song", True), ("cut", False))
    for finish, after_song in wanted:
        stage = Stage(around(replace(nightly(), finish=finish)))
        stage.at(datetime(2026, 12, 6, 18, tzinfo=UTC))
        stage.at(datetime(2026, 12, 6, 22, tzinfo=UTC))
        assert stage.ends == [End(after_song)]


@pytest.mark.parametrize("back", [timedelta(seconds=2), timedelta(minutes=10)])
def test_a_clock_set_back_a_little_undoes_nothing(back: timedelta) -> None:
    stage = Stage(around(nightly()))
    for moment in (datetime(2026, 12, 6, 17, 30, tzinfo=UTC), datetime(2026, 12, 6, 22, tzinfo=UTC)):
        plays = stage.at(moment)
        stage.memory = stepped(stage.memory, -back)
        assert stage.at(moment - back) == plays
    assert sum(stage.begun.values()) == 1


def test_a_clock_set_back_by_hours_shows_what_is_due_by_it() -> None:
    stage = Stage(around(nightly()))
    stage.at(datetime(2026, 12, 6, 17, 30, tzinfo=UTC))
    stage.memory = stepped(stage.memory, timedelta(hours=-3))
    assert stage.at(datetime(2026, 12, 6, 14, 30, tzinfo=UTC)) is None, "it was not time yet"
    assert stage.at(datetime(2026, 12, 6, 17, 30, tzinfo=UTC)) is not None
    stage.at(datetime(2026, 12, 6, 22, tzinfo=UTC))
    stage.memory = stepped(stage.memory, timedelta(hours=-3))
    assert stage.at(datetime(2026, 12, 6, 19, tzinfo=UTC)) is not None, "people are waiting"


STEPS = st.lists(
    st.tuples(st.integers(0, 400), st.one_of(st.just(0), st.integers(-300, 300)), st.booleans()), max_size=40
)


@given(STEPS)
def test_whatever_the_clock_does_the_show_that_is_due_plays(steps: list[tuple[int, int, bool]]) -> None:
    """Minutes that pass, minutes by which the clock is then set, and whether someone presses stop."""
    shows = around(nightly(), once(datetime(2026, 12, 6, 19), timedelta(minutes=15), "santa"))
    stage = Stage(shows)
    watch, now, clock = ClockWatch(0, 0), datetime(2026, 12, 5, 12, tzinfo=UTC), 0.0
    stopped: set[Key] = set()
    for passed, set_by, stop in steps:
        now, clock = now + passed * MINUTE + set_by * MINUTE, clock + passed * 60
        step = watch.step((now - datetime(2026, 12, 5, 12, tzinfo=UTC)).total_seconds(), clock)
        assert step == set_by * MINUTE
        stage.memory = stepped(stage.memory, step)
        plays = stage.at(now)
        wanted = due([o for o in shows if o.key not in stopped], now)
        if wanted is not None and wanted.key not in stage.memory.over:
            assert plays == wanted.key
        elif plays is not None:
            assert any(o.key == plays and timedelta() < o.start - now <= 15 * MINUTE for o in shows)
        if stop and plays is not None:
            stage.memory, stage.playing = hand_stopped(stage.memory, shows, now), None
            stopped |= {plays} | {o.key for o in shows if o.start <= now < o.end}


def test_a_clock_that_merely_goes_is_not_set() -> None:
    watch = ClockWatch(1e9, 50.0)
    assert watch.step(1e9 + 3600.2, 3650.0) == timedelta()
    assert watch.step(1e9 + 3600.2 - 7200, 3650.0) == timedelta(hours=-2)
    assert watch.step(1e9 + 3600.2 - 7200, 3650.0) == timedelta()


@pytest.mark.parametrize(("before", "stays"), [(0, True), (15, True), (15.001, False), (16, False)])
def test_a_clock_set_back_by_up_to_fifteen_minutes_undoes_no_start(before: float, stays: bool) -> None:
    start = datetime(2026, 12, 5, 17, 30, tzinfo=UTC)
    shows = expand([once(start, start + timedelta(hours=2))], house_time("UTC"), start - DAY, start + DAY)
    stage = Stage(shows)
    assert stage.at(start) is not None
    assert (stage.at(start - before * MINUTE) is not None) == stays
