"""Converts shows of the calendar between JSON and entries. Pure functions, strict like parse.py."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, get_args

from yulelight.api.fields import Json
from yulelight.core.errors import UsageError
from yulelight.schedule.entry import Entry, Finish, SunEvent, SunTime, check
from yulelight.schedule.messages import ScheduleView
from yulelight.schedule.occurrences import HouseTime, Occurrence, instant
from yulelight.schedule.place import zone_named
from yulelight.schedule.reading import MAX_NOTE_LENGTH
from yulelight.schedule.rule import parse_rule

_FIELDS = {
    *("uid", "summary", "playlist", "look", "start", "end", "timezone", "rrule", "exdates"),
    *("finish", "shuffle", "repeat", "priority", "overrides", "description", "location"),
}
_MAX_TEXT = 500
_MAX_NIGHTS = 1000
_WHERE = (
    " without the place of the house: say it with `yulelight place CITY` or `yulelight place LATITUDE LONGITUDE` "
    "(or with latitude and longitude under [place] in yulelight.toml); with Home Assistant it is Home Assistant's"
)


# --- in ------------------------------------------------------------------------------------------------------


def entry(body: Json, uid: str, house_time: HouseTime, old: Entry | None = None) -> Entry:
    """Parses a show.

    Raises UsageError. ``old`` is the show that it replaces: exceptions that are not given are kept. Read-only fields
    are accepted and ignored.
    """
    for key in body:
        if key not in _FIELDS:
            raise UsageError(f"unknown field {key[:40]!r}; known here: {', '.join(sorted(_FIELDS))}")
    zone = _zone(body.get("timezone"), old)
    start, start_sun = _start(body.get("start"), house_time, zone)
    end, end_sun = _end(body.get("end"), start, house_time, zone)
    summary, rrule = _text(body, "summary"), _text(body, "rrule")
    kept = old.exdates if old else frozenset()
    return check(
        Entry(
            uid=uid,
            summary=summary,
            playlist=_text(body, "playlist") or summary,
            start=start,
            end=end,
            look=_text(body, "look") or None,
            zone=zone,
            start_sun=start_sun,
            end_sun=end_sun,
            rule=parse_rule(rrule, start, zone or house_time.zone) if rrule else None,
            exdates=_nights(body["exdates"]) if body.get("exdates") is not None else kept,
            finish=_choice(body, "finish", get_args(Finish), "song"),
            shuffle=_switch(body, "shuffle", False),
            repeat=_switch(body, "repeat", True),
            priority=_whole(body.get("priority", 0), "priority", 0, 9),
            description=_note(body) if "description" in body or old is None else old.description,
            location=_text(body, "location") if "location" in body or old is None else old.location,
        )
    )


def night(text: str) -> date:
    """Parses a date, also from the beginning of a time or of an iCalendar RECURRENCE-ID. Raises UsageError."""
    head = text[:10] if text[4:5] == "-" else text[:8]
    try:
        return date.fromisoformat(head)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a date; write it as 2026-12-24") from None


def moment(text: str, zone: tzinfo) -> datetime:
    """Parses an ISO time, or a date as midnight, in ``zone`` unless it has an offset. Returns UTC. Raises
    UsageError.
    """
    try:
        found = datetime.fromisoformat(text[:40])
        return found.astimezone(UTC) if found.tzinfo else instant(found, zone)
    except (ValueError, OverflowError):
        raise UsageError(f"{text[:40]!r} is not a time; write it as 2026-12-24T17:30:00") from None


def nominal_start(value: object, house_time: HouseTime) -> datetime:
    """The local time of ``"start"`` on the first night. Raises UsageError."""
    return _start(value, house_time, None)[0]


def _start(value: object, house_time: HouseTime, zone: tzinfo | None) -> tuple[datetime, SunTime | None]:
    if isinstance(value, str):
        return _local(value, "start", zone or house_time.zone), None
    if (
        isinstance(value, dict)
        and set(value) <= {"sun", "offset", "date"}
        and isinstance(value.get("date"), str)
    ):
        sun, day = _sun(value), night(value["date"])
        return _nominal(sun, day, house_time, zone), sun
    raise UsageError(
        '"start" must be a local time such as "2026-11-27T17:30:00", or {"sun": "sunset", "offset": -15, "date": …}'
    )


def _end(
    value: object, start: datetime, house_time: HouseTime, zone: tzinfo | None
) -> tuple[datetime | timedelta, SunTime | None]:
    if isinstance(value, str):
        return _local(value, "end", zone or house_time.zone), None
    if isinstance(value, dict) and set(value) == {"duration"}:
        return timedelta(minutes=_whole(value["duration"], "duration", 1, 10080)), None
    if isinstance(value, dict) and set(value) <= {"sun", "offset", "date"} and "sun" in value:
        sun = _sun(value)
        end = _nominal(sun, start.date(), house_time, zone)
        return (
            end if end > start else _nominal(sun, start.date() + timedelta(days=1), house_time, zone)
        ), sun
    raise UsageError('"end" must be a local time, {"duration": minutes} or {"sun": "sunrise", "offset": 30}')


def _sun(value: Json) -> SunTime:
    event = _choice(value, "sun", get_args(SunEvent), "")
    return SunTime(event, _whole(value.get("offset", 0), "offset", -720, 720))


def _nominal(sun: SunTime, day: date, house_time: HouseTime, zone: tzinfo | None) -> datetime:
    """The time on the first day, shown in calendars and used if sun times are unknown."""
    found = house_time.sun(sun.event, day)
    if found is None:
        raise UsageError(f"the time of {sun.event} on {day} is not known{_WHERE}; or say a time of day")
    local = (found + timedelta(minutes=sun.offset)).astimezone(zone or house_time.zone)
    # A large offset may cross midnight, but the day must not change.
    return datetime.combine(day, local.time().replace(second=0))


def _local(text: str, name: str, zone: tzinfo) -> datetime:
    try:
        found = datetime.fromisoformat(text[:40])
        if "T" not in text.upper() and " " not in text:
            raise ValueError
        found = found.astimezone(zone).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        raise UsageError(f'"{name}" must be a local time such as "2026-11-27T17:30:00"') from None
    return found.replace(microsecond=0)


def _zone(value: object, old: Entry | None) -> tzinfo | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UsageError('"timezone" must be a name such as Europe/Berlin, or null for the house\'s')
    if old is not None and old.zone is not None and str(old.zone) == value:
        return old.zone
    return UTC if value == "UTC" else zone_named(value)


def _nights(value: object) -> frozenset[date]:
    if not isinstance(value, list) or len(value) > _MAX_NIGHTS or not all(isinstance(v, str) for v in value):
        raise UsageError(f'"exdates" must be a list of at most {_MAX_NIGHTS} dates')
    return frozenset(night(v) for v in value)


def _text(body: Json, name: str) -> str:
    value = body.get(name) or ""
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise UsageError(f'"{name}" must be text of at most {_MAX_TEXT} characters')
    return "".join(c for c in value if c.isprintable())


def _note(body: Json) -> str:
    value = body.get("description") or ""
    if not isinstance(value, str) or len(value) > MAX_NOTE_LENGTH:
        raise UsageError(f'"description" must be text of at most {MAX_NOTE_LENGTH} characters')
    return "\n".join("".join(c for c in line if c.isprintable()) for line in value.splitlines()).strip()


def _choice(body: Json, name: str, choices: Iterable[str], default: str) -> Any:
    value = body.get(name, default)
    if not isinstance(value, str) or value not in choices:
        raise UsageError(f'"{name}" must be one of {", ".join(choices)}')
    return value


def _switch(body: Json, name: str, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise UsageError(f'"{name}" must be true or false')
    return value


def _whole(value: object, name: str, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise UsageError(f'"{name}" must be a whole number from {low} to {high}')
    return value


# --- out -----------------------------------------------------------------------------------------------------


def event(value: Entry) -> dict[str, Any]:
    """A show in the format of ``entry``; nights that differ are included as ``overrides``."""
    sun = value.end_sun
    end: Any = value.end
    if sun is not None:
        end = {"sun": sun.event, "offset": sun.offset}
    elif isinstance(value.end, timedelta):
        end = {"duration": round(value.end.total_seconds() / 60)}
    else:
        end = value.end.isoformat()
    start: Any = value.start.isoformat()
    if value.start_sun is not None:
        start = {
            "sun": value.start_sun.event,
            "offset": value.start_sun.offset,
            "date": f"{value.start:%Y-%m-%d}",
        }
    return {
        "uid": value.uid,
        "summary": value.summary,
        "playlist": value.playlist,
        "look": value.look,
        "start": start,
        "end": end,
        "timezone": None if value.zone is None else str(value.zone),
        "rrule": str(value.rule or ""),
        "exdates": [str(day) for day in sorted(value.exdates)],
        "finish": value.finish,
        "shuffle": value.shuffle,
        "repeat": value.repeat,
        "priority": value.priority,
        "description": value.description,
        "location": value.location,
        "overrides": [{"occurrence": str(day), **_plain(event(other))} for day, other in value.overrides],
    }


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k not in {"uid", "rrule", "exdates", "overrides"}}


def occurrence(value: Occurrence, zone: tzinfo, rrule: str = "") -> dict[str, Any]:
    """One occurrence, with times in the house's zone."""
    return {
        "uid": value.entry.uid,
        "occurrence": str(value.night),
        "start": value.start.astimezone(zone).isoformat(),
        "end": value.end.astimezone(zone).isoformat(),
        "summary": value.entry.summary,
        "playlist": value.entry.playlist,
        "look": value.entry.look,
        "description": value.entry.description,
        "location": value.entry.location,
        "rrule": rrule,
    }


def occurrences(values: Iterable[Occurrence], view: ScheduleView) -> dict[str, Any]:
    """Occurrences, each with the rule of its series."""
    rules = {entry.uid: str(entry.rule or "") for entry in view.entries}
    zone = view.house_time.zone
    return {"occurrences": [occurrence(v, zone, rules.get(v.entry.uid, "")) for v in values]}


def schedule(view: ScheduleView) -> dict[str, Any]:
    """The complete schedule."""
    zone = view.house_time.zone
    return {
        "events": [event(value) for value in view.entries],
        "timezone": str(zone),
        "armed": view.armed,
        "now": view.playing and occurrence(view.playing, zone),
        "next": view.next and occurrence(view.next, zone),
        "quiet": {"volume": view.ceiling.volume, "brightness": view.ceiling.brightness},
        "quiet_hours": [
            {
                "start": f"{each.start:%H:%M}",
                "end": f"{each.end:%H:%M}",
                "volume": each.ceiling.volume,
                "brightness": each.ceiling.brightness,
            }
            for each in view.quiet
        ],
        "problems": list(view.problems),
        "message": view.message,
    }
