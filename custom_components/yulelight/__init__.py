"""Yulelight: music in, Christmas lights out."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.typing import ConfigType

from . import mirror, resume, transport
from .card import async_remove_card, async_setup_card
from .const import CONF_ENTITIES, DOMAIN, OPTIONAL_PLATFORMS
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .issues import async_watch_issues
from .mirror import async_setup_mirrors
from .mirror_report import async_setup_mirror_report
from .panel import async_setup_panel, async_setup_panels
from .place import async_tell_place
from .resume import async_setup_resume
from .services import async_setup_services
from .sound import async_setup_sound
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
    """Set up what is shared by all services: actions and the card's live view."""
    async_setup_services(hass)
    async_setup_websocket(hass)
    async_setup_panels(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: YulelightConfigEntry) -> bool:
    """Connect to the service and show it."""
    await async_setup_card(hass)
    coordinator = YulelightCoordinator(hass, entry)
    entry.runtime_data = coordinator
    await coordinator.async_start()
    coordinator.in_background(async_tell_place(hass, coordinator.client))
    await async_setup_resume(hass, entry)
    async_watch_issues(hass, entry)
    wanted = entry.options.get(CONF_ENTITIES, OPTIONAL_PLATFORMS)
    coordinator.platforms = [p for p in PLATFORMS if p in wanted or p not in OPTIONAL_PLATFORMS]
    _remove_unwanted(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, coordinator.platforms)
    async_setup_mirror_report(hass, entry, async_setup_mirrors(hass, entry))
    async_setup_sound(hass, entry)
    await async_setup_panel(hass, entry)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: YulelightConfigEntry) -> bool:
    """Disconnect from the service; its shows continue."""
    return await hass.config_entries.async_unload_platforms(entry, entry.runtime_data.platforms)


async def async_remove_entry(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Remove its stored data, and the card with the last service."""
    for kept in (mirror, resume, transport):
        await kept.store_of(hass, entry.entry_id).async_remove()
    if not [other for other in hass.config_entries.async_entries(DOMAIN) if other.entry_id != entry.entry_id]:
        await async_remove_card(hass)


def _remove_unwanted(hass: HomeAssistant, entry: YulelightConfigEntry) -> None:
    """Remove entities that the user has disabled in the options."""
    registry, wanted = er.async_get(hass), entry.runtime_data.platforms
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.domain not in wanted:
            registry.async_remove(entity.entity_id)
