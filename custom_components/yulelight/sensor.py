"""Sensors for the current song, the next show and the health of the service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity
from .models import House

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class YulelightSensorDescription(SensorEntityDescription):
    """``value`` and ``more`` (further attributes) are computed from the data of the service."""

    value: Callable[[House], str | int | float | datetime | None]
    more: Callable[[House], dict[str, Any]] = lambda house: {}


def _next_start(house: House) -> datetime | None:
    coming = house.schedule.get("next")
    return dt_util.parse_datetime(str(coming["start"])) if coming else None


def _next_more(house: House) -> dict[str, Any]:
    coming = house.schedule.get("next") or {}
    return {"summary": coming.get("summary"), "playlist": coming.get("playlist")}


def _song_more(house: House) -> dict[str, Any]:
    song = house.status.song
    return {
        "artist": song.artist if song else None,
        "playlist": house.status.playlist or None,
        "look": house.status.look or None,
    }


SENSORS = (
    YulelightSensorDescription(
        key="song",
        value=lambda house: house.status.song.title[:255] if house.status.song else None,
        more=_song_more,
    ),
    YulelightSensorDescription(
        key="next_show", device_class=SensorDeviceClass.TIMESTAMP, value=_next_start, more=_next_more
    ),
    YulelightSensorDescription(
        key="message",
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda house: house.status.message[:255] or None,
    ),
    YulelightSensorDescription(
        key="songs",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda house: house.library.get("songs"),
    ),
    YulelightSensorDescription(
        key="rendered",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda house: house.library.get("rendered"),
    ),
    YulelightSensorDescription(
        key="sections",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda house: len(house.status.sections) or None,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One for each."""
    async_add_entities(YulelightSensor(entry.runtime_data, description) for description in SENSORS)


class YulelightSensor(YulelightEntity, SensorEntity):
    """One value of the service."""

    entity_description: YulelightSensorDescription

    def __init__(self, coordinator: YulelightCoordinator, description: YulelightSensorDescription) -> None:
        """Create the entity of a description."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @override
    def shown(self) -> object:
        return self.native_value, self.extra_state_attributes

    @property
    @override
    def native_value(self) -> str | int | float | datetime | None:
        return self.entity_description.value(self.house)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return self.entity_description.more(self.house)
