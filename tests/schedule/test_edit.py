from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.schedule.seasons import FIRST, LAST, days, house_time, nightly, once
from yulelight.core.errors import UsageError
from yulelight.schedule.edit import NoSuchEventError, Scope, add, find, remove, update
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.occurrences import Occurrence, expand
from yulelight.schedule.rule import parse_rule

NIGHTS = st.sampled_from(list(days(FIRST, LAST)))


def shown(schedule: Schedule) -> dict[date, Occurrence]:
    """By the date on which they begin; what is written and read again is shown, not what is in memory."""
    text = write(schedule, datetime(2026, 1, 1, tzinfo=UTC))
    entries = read(text, UTC).entries
    window = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    return {o.start.date(): o for o in expand(entries, house_time("UTC"), *window)}


def season(**more: object) -> Schedule:
    return add(Schedule(), nightly(**more))  # type: ignore[arg-type]


@given(
    st.lists(
        st.tuples(NIGHTS, st.sampled_from(["remove", "update"]), st.sampled_from(["this", "future"])),
        max_size=6,
    )
)
def test_edits_do_to_each_night_what_they_say(edits: list[tuple[date, str, Scope]]) -> None:
    """Against a plain table of nights."""
    schedule = season()
    expected = dict.fromkeys(days(FIRST, LAST), "Carols")
    for number, (night, what, scope) in enumerate(edits):
        if night not in expected:
            continue
        uid = shown(schedule)[night].entry.uid
        hit = [
            d
            for d in expected
            if d == night or (scope == "future" and d > night and shown(schedule)[d].entry.uid == uid)
        ]
        if what == "remove":
            schedule = remove(schedule, uid, night, scope)
            for day in hit:
                del expected[day]
        else:
            last = max(find(schedule, uid).rule.until or LAST, night) if find(schedule, uid).rule else LAST  # type: ignore[union-attr]
            new = replace(nightly(first=night, last=last), playlist=f"List {number}")
            schedule = update(schedule, uid, new, night, scope, fresh=f"fresh{number}")
            for day in hit:
                expected[day] = f"List {number}"
    assert {day: o.entry.playlist for day, o in shown(schedule).items()} == expected


def test_all_moves_the_whole_series_and_keeps_what_is_left_out() -> None:
    schedule = remove(season(), "nightly", date(2026, 12, 24), "this")
    old = find(schedule, "nightly")
    later = replace(nightly(time(18), time(21)), exdates=old.exdates)
    found = shown(update(schedule, "nightly", later, None, "all", fresh="x"))
    assert len(found) == 40
    assert date(2026, 12, 24) not in found
    assert {o.start.time() for o in found.values()} == {time(18)}


def test_a_count_is_shared_between_before_and_after() -> None:
    start = datetime(2026, 12, 1, 18)
    rule = parse_rule("FREQ=DAILY;COUNT=10", start, None)
    schedule = add(Schedule(), Entry("u", "", "Carols", start, timedelta(hours=1), rule=rule))
    new = Entry("u", "", "Other", start + timedelta(days=4), timedelta(hours=1), rule=rule)
    found = shown(update(schedule, "u", new, date(2026, 12, 5), "future", fresh="v"))
    assert [o.entry.playlist for o in found.values()] == ["Carols"] * 4 + ["Other"] * 6


def test_the_first_and_all_that_follow_are_the_series() -> None:
    schedule = update(season(), "nightly", nightly(time(20), time(21)), FIRST, "future", fresh="x")
    assert [e.uid for e in schedule.entries] == ["nightly"]
    assert remove(season(), "nightly", FIRST, "future").entries == ()


@pytest.mark.parametrize("night", [date(2026, 11, 26), date(2027, 1, 7), date(2026, 12, 24), None])
@pytest.mark.parametrize("scope", ["this", "future"])
def test_a_night_that_is_not_there(night: date | None, scope: Scope) -> None:
    schedule = season(exdates=frozenset({date(2026, 12, 24)}))
    with pytest.raises(UsageError):
        remove(schedule, "nightly", night, scope)
    with pytest.raises(UsageError):
        update(schedule, "nightly", nightly(), night, scope, fresh="x")


def test_an_event_that_is_not_there() -> None:
    with pytest.raises(NoSuchEventError):
        remove(season(), "other", None, "all")


@pytest.mark.parametrize(
    "wrong",
    [
        {"playlist": "../etc"},
        {"playlist": ""},
        {"end": datetime(2026, 12, 6, 18)},
        {"end": timedelta(days=8)},
        {"start": datetime(1066, 10, 14)},
        {"priority": 10},
    ],
)
def test_what_can_be_no_show_is_refused(wrong: dict[str, object]) -> None:
    show = once(datetime(2026, 12, 6, 19), timedelta(minutes=15))
    with pytest.raises(UsageError):
        add(Schedule(), replace(show, **wrong))  # type: ignore[arg-type]
    assert add(Schedule(), show).entries == (show,)
