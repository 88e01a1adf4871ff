"""Which version of the service runs, and whether the integration brings a newer one."""

from typing import override

from awesomeversion import AwesomeVersionException
from homeassistant.components.update import UpdateDeviceClass, UpdateEntity
from homeassistant.const import STATE_ON, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity

PARALLEL_UPDATES = 0

RELEASES = "https://github.com/yulelight/yulelight/releases"


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Integration and service are released together: the integration's version is the service's newest."""
    async_add_entities([YulelightUpdate(entry.runtime_data)])


class YulelightUpdate(YulelightEntity, UpdateEntity):
    """The service's version beside the newest that is known."""

    _attr_device_class = UpdateDeviceClass.FIRMWARE
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_title = "Yulelight service"

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """The newest that is known is the integration's own version."""
        super().__init__(coordinator, "service")

    @override
    def shown(self) -> object:
        return self.installed_version

    @property
    @override
    def installed_version(self) -> str:
        return self.house.info.version

    @property
    @override
    def latest_version(self) -> str:
        newest, installed = self.coordinator.newest, self.installed_version
        try:
            return newest if newest and self.version_is_newer(newest, installed) else installed
        except AwesomeVersionException:  # Somebody runs a version of his own.
            return installed

    @property
    @override
    def release_url(self) -> str:
        """What is new in it, and how to get it."""
        return f"{RELEASES}/tag/v{self.latest_version}" if self.state == STATE_ON else RELEASES

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        return latest_version != installed_version and super().version_is_newer(
            latest_version, installed_version
        )
