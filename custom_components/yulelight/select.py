"""Look, colours and model of the show."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, in_words
from .models import House

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class YulelightSelectDescription(SelectEntityDescription):
    """``key`` is also the service's command and its field."""

    value: Callable[[House], str]
    choices: Callable[[House], tuple[str, ...]]


SELECTS = (
    YulelightSelectDescription(
        key="look", value=lambda house: house.status.look, choices=lambda house: house.looks
    ),
    YulelightSelectDescription(
        key="palette", value=lambda house: house.status.palette, choices=lambda house: house.palettes
    ),
    YulelightSelectDescription(
        key="model",
        entity_category=EntityCategory.CONFIG,
        value=lambda house: house.status.model,
        choices=lambda house: house.models,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One for each."""
    async_add_entities(YulelightSelect(entry.runtime_data, description) for description in SELECTS)


class YulelightSelect(YulelightEntity, SelectEntity):
    """A selectable option of the show."""

    entity_description: YulelightSelectDescription

    def __init__(self, coordinator: YulelightCoordinator, description: YulelightSelectDescription) -> None:
        """Create the entity of a description."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @override
    def shown(self) -> object:
        return self.current_option, self.options

    @property
    @override
    def options(self) -> list[str]:
        return list(self.entity_description.choices(self.house))

    @property
    @override
    def current_option(self) -> str | None:
        return self.entity_description.value(self.house) or None

    @in_words
    async def async_select_option(self, option: str) -> None:
        """Tell the service."""
        key = self.entity_description.key
        await self.coordinator.async_command(key, **{key: option})
