"""Calendars that are made to keep a reader busy: they are read soon, or refused by the process that tries."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.schedule.calendars import CAROLS, HOUSE, calendar, no_sun
from tests.schedule.test_zones import OWN
from yulelight.core.errors import UsageError
from yulelight.schedule import sandbox
from yulelight.schedule.ics import MAX_BYTES, read
from yulelight.schedule.occurrences import HouseTime, expand

OLD = CAROLS.replace(";COUNT=5", "").replace("20261207", "20000101")
SECONDLY = OWN.replace("FREQ=YEARLY", "FREQ=SECONDLY").strip()
BOMBS = {
    "a zone that changes every second": calendar(CAROLS.replace("Europe/Berlin", "Our House"), head=SECONDLY),
    "rules that never come true": calendar(
        *(CAROLS.replace("carols@", f"{n}@").replace("COUNT=5", "BYMONTH=2;BYMONTHDAY=30") for n in range(300))
    ),
    "shows without end since long ago": calendar(
        *(OLD.replace("carols@", f"{n}@") for n in range(300))
    ),
    "lines that go on and on": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nX:" + b"\na" * (MAX_BYTES // 2 - 50),
    "components in components": b"BEGIN:VCALENDAR\n" + b"BEGIN:A\n" * (MAX_BYTES // 8 - 3),
    "ends of nothing": b"BEGIN:VCALENDAR\nBEGIN:A\nBEGIN:B\n" + b"END:C\n" * (MAX_BYTES // 6 - 9),
    "parameters": b"BEGIN:VCALENDAR\nX" + b";A=B" * (MAX_BYTES // 4 - 9) + b":1\nEND:VCALENDAR",
    "quotes": b"BEGIN:VCALENDAR\nX;A=" + b'"' * (MAX_BYTES - 60) + b":1\nEND:VCALENDAR",
    "nights": calendar(CAROLS + "\nEXDATE:" + ",".join(["20261208T173000"] * 50_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_harmless(name: str) -> None:
    """Within the child's bounds of time and memory; read here, too, for what is reached."""
    sandbox.check_in_sandbox(BOMBS[name], str(HOUSE))


def test_a_reader_that_takes_too_long_is_ended() -> None:
    """Nine million nights are counted; a second is not enough for that."""
    many = CAROLS.replace("COUNT=5", "COUNT=10000").replace("20261207", "20000101")
    with pytest.raises(UsageError, match="too long or too much memory"):
        sandbox.check_in_sandbox(
            calendar(*(many.replace("carols@", f"{n}@") for n in range(900))), str(HOUSE), cpu_time=1
        )


def test_a_machine_that_is_too_busy_is_no_fault_of_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_TIMEOUT", 0.01)
    with pytest.raises(TimeoutError, match="too busy"):
        sandbox.check_in_sandbox(calendar(CAROLS), str(HOUSE))


def test_what_is_no_calendar_is_left_to_who_reads_it() -> None:
    sandbox.check_in_sandbox(b"nonsense", "Nowhere/At all")


def test_a_year_of_never_ending_shows_is_what_it_should_be() -> None:
    found = read(BOMBS["shows without end since long ago"], HOUSE)
    first = datetime(2026, 12, 1, tzinfo=UTC)
    assert len(expand(found.entries, HouseTime(HOUSE, no_sun), first, first + timedelta(days=7))) == 300 * 7
