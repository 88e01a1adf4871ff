"""The location of the house, for sun times and local time."""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from yulelight.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north and east, metres above sea level, and an IANA time zone; None if unknown."""

    latitude: float | None = None
    longitude: float | None = None
    elevation: float = 0.0
    timezone: str | None = None


def zone_named(name: str) -> ZoneInfo:
    """The time zone, e.g. Europe/Berlin. Raises UsageError."""
    # The pattern prevents paths.
    if re.fullmatch(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}", name):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise UsageError(f"there is no time zone {name[:64]!r}; write it as Europe/Berlin or America/New_York")


def machine_zone(wanted: str = "", localtime: Path = Path("/etc/localtime")) -> tzinfo:
    """This machine's time zone: ``wanted`` (the variable TZ), or that of the ``localtime`` file, else UTC. Blocking."""
    if wanted:
        try:
            return zone_named(wanted.removeprefix(":"))
        except UsageError:
            pass
    try:
        _, found, name = str(localtime.resolve(strict=True)).partition("zoneinfo/")
        if found:
            return zone_named(name.removeprefix("posix/").removeprefix("right/"))
        with localtime.open("rb") as file:
            return ZoneInfo.from_file(file, key="localtime")
    except (OSError, ValueError, UsageError):
        return UTC
