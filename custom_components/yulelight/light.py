"""One light for all channels, and eight single lights unless the MQTT integration provides them."""

import asyncio
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

from .const import CHANNELS
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, in_words
from .transport import Transport

PARALLEL_UPDATES = 0
SHOW = "show"


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add the light for all channels, and one per channel unless MQTT provides them."""
    coordinator = entry.runtime_data
    async_add_entities([AllLights(coordinator)])
    await Transport(hass, entry, lambda n: YulelightLight(coordinator, n), async_add_entities).begin()


class YulelightLight(YulelightEntity, LightEntity):
    """The requested state of a channel; with the effect "show" while the show controls it."""

    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}
    _attr_supported_features = LightEntityFeature.EFFECT
    _attr_effect_list = [SHOW]

    def __init__(self, coordinator: YulelightCoordinator, channel: int) -> None:
        """``channel`` is numbered from 1."""
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
        """Take over the channel, or return it to the show with the effect "show"."""
        if kwargs.get(ATTR_EFFECT) == SHOW:
            await self.coordinator.async_release(self._channel)
        else:
            await self.coordinator.async_channel(self._channel, True, kwargs.get(ATTR_BRIGHTNESS))

    @in_words
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn it off until it is returned or the show ends."""
        await self.coordinator.async_channel(self._channel, False)


class AllLights(YulelightEntity, LightEntity):
    """All channels: on while any of them is, with the brightness of the brightest."""

    _attr_color_mode = ColorMode.BRIGHTNESS
    _attr_supported_color_modes = {ColorMode.BRIGHTNESS}
    _attr_supported_features = LightEntityFeature.EFFECT
    _attr_effect_list = [SHOW]

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """For all channels."""
        super().__init__(coordinator, "all_lights")

    @override
    def shown(self) -> object:
        return self.is_on, self.brightness, self.effect

    @property
    @override
    def is_on(self) -> bool:
        return any(channel.on for channel in self.house.channels.values())

    @property
    @override
    def brightness(self) -> int | None:
        return max(
            (channel.brightness for channel in self.house.channels.values() if channel.on), default=None
        )

    @property
    @override
    def effect(self) -> str | None:
        """The effect "show" while the show controls any of them."""
        return SHOW if any(channel.effect == SHOW for channel in self.house.channels.values()) else None

    @in_words
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Take over all channels, or return them to the show."""
        await asyncio.gather(
            *(
                self.coordinator.async_release(channel)
                if kwargs.get(ATTR_EFFECT) == SHOW
                else self.coordinator.async_channel(channel, True, kwargs.get(ATTR_BRIGHTNESS))
                for channel in range(1, CHANNELS + 1)
            )
        )

    @in_words
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Turn them off until they are returned or the show ends."""
        await asyncio.gather(
            *(self.coordinator.async_channel(channel, False) for channel in range(1, CHANNELS + 1))
        )
