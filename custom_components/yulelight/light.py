"""One light for all, and the eight lights where MQTT does not show them."""

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
    """All lights as one, and each channel's light as long as nobody else shows it."""
    coordinator = entry.runtime_data
    async_add_entities([AllLights(coordinator)])
    await Transport(hass, entry, lambda n: YulelightLight(coordinator, n), async_add_entities).begin()


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


class AllLights(YulelightEntity, LightEntity):
    """All channels at once: on while one of them is, as bright as the brightest of those."""

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
        """The show's while the show has one of them."""
        return SHOW if any(channel.effect == SHOW for channel in self.house.channels.values()) else None

    @in_words
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Take all channels over, or give them back to the show."""
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
        """Dark until they are given back or the show ends."""
        await asyncio.gather(
            *(self.coordinator.async_channel(channel, False) for channel in range(1, CHANNELS + 1))
        )
