"""The effective location: from the settings, otherwise as set at run time and stored in a file. Blocking."""

import contextlib
import json
import logging
from dataclasses import asdict, replace
from datetime import datetime

from yulelight.core.errors import StorageError, UsageError
from yulelight.schedule.place import Place, zone_named
from yulelight.schedule.store import Signature, TextFile

log = logging.getLogger(__name__)


def check_place(place: Place) -> Place:
    """Returns ``place``. Raises UsageError if it is invalid."""
    if (place.latitude is None) != (place.longitude is None):
        raise UsageError("a place has both a latitude and a longitude")
    for name, value, limit in (
        ("latitude", place.latitude, 90.0),
        ("longitude", place.longitude, 180.0),
        ("elevation", place.elevation, 9000.0),
    ):
        # The comparison is also false for NaN.
        if value is not None and not -limit <= value <= limit:
            raise UsageError(f'"{name}" must be a number from {-limit:g} to {limit:g}')
    if place.timezone is not None:
        zone_named(place.timezone)
    return place


class PlaceFile:
    """``settings`` take precedence, separately for the coordinates and the time zone."""

    def __init__(self, settings: Place, file: TextFile) -> None:
        self.place = self._settings = check_place(settings)
        self._file = file
        self._seen: Signature = None

    def refresh(self, now: datetime) -> None:
        """Reads the file again if another process has changed it."""
        with contextlib.suppress(OSError):
            if self._file.signature() != self._seen:
                self.load(now)

    def load(self, now: datetime) -> None:
        """Reads the file; a damaged file is set aside."""
        try:
            self._file.tidy()
            self._seen = self._file.signature()
            text = self._file.read()
            self.place = self._settings
            if text is not None:
                self.place = self._over(check_place(Place(**json.loads(text))))
        except (ValueError, TypeError, RecursionError, UsageError) as error:
            broken = self._file.set_aside(now)
            log.warning("the place of the house was damaged (%s) and is kept as %s", error, broken.name)
        except OSError as error:
            log.warning("the place of the house cannot be read: %s", error.strerror)

    def set(self, place: Place) -> None:
        """Stores ``place``. Raises UsageError and YulelightError."""
        text = json.dumps(asdict(check_place(place)))
        try:
            self._file.write(text)
            self._seen = self._file.signature()
        except OSError as error:
            raise StorageError.of("the place of the house", error) from error
        self.place = self._over(place)

    def _over(self, place: Place) -> Place:
        fixed = self._settings
        if fixed.latitude is not None:
            place = replace(
                place, latitude=fixed.latitude, longitude=fixed.longitude, elevation=fixed.elevation
            )
        return replace(place, timezone=fixed.timezone) if fixed.timezone else place
