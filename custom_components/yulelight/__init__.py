"""Yulelight: music in, Christmas lights out."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .issues import async_watch_issues
from .mirror import async_setup_mirrors
from .services import async_setup_services
from .websocket import async_setup_websocket

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.LIGHT,
    Platform.MEDIA_PLAYER,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.UPDATE,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """What exists once, however many services there are: actions and the card's live view."""
    async_setup_services(hass)
    async_setup_websocket(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: YulelightConfigEntry) -> bool:
    """Connect to the service and show it."""
    coordinator = YulelightCoordinator(hass, entry)
    entry.runtime_data = coordinator
    await coordinator.async_start()
    async_watch_issues(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    async_setup_mirrors(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: YulelightConfigEntry) -> bool:
    """Let go of the service; its shows go on."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
