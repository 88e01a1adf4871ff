"""Buttons to identify the lights and to scan for songs."""

from typing import override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, in_words

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Both buttons."""
    async_add_entities([IdentifyButton(entry.runtime_data), RescanButton(entry.runtime_data)])


class IdentifyButton(YulelightEntity, ButtonEntity):
    """All lights blink three times."""

    _attr_device_class = ButtonDeviceClass.IDENTIFY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """For all channels."""
        super().__init__(coordinator, "identify")

    @override
    def shown(self) -> object:
        return None

    @in_words
    async def async_press(self) -> None:
        """Tell the service."""
        await self.coordinator.async_command("identify")


class RescanButton(YulelightEntity, ButtonEntity):
    """Scan for new songs."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """For the whole library."""
        super().__init__(coordinator, "rescan")

    @override
    def shown(self) -> object:
        return None

    @in_words
    async def async_press(self) -> None:
        """Tell the service."""
        await self.coordinator.client.request("POST", "library", {"action": "rescan"})
