"""Time zones in calendars: IANA and Windows names, and zones that a calendar defines."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from tzlocal.windows_tz import win_tz

from yulelight.core.errors import UsageError
from yulelight.schedule.components import Component
from yulelight.schedule.own_zone import own_zone

_UTC = {
    "utc",
    "gmt",
    "z",
    "etc/utc",
    "etc/gmt",
    "zulu",
    "coordinated universal time",
    "tzone://microsoft/utc",
}
_OFFSET = re.compile(r"\(?(?:utc|gmt)\s*([+-])(\d{1,2}):?(\d\d)?\)?\s*(.*)", re.ASCII)
_MAX_NAME = 255


class Zones:
    """The zones of one calendar. Definitions are parsed on demand, so an invalid one affects nothing else."""

    def __init__(self, definitions: Iterable[Component] = (), others: Iterable[Component] = ()) -> None:
        """``others``: definitions of calendars imported into the same file, which must not conflict."""
        self._own = _by_name(definitions)
        self._others = _by_name(others)
        self._known: dict[str, tzinfo | str] = {}

    def named_or(self, other: tzinfo) -> Callable[[str], tzinfo]:
        """Like ``named``, but ``other`` for unknown zones: for values of which only the date matters."""

        def zone(name: str) -> tzinfo:
            try:
                return self.named(name)
            except UsageError:
                return other

        return zone

    def named(self, name: str) -> tzinfo:
        """The zone of a TZID. Raises UsageError if it is unknown."""
        if name not in self._known:
            try:
                self._known[name] = self._look_up(name.strip().strip('"')[:_MAX_NAME])
            except UsageError as error:
                self._known[name] = str(error)
        found = self._known[name]
        if isinstance(found, str):
            raise UsageError(found)
        return found

    def _look_up(self, name: str) -> tzinfo:
        found = known_zone(name)
        if found is not None:
            return found
        own = self._own.get(name.casefold())
        if own is None:
            raise UsageError(f"its time zone {name[:60]!r} is not known; write it as TZID=Europe/Berlin")
        if self._others.get(name.casefold(), own) != own:
            raise UsageError(
                f"its time zone {name[:60]!r} is another one in another calendar; rename one of them"
            )
        # Some programs name the IANA zone in their own definition.
        return known_zone(_value(own, "X-LIC-LOCATION")) or own_zone(name, own)


def known_zone(name: str) -> tzinfo | None:
    """A zone that needs no definition, such as Europe/Berlin or W. Europe Standard Time."""
    plain = name.strip().strip('"').casefold()
    if plain in _UTC:
        return UTC
    # Names such as /mozilla.org/20050126_1/Europe/Berlin end with the IANA name.
    parts = plain.split("/")
    for start in range(len(parts)):
        key = _iana().get("/".join(parts[start:]))
        # A single last component could be anything, unless the whole name is a path.
        if key is not None and (start == 0 or len(parts) - start > 1 or plain.startswith("/")):
            return ZoneInfo(key)
    # Outlook numbers versions of a zone: W. Europe Standard Time 1.
    key = _windows().get(re.sub(r" \d+$", "", plain))
    return ZoneInfo(key) if key in available_timezones() else _by_offset(plain)


def _by_offset(name: str) -> tzinfo | None:
    """Parses ``(UTC+01:00) Amsterdam, Berlin``, as shown by Outlook, or a plain offset."""
    found = _OFFSET.fullmatch(name)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0)) * (-1 if found[1] == "-" else 1)
    if abs(offset) > timedelta(hours=15):
        return None
    if not found[4]:
        return timezone(offset)
    for city in found[4].split(","):
        key = _cities().get(city.strip())
        if key is not None and _standard(ZoneInfo(key)) == offset:
            return ZoneInfo(key)
    return None


def _standard(zone: ZoneInfo) -> timedelta:
    """The smaller of the offsets in winter and summer."""
    offsets = (datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    return min(offset or timedelta() for offset in offsets)


@cache
def _iana() -> Mapping[str, str]:
    return {key.casefold(): key for key in available_timezones()}


@cache
def _windows() -> Mapping[str, str]:
    return {name.casefold(): key for name, key in win_tz.items()}


@cache
def _cities() -> Mapping[str, str]:
    keys = (key for key in sorted(available_timezones()) if "/" in key and not key.startswith("Etc/"))
    return {key.rpartition("/")[2].replace("_", " ").casefold(): key for key in keys}


def _by_name(definitions: Iterable[Component]) -> dict[str, Component]:
    found: dict[str, Component] = {}
    for component in definitions:
        found.setdefault(_value(component, "TZID").strip('"').casefold(), component)
    return found


def _value(component: Component, name: str) -> str:
    return next((found.value for _, found in component.properties() if found.name == name), "")
