"""What plays tonight, and why something does not: scenes with the answer that a person would give."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from yulelight.schedule.entry import Entry
from yulelight.schedule.occurrences import HouseTime, expand
from yulelight.schedule.rule import parse_rule
from yulelight.schedule.tonight import night_of, tonight

BERLIN = ZoneInfo("Europe/Berlin")
HOUSE_TIME = HouseTime(BERLIN, lambda event, day: None)
NIGHT = date(2026, 12, 5)


def show(uid: str, start: str, end: str, *, daily: bool = False, **more: object) -> Entry:
    begins = datetime.fromisoformat(f"2026-12-05T{start}" if not daily else f"2026-12-01T{start}")
    ends = datetime.combine(begins.date(), datetime.fromisoformat(f"2026-12-05T{end}").time())
    ends = ends if ends > begins else ends + timedelta(days=1)
    rule = parse_rule("FREQ=DAILY", begins, BERLIN) if daily else None
    values: dict[str, object] = {"summary": uid, "playlist": uid, **more}
    return Entry(uid=uid, start=begins, end=ends, rule=rule, **values)  # type: ignore[arg-type]


def told(
    entries: list[Entry],
    at: str = "12:00",
    *,
    day: date = NIGHT,
    playing: str = "",
    stopped: str = "",
    armed: bool = True,
    playlists: list[str] | None = None,
) -> dict[str, tuple[str, str]]:
    now = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=BERLIN).astimezone(UTC)
    occurrences = expand(entries, HOUSE_TIME, now - timedelta(days=3), now + timedelta(days=3))
    found = tonight(
        entries,
        occurrences,
        now,
        BERLIN,
        playing=(playing, NIGHT) if playing else None,
        stopped={(stopped, NIGHT)} if stopped else set(),
        armed=armed,
        playlists=playlists,
    )
    return {one.entry.uid: (one.state, one.behind) for one in found}


def test_what_comes_plays_and_is_over() -> None:
    entries = [
        show("Early", "16:00", "17:00"),
        show("Main", "17:30", "22:00"),
        show("Late", "22:30", "23:00"),
    ]
    assert told(entries, "18:00", playing="Main") == {
        "Early": ("over", ""),
        "Main": ("playing", ""),
        "Late": ("coming", ""),
    }


def test_a_night_reaches_into_the_next_morning() -> None:
    entries = [show("Late", "23:00", "02:00", daily=True)]
    assert told(entries, "01:00", day=date(2026, 12, 6), playing="Late") == {"Late": ("playing", "")}
    assert night_of(datetime(2026, 12, 6, 4, 59, tzinfo=UTC), BERLIN) == NIGHT
    assert night_of(datetime(2026, 12, 6, 5, 0, tzinfo=UTC), BERLIN) == date(2026, 12, 6)


def test_a_show_behind_another_says_which() -> None:
    small = show("Small", "18:00", "19:00")
    assert told([small, show("Big", "17:00", "23:00", priority=5)])["Small"] == ("hidden", "Big")
    assert told([small, show("Big", "17:00", "23:00")])["Small"] == ("coming", ""), "what began last plays"


def test_why_it_does_not_start() -> None:
    entries = [show("Main", "17:30", "22:00")]
    assert told(entries, armed=False)["Main"][0] == "disarmed"
    assert told(entries, playlists=["Other"])["Main"][0] == "no_playlist"
    assert told(entries, playlists=["MAIN"])["Main"][0] == "coming", "as the scheduler reads names"
    assert told(entries, "18:00", stopped="Main")["Main"][0] == "stopped"


def test_a_night_that_is_left_out_is_told() -> None:
    nightly = show("Main", "17:30", "22:00", daily=True, exdates=frozenset({NIGHT}))
    assert told([nightly]) == {"Main": ("left_out", "")}
    assert told([show("Main", "17:30", "22:00", daily=True, exdates=frozenset({date(2026, 12, 9)}))]) == {
        "Main": ("coming", "")
    }
    assert told([]) == {}
