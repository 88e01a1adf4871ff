"""Master brightness, and the delay of the lights."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.number import NumberEntity, NumberEntityDescription
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .contract.models import Status
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, in_words

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class YulelightNumberDescription(NumberEntityDescription):
    """``key`` is the service's command, too."""

    value: Callable[[Status], float]
    fields: Callable[[float], dict[str, Any]]


NUMBERS = (
    YulelightNumberDescription(
        key="brightness",
        native_min_value=0,
        native_max_value=100,
        native_step=1,
        native_unit_of_measurement=PERCENTAGE,
        value=lambda status: round(status.brightness * 100),
        fields=lambda value: {"level": value / 100},
    ),
    YulelightNumberDescription(
        key="delay",
        entity_category=EntityCategory.CONFIG,
        native_min_value=-2000,
        native_max_value=5000,
        native_step=5,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        value=lambda status: round(status.delay * 1000),
        fields=lambda value: {"seconds": value / 1000},
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One for each."""
    async_add_entities(YulelightNumber(entry.runtime_data, description) for description in NUMBERS)


class YulelightNumber(YulelightEntity, NumberEntity):
    """A numeric option of the show."""

    entity_description: YulelightNumberDescription

    def __init__(self, coordinator: YulelightCoordinator, description: YulelightNumberDescription) -> None:
        """Create the entity of a description."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @override
    def shown(self) -> object:
        return self.native_value

    @property
    @override
    def native_value(self) -> float:
        return self.entity_description.value(self.house.status)

    @in_words
    async def async_set_native_value(self, value: float) -> None:
        """Tell the service."""
        description = self.entity_description
        await self.coordinator.async_command(description.key, **description.fields(value))
