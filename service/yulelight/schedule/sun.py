"""When the sun rises and sets, by ``astral``. Dawn and dusk are civil: the sun 6 degrees below the horizon."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from astral import Observer
from astral.sun import dawn, dusk, sunrise, sunset

from yulelight.schedule.entry import SunEvent
from yulelight.schedule.place import Place

Sun = Callable[[SunEvent, date], datetime | None]
"""When it happens on a local date, in UTC; None when that is not known or it does not happen."""

_EVENTS: dict[SunEvent, Callable[..., datetime]] = {
    "dawn": dawn,
    "sunrise": sunrise,
    "sunset": sunset,
    "dusk": dusk,
}


def sun_at(place: Place, zone: tzinfo) -> Sun:
    """The sun as seen from ``place``, its dates being those of ``zone``."""
    if place.latitude is None or place.longitude is None:
        return lambda event, day: None
    observer = Observer(place.latitude, place.longitude, place.elevation)

    @lru_cache(maxsize=1024)
    def sun(event: SunEvent, day: date) -> datetime | None:
        # astral finds nothing on the day on which an event passes midnight UTC; the day beside it differs by a minute.
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
