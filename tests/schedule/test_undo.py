"""Every change of a calendar can be taken back, and never at the cost of what others did since."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import CommandError
from yulelight.schedule import edit
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule
from yulelight.schedule.rule import parse_rule
from yulelight.schedule.undo import Changes, between, undone

FIRST = datetime(2026, 12, 1, 17, 30)


def nightly(uid: str, title: str = "Carols", *, daily: bool = True) -> Entry:
    rule = parse_rule("FREQ=DAILY;UNTIL=20261224", FIRST, UTC) if daily else None
    return Entry(uid, title, title, FIRST, FIRST + timedelta(hours=4), rule=rule)


def made(*entries: Entry) -> Schedule:
    schedule = Schedule()
    for entry in entries:
        schedule = edit.add(schedule, entry)
    return schedule


SCOPES = st.sampled_from(["this", "future", "all"])
OUT = date(2026, 12, 6)
NIGHTS = st.integers(1, 24).filter(lambda day: day != OUT.day).map(lambda day: date(2026, 12, day))


@given(SCOPES, NIGHTS, st.booleans())
def test_what_was_removed_or_changed_comes_back_whole(scope: edit.Scope, night: date, remove: bool) -> None:
    before = edit.remove(made(nightly("a"), nightly("b")), "a", OUT, "this")
    after = (
        edit.remove(before, "a", night, scope)
        if remove
        else edit.update(before, "a", nightly("a", "Rock"), night, scope, fresh="c")
    )
    assert after != before
    restored = undone(after, between(before, after))
    assert {entry.uid: entry for entry in restored.entries} == {entry.uid: entry for entry in before.entries}


@given(SCOPES, NIGHTS)
def test_an_undo_can_be_undone(scope: edit.Scope, night: date) -> None:
    before = made(nightly("a"))
    after = edit.remove(before, "a", night, scope)
    back = undone(after, between(before, after))
    again = undone(back, between(after, back))
    assert again.entries == after.entries


def test_what_others_added_meanwhile_stays() -> None:
    before = made(nightly("a"))
    after = edit.remove(before, "a", None, "all")
    later = edit.add(after, nightly("b", "Rock"))
    assert {entry.uid for entry in undone(later, between(before, after)).entries} == {"a", "b"}


def test_what_others_changed_meanwhile_is_not_lost() -> None:
    before = made(nightly("a"))
    after = edit.update(before, "a", nightly("a", "Rock"), None, "all", fresh="x")
    later = edit.remove(after, "a", date(2026, 12, 7), "this")
    with pytest.raises(CommandError, match="'Rock' was changed meanwhile"):
        undone(later, between(before, after))
    with pytest.raises(CommandError, match="changed meanwhile"):
        undone(edit.remove(after, "a", None, "all"), between(before, after))


def test_old_changes_are_forgotten() -> None:
    changes, change = Changes(kept=3), between(made(), made(nightly("a")))
    ids = [changes.keep(change) for _ in range(5)]
    assert len(set(ids)) == 5
    assert changes.find(ids[4]) is change
    for gone in (ids[0], ids[1], "999", ""):
        with pytest.raises(CommandError, match="no longer be undone"):
            changes.find(gone)
    changes.forget(ids[4])
    with pytest.raises(CommandError):
        changes.find(ids[4])
