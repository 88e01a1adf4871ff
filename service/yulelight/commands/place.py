"""The command that sets the location of the house, for sun times and time zone. A running service applies it
within seconds.
"""

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from yulelight.commands.options import Config, Data
from yulelight.commands.run import guard
from yulelight.core.errors import UsageError

if TYPE_CHECKING:
    from yulelight.schedule.place import Place


def place(
    where: Annotated[
        list[str] | None,
        typer.Argument(help="A city, or degrees north and east: Munich, or 48.14 11.58.", show_default=False),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(help="Time zone, such as Europe/Berlin.", show_default="the city's, or the machine's"),
    ] = None,
    elevation: Annotated[
        float | None, typer.Option(help="Elevation in metres above sea level.", show_default="0")
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Say where the house is, for shows that begin at sunset and the like; without a city, tell what is known.

    yulelight place Munich

    yulelight place -33.87 151.21
    """

    def work() -> None:
        from yulelight.app.settings import load
        from yulelight.schedule.place import Place
        from yulelight.schedule.places import PlaceFile

        settings = load(config, data=data)
        file = PlaceFile(settings.place.made(), settings.data / "place.json")
        file.load()
        if where or timezone or elevation is not None:
            known = file.place
            wanted = _place(where) if where else known
            zone = timezone or wanted.timezone or known.timezone
            new = Place(wanted.latitude, wanted.longitude, elevation or wanted.elevation, zone)
            file.set(new)
            if file.place != new:
                typer.echo(
                    "the settings name a place, too, and that one holds; take [place] out of them", err=True
                )
        _tell(file.place)

    guard(work)


def _place(where: list[str]) -> "Place":
    from yulelight.schedule.cities import find_city
    from yulelight.schedule.place import Place

    for word in where:
        if word.startswith("--"):
            raise UsageError(f"there is no option {word[:40]}; yulelight place --help tells those there are")
    text = " ".join(where)
    if degrees := _degrees(text):
        return Place(*degrees)
    if re.match(r"[-+]?\d", text):
        raise UsageError(
            "say a city, or two numbers with a point: degrees north and degrees east, as 48.14 11.58"
        )
    city = find_city(text)
    typer.echo(f"{city.name}, {city.country}")
    return Place(city.latitude, city.longitude, timezone=city.timezone)


def _degrees(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in common notations, also with decimal commas; None if they are not clearly two
    numbers.
    """
    if re.fullmatch(r"[-+]?\d+,\d+[;,]?\s+[-+]?\d+,\d+", text):
        text = re.sub(r"(\d),(\d)", r"\1.\2", text)
    number = r"([-+]?\d+(?:\.\d+)?)"
    # Two whole numbers with nothing but a comma between them may be one with a decimal comma.
    found = re.fullmatch(rf"{number}\s*[,;\s]\s*{number}", text)
    if found is None or re.fullmatch(r"[-+]?\d+,\d+", text):
        return None
    return float(found[1]), float(found[2])


def _tell(place: "Place") -> None:
    from yulelight.schedule.place import machine_zone, zone_named
    from yulelight.schedule.sun import sun_at

    zone = zone_named(place.timezone) if place.timezone else machine_zone(os.environ.get("TZ", ""))
    if place.latitude is None or place.longitude is None:
        typer.echo("Where the house is is not known; say it with: yulelight place Munich")
        return
    today = datetime.now(UTC).astimezone(zone).date()
    sets = sun_at(place, zone)("sunset", today)
    sunset = f"the sun sets at {sets.astimezone(zone):%H:%M} today" if sets else "the sun does not set today"
    typer.echo(
        f"{abs(place.latitude):.2f}° {'N' if place.latitude >= 0 else 'S'}, "
        f"{abs(place.longitude):.2f}° {'E' if place.longitude >= 0 else 'W'}, {zone}: {sunset}"
    )
