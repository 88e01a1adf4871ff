from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.schedule.seasons import house_time, nightly, once
from yulelight.schedule.occurrences import Occurrence, expand
from yulelight.schedule.overlap import due, segments

ZERO = datetime(2026, 12, 1, tzinfo=UTC)


def occurrence(number: int, start: int, length: int, priority: int) -> Occurrence:
    local = ZERO.replace(tzinfo=None) + timedelta(minutes=start)
    entry = once(local, timedelta(minutes=length), f"e{number}", priority=priority)
    return expand([entry], house_time("UTC"), ZERO, ZERO + timedelta(days=9))[0]


SHOWS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30), st.integers(0, 2)), max_size=8).map(
    lambda shows: [occurrence(k, *show) for k, show in enumerate(shows)]
)


@given(SHOWS)
def test_at_every_minute_the_rule_holds(shows: list[Occurrence]) -> None:
    found = segments(shows)
    for before, after in pairwise(found):
        assert before.end <= after.start
        assert before.end < after.start or before.occurrence != after.occurrence
    for minute in range(-1, 75):
        at = ZERO + timedelta(minutes=minute)
        running = [o for o in shows if o.start <= at < o.end]
        playing = [s.occurrence for s in found if s.start <= at < s.end]
        assert len(playing) == bool(running)
        for other in running:
            [plays] = playing
            assert plays.entry.priority >= other.entry.priority
            assert plays.entry.priority > other.entry.priority or plays.start >= other.start
        assert due(shows, at) == (playing[0] if playing else None)


def test_a_short_show_within_a_long_one_gives_it_back() -> None:
    santa = once(datetime(2026, 12, 6, 19), timedelta(minutes=15), "santa")
    found = expand(
        [nightly(), santa],
        house_time("UTC"),
        datetime(2026, 12, 6, 12, tzinfo=UTC),
        datetime(2026, 12, 7, tzinfo=UTC),
    )
    assert [(s.occurrence.entry.uid, s.start.hour, s.end.minute) for s in segments(found)] == [
        ("nightly", 17, 0),
        ("santa", 19, 15),
        ("nightly", 19, 0),
    ]
