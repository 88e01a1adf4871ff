"""The eight lights, for homes without a broker: where MQTT shows them, they are not shown twice."""

from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_EFFECT,
    ColorMode,
    LightEntity,
    LightEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CHANNELS, CONF_NATIVE_LIGHTS
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, in_words
from .issues import mqtt_shows_the_lights

PARALLEL_UPDATES = 0
SHOW = "show"


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """None, or one for each channel."""
    if entry.options.get(CONF_NATIVE_LIGHTS) and not mqtt_shows_the_lights(hass, entry):
        async_add_entities(YulelightLight(entry.runtime_data, n) for n in range(1, CHANNELS + 1))


class YulelightLight(YulelightEntity, LightEntity):
    """What a person wants of a channel; the effect "show" while the show has it."""

    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}
    _attr_supported_features = LightEntityFeature.EFFECT
    _attr_effect_list = [SHOW]

    def __init__(self, coordinator: YulelightCoordinator, channel: int) -> None:
        """``channel`` counts from 1."""
        super().__init__(coordinator, f"light_{channel}")
        self._attr_translation_key = "light"
        self._attr_translation_placeholders = {"channel": str(channel)}
        self._channel = channel

    @override
    def shown(self) -> object:
        return self.house.channels.get(self._channel)

    @property
    @override
    def is_on(self) -> bool | None:
        channel = self.house.channels.get(self._channel)
        return channel.on if channel else None

    @property
    @override
    def brightness(self) -> int | None:
        channel = self.house.channels.get(self._channel)
        return channel.brightness if channel else None

    @property
    @override
    def effect(self) -> str | None:
        channel = self.house.channels.get(self._channel)
        return channel.effect or None if channel else None

    @in_words
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Take the channel over, or give it back to the show with its effect."""
        if kwargs.get(ATTR_EFFECT) == SHOW:
            await self.coordinator.async_release(self._channel)
        else:
            await self.coordinator.async_channel(self._channel, True, kwargs.get(ATTR_BRIGHTNESS))

    @in_words
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Dark until it is given back or the show ends."""
        await self.coordinator.async_channel(self._channel, False)
