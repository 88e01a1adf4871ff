"""The effective location: from the settings, otherwise as set at run time and stored in a file. Blocking."""

import contextlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter

from yulelight.core.errors import StorageError, UsageError
from yulelight.core.json_file import JsonFile
from yulelight.schedule.place import Place, zone_named
from yulelight.schedule.store import Signature, signature

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


_CHECKED: TypeAdapter[Place] = TypeAdapter(Annotated[Place, AfterValidator(check_place)])


class PlaceFile:
    """``settings`` take precedence, separately for the coordinates and the time zone."""

    def __init__(self, settings: Place, path: Path) -> None:
        self.place = self._settings = check_place(settings)
        # Older versions of this program read it, too, and know no version in it.
        self._file = JsonFile(path, _CHECKED, key=None, shared=True)
        self._seen: Signature = None

    def refresh(self) -> None:
        """Reads the file again if another process has changed it."""
        with contextlib.suppress(OSError):
            if signature(self._file.path) != self._seen:
                self.load()

    def load(self) -> None:
        """Reads the file; a damaged file is set aside."""
        try:
            self._seen = signature(self._file.path)
            self.place = self._settings
            told = self._file.load()
            if told is not None:
                self.place = self._over(told)
        except ValueError:
            pass  # It was set aside, which is in the log.
        except OSError as error:
            log.warning("the place of the house cannot be read: %s", error.strerror)

    def set(self, place: Place) -> None:
        """Stores ``place``. Raises UsageError and YulelightError."""
        check_place(place)
        try:
            self._file.save(place)
            self._seen = signature(self._file.path)
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
