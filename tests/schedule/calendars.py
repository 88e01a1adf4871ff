"""Calendars as programs and people write them, and when their shows play, worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from yulelight.schedule.ics import Schedule
from yulelight.schedule.occurrences import HouseTime, expand

BERLIN = ZoneInfo("Europe/Berlin")
HOUSE = ZoneInfo("America/New_York")
"""Far from the calendars' own zone, so that a zone that gets lost shows."""


def calendar(*events: str, head: str = "VERSION:2.0\nPRODID:-//Somebody//Else//EN") -> bytes:
    """A calendar of events that are given by the lines between BEGIN and END."""
    blocks = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\n{head}\n{blocks}END:VCALENDAR\n".replace("\n", "\r\n").encode()


CAROLS = """UID:carols@example.org
DTSTAMP:20261001T080000Z
SUMMARY:Carols
DTSTART;TZID=Europe/Berlin:20261207T173000
DTEND;TZID=Europe/Berlin:20261207T220000
RRULE:FREQ=DAILY;COUNT=5"""
"""17:30 to 22:00 from Monday, 7 to Friday, 11 December."""

WEEK = [7, 8, 9, 10, 11]


def playing(schedule: Schedule) -> list[tuple[int, str, str]]:
    """What plays in December 2026: the day, the hours in Berlin, and what."""
    first = datetime(2026, 12, 1, tzinfo=UTC)
    found = expand(schedule.entries, HouseTime(HOUSE, no_sun), first, first + timedelta(days=31))
    hours = [(o, o.start.astimezone(BERLIN), o.end.astimezone(BERLIN)) for o in found]
    return [(start.day, f"{start:%H:%M}-{end:%H:%M}", o.entry.playlist) for o, start, end in hours]


def days(schedule: Schedule) -> list[int]:
    """On which days of December 2026 something plays."""
    return [day for day, _, _ in playing(schedule)]


def no_sun(event: str, day: date) -> None:
    return None
