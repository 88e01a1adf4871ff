"""Where the house is and which time zone it has, as they are now: from the place that was set and from the machine."""

from collections.abc import Callable
from datetime import UTC, tzinfo

from yulelight.schedule.occurrences import HouseTime
from yulelight.schedule.place import Place, zone_named
from yulelight.schedule.places import PlaceFile
from yulelight.schedule.sun import sun_at


class CurrentHouseTime:
    """``house_time`` follows ``place`` and, where that has no time zone, the machine's."""

    def __init__(self, place: PlaceFile, machine_zone: Callable[[], tzinfo]) -> None:
        self._file, self._machine_zone = place, machine_zone
        self._zone: tzinfo = UTC
        self._seen = place.place
        self.house_time = self._made()

    @property
    def place(self) -> Place:
        """The effective place, which may be newer than ``house_time``."""
        return self._file.place

    def load(self) -> None:
        """Reads both for the first time. Blocking."""
        self._zone = self._machine_zone()
        self._file.load()

    def refresh(self) -> None:
        """Reads both again, if they have changed. Blocking."""
        self._file.refresh()
        self._zone = self._machine_zone()

    def follow(self) -> bool:
        """Brings ``house_time`` up to what was read; whether anything is new."""
        before = self._seen, self.house_time.zone
        self._seen = self._file.place
        self.house_time = self._made()
        return before != (self._seen, self.house_time.zone)

    def _made(self) -> HouseTime:
        zone = zone_named(self._seen.timezone) if self._seen.timezone else self._zone
        return HouseTime(zone, sun_at(self._seen, zone))
