"""Runs inside Home Assistant: see loudspeaker.py."""

from typing import Any

from homeassistant.components import media_source
from homeassistant.components.media_player import MediaPlayerEntity, MediaPlayerState
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType
from homeassistant.util import dt as dt_util


async def async_setup_platform(
    hass: HomeAssistant,
    config: ConfigType,
    async_add_entities: AddEntitiesCallback,
    discovery_info: DiscoveryInfoType | None = None,
) -> None:
    async_add_entities([Loudspeaker()])


class Loudspeaker(MediaPlayerEntity):
    _attr_name = "Loudspeaker"
    _attr_should_poll = False
    _attr_state = MediaPlayerState.IDLE
    _attr_volume_level = 0.4
    _position = 0.0
    _since = dt_util.utcnow()
    _attr_supported_features = (
        Feature.PLAY_MEDIA | Feature.PLAY | Feature.PAUSE | Feature.STOP | Feature.SEEK | Feature.VOLUME_SET
    )

    async def async_play_media(self, media_type: str, media_id: str, **kwargs: Any) -> None:
        found = await media_source.async_resolve_media(self.hass, media_id, self.entity_id)
        async with async_get_clientsession(self.hass).get(found.url) as response:
            heard = await response.read()
        self._attr_extra_state_attributes = {"heard": len(heard) if response.ok else 0}
        self._attr_media_content_id = found.url
        self._at(MediaPlayerState.PLAYING, 0.0)

    async def async_media_play(self) -> None:
        self._at(MediaPlayerState.PLAYING, self._position)

    async def async_media_pause(self) -> None:
        passed = (dt_util.utcnow() - self._since).total_seconds()
        self._at(MediaPlayerState.PAUSED, self._position + passed)

    async def async_media_stop(self) -> None:
        self._attr_media_content_id = None
        self._at(MediaPlayerState.IDLE, None)

    async def async_media_seek(self, position: float) -> None:
        self._at(self._attr_state or MediaPlayerState.IDLE, position)

    async def async_set_volume_level(self, volume: float) -> None:
        self._attr_volume_level = volume
        self.async_write_ha_state()

    def _at(self, state: MediaPlayerState, position: float | None) -> None:
        self._attr_state = state
        self._position, self._since = position or 0.0, dt_util.utcnow()
        self._attr_media_position = position  # type: ignore[assignment]  # whole seconds only by its type
        self._attr_media_position_updated_at = self._since
        self.async_write_ha_state()
