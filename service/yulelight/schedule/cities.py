"""Coordinates of cities, from a bundled list: accurate enough for the sun, which is 4 minutes later per degree
west.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yulelight.core.errors import UsageError
from yulelight.core.suggest import did_you_mean
from yulelight.core.text import folded

_LIST = Path(__file__).parents[1] / "assets" / "cities.tsv"


@dataclass(frozen=True, slots=True)
class City:
    """``country`` is its code of two letters; degrees north and east."""

    name: str
    country: str
    latitude: float
    longitude: float
    timezone: str
    others: tuple[str, ...]
    """Names in other languages."""


def find_city(text: str) -> City:
    """The largest city of that name; ``Vienna, US`` specifies the country. Blocking. Raises UsageError."""
    name, _, country = text.rpartition(",")
    if len(country.strip()) != 2 or not name:
        name, country = text, ""
    plain, code = folded(name).strip(), country.strip().upper()
    wanted = {plain, f"{plain} city"}
    for city in _cities():
        if code in ("", city.country) and not wanted.isdisjoint(map(folded, (city.name, *city.others))):
            return city
    hint = did_you_mean(name, (city.name for city in _cities()))
    raise UsageError(
        f"{text[:40]!r} is not among the known cities{hint or '.'} Name a larger city nearby, or give degrees north "
        "and east as a map shows them: yulelight place 48.14 11.58"
    )


def cities_like(text: str, most: int = 8) -> list[City]:
    """Cities of which a name begins with ``text``, the largest first, then those that hold it. Blocking."""
    wanted = folded(text).strip()
    if not wanted:
        return []
    begin: list[City] = []
    hold: list[City] = []
    for city in _cities():
        names = [folded(name) for name in (city.name, *city.others)]
        if any(name.startswith(wanted) for name in names):
            begin.append(city)
        elif len(wanted) > 2 and any(wanted in name for name in names):
            hold.append(city)
        if len(begin) >= most:
            break
    return [*begin, *hold][:most]


@cache
def _cities() -> tuple[City, ...]:
    return tuple(_read())


def _read() -> Iterator[City]:
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        name, country, latitude, longitude, zone, *others = line.split("\t")
        names = tuple(others[0].split(",")) if others else ()
        yield City(name, country, float(latitude), float(longitude), zone, names)
