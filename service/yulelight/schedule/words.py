"""Describes a show of the calendar in one line. Pure."""

from datetime import timedelta

from yulelight.schedule.entry import Entry, SunTime

DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}


def described(entry: Entry) -> str:
    """``Carols: every night from 2026-11-27 to 2027-01-06, 17:30 to 22:00; look calm, priority 2``."""
    title = entry.summary or entry.playlist
    name = title if title == entry.playlist else f"{title} (playlist {entry.playlist})"
    parts = [f"{name}: {_nights(entry)}, {_hours(entry)}"]
    if entry.exdates:
        parts.append(f"not on {', '.join(map(str, sorted(entry.exdates)))}")
    if entry.overrides:
        parts.append(f"otherwise on {', '.join(str(day) for day, _ in entry.overrides)}")
    for night, base in entry.onwards:
        parts.append(f"from {night} on {_hours(base) if base else 'no more'}")
    parts += [f"not by {rule}" for rule in entry.exrules]
    how = [
        f"look {entry.look}" if entry.look else "",
        f"priority {entry.priority}" if entry.priority else "",
        "shuffled" if entry.shuffle else "",
        "" if entry.repeat else "the list once",
        "cuts the last song" if entry.finish == "cut" else "",
    ]
    return "; ".join([*parts, *filter(None, [", ".join(filter(None, how))])])


def _nights(entry: Entry) -> str:
    first, rule = entry.start.date(), entry.rule
    if rule is None:
        return f"on {first:%a} {first}"
    parts = dict(part.split("=") for part in rule.text.split(";"))
    days = [DAYS.get(day) for day in parts.get("BYDAY", "").split(",")]
    if parts == {"FREQ": "DAILY"}:
        often = "every night"
    elif parts.keys() == {"FREQ", "BYDAY"} and parts["FREQ"] == "WEEKLY" and all(days):
        often = f"every {', '.join(filter(None, days))}"
    else:
        often = rule.text
    if rule.count is not None:
        return f"{often} from {first}, {rule.count} times"
    return f"{often} from {first}" + (f" to {rule.until}" if rule.until else "")


def _hours(entry: Entry) -> str:
    start = _sun(entry.start_sun) or f"{entry.start:%H:%M}"
    if entry.end_sun is not None:
        return f"{start} to {_sun(entry.end_sun)}"
    if isinstance(entry.end, timedelta):
        return f"{start} for {round(entry.end.total_seconds() / 60)} min"
    return f"{start} to {entry.end:%H:%M}"


def _sun(sun: SunTime | None) -> str:
    if sun is None:
        return ""
    return f"{sun.event}{sun.offset:+d}" if sun.offset else sun.event
