"""Armed, blackout and all on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .contract.models import Status
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, in_words

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class YulelightSwitchDescription(SwitchEntityDescription):
    """``key`` is also the service's command."""

    value: Callable[[Status], bool]


SWITCHES = (
    YulelightSwitchDescription(key="armed", value=lambda status: status.armed),
    YulelightSwitchDescription(key="blackout", value=lambda status: status.blackout),
    YulelightSwitchDescription(key="all_on", value=lambda status: status.all_on),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One for each."""
    async_add_entities(YulelightSwitch(entry.runtime_data, description) for description in SWITCHES)


class YulelightSwitch(YulelightEntity, SwitchEntity):
    """A switch for an option of the service."""

    entity_description: YulelightSwitchDescription

    def __init__(self, coordinator: YulelightCoordinator, description: YulelightSwitchDescription) -> None:
        """Create the entity of a description."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @override
    def shown(self) -> object:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool:
        return self.entity_description.value(self.house.status)

    @in_words
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Tell the service."""
        await self.coordinator.async_command(self.entity_description.key, on=True)

    @in_words
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Tell the service."""
        await self.coordinator.async_command(self.entity_description.key, on=False)
