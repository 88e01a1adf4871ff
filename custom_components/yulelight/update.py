"""The installed version of the service, and whether a newer one is available."""

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
    """Add the entity. Integration and service are released together with the same version."""
    async_add_entities([YulelightUpdate(entry.runtime_data)])


class YulelightUpdate(YulelightEntity, UpdateEntity):
    """The service's version and the newest known version."""

    _attr_device_class = UpdateDeviceClass.FIRMWARE
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_title = "Yulelight service"

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """Create the entity; the newest known version is that of the integration."""
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
        except AwesomeVersionException:  # A custom version.
            return installed

    @property
    @override
    def release_url(self) -> str:
        """The release notes."""
        return f"{RELEASES}/tag/v{self.latest_version}" if self.state == STATE_ON else RELEASES

    @override
    def version_is_newer(self, latest_version: str, installed_version: str) -> bool:
        return latest_version != installed_version and super().version_is_newer(
            latest_version, installed_version
        )
