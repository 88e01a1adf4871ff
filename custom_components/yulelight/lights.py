"""Finds the lights in Home Assistant that belong to Yulelight."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from .const import CHANNELS, DOMAIN
from .coordinator import YulelightConfigEntry

MQTT = "mqtt"


def mqtt_shows_the_lights(hass: HomeAssistant, entry: YulelightConfigEntry) -> bool:
    """Whether the MQTT integration has the service's device with the eight lights."""
    device = (MQTT, f"yulelight_{entry.unique_id}")
    registry = dr.async_get(hass)
    return any(
        registry.async_get_device_by_identifier(device, mqtt.entry_id) is not None
        for mqtt in hass.config_entries.async_entries(MQTT)
    )


def mqtt_lights(hass: HomeAssistant, entry: YulelightConfigEntry) -> dict[int, er.RegistryEntry]:
    """The lights of the MQTT device by channel."""
    return _lights(hass, MQTT, f"yulelight_{entry.unique_id}")


def own_lights(hass: HomeAssistant, entry: YulelightConfigEntry) -> dict[int, er.RegistryEntry]:
    """The lights of this integration by channel."""
    return _lights(hass, DOMAIN, str(entry.unique_id))


def is_ours(hass: HomeAssistant, entity_id: str) -> bool:
    """Whether a light belongs to any Yulelight service, from this or the MQTT integration."""
    light = er.async_get(hass).async_get(entity_id)
    if light is None:
        return False
    return light.platform == DOMAIN or (
        light.platform == MQTT and str(light.unique_id).startswith("yulelight_")
    )


def _lights(hass: HomeAssistant, platform: str, start: str) -> dict[int, er.RegistryEntry]:
    registry = er.async_get(hass)
    found = {
        channel: registry.async_get_entity_id(Platform.LIGHT, platform, f"{start}_light_{channel}")
        for channel in range(1, CHANNELS + 1)
    }
    known = {channel: registry.async_get(entity) for channel, entity in found.items() if entity}
    return {channel: light for channel, light in known.items() if light is not None}
