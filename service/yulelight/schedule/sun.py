"""Sun times, computed by ``astral``. Dawn and dusk are civil: the sun is 6 degrees below the horizon."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from astral import Observer
from astral.sun import dawn, dusk, sunrise, sunset

from yulelight.schedule.entry import SunEvent
from yulelight.schedule.place import Place

Sun = Callable[[SunEvent, date], datetime | None]
"""The time of an event on a local date, in UTC; None if it is unknown or does not occur."""

_EVENTS: dict[SunEvent, Callable[..., datetime]] = {
    "dawn": dawn,
    "sunrise": sunrise,
    "sunset": sunset,
    "dusk": dusk,
}


def sun_at(place: Place, zone: tzinfo) -> Sun:
    """The sun times for ``place``, with local dates in ``zone``."""
    if place.latitude is None or place.longitude is None:
        return lambda event, day: None
    observer = Observer(place.latitude, place.longitude, place.elevation)

    @lru_cache(maxsize=1024)
    def sun(event: SunEvent, day: date) -> datetime | None:
        # astral finds nothing on the day on which an event crosses midnight UTC; the adjacent day differs by a
        # minute.
        for beside in (0, 1, -1):
            near = day + timedelta(days=beside)
            try:
                moment = _EVENTS[event](observer, near, tzinfo=zone)
            except ValueError:
                continue
            if moment.date() == near:
                return (moment.astimezone(UTC) - timedelta(days=beside)).replace(microsecond=0)
        return None

    return sun
