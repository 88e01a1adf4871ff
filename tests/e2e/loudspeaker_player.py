"""Runs inside Home Assistant: see loudspeaker.py."""

from homeassistant.components import media_source
from homeassistant.components.media_player import MediaPlayerEntity, MediaPlayerState
from homeassistant.components.media_player import MediaPlayerEntityFeature as Feature
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util


async def async_setup_platform(hass, config, async_add_entities, discovery_info=None):
    async_add_entities([Loudspeaker()])


class Loudspeaker(MediaPlayerEntity):
    _attr_name = "Loudspeaker"
    _attr_should_poll = False
    _attr_state = MediaPlayerState.IDLE
    _attr_volume_level = 0.4
    _attr_supported_features = (
        Feature.PLAY_MEDIA | Feature.PLAY | Feature.PAUSE | Feature.STOP | Feature.SEEK | Feature.VOLUME_SET
    )

    async def async_play_media(self, media_type, media_id, **kwargs):
        found = await media_source.async_resolve_media(self.hass, media_id, self.entity_id)
        async with async_get_clientsession(self.hass).get(found.url) as response:
            heard = await response.read()
        self._attr_extra_state_attributes = {"heard": len(heard) if response.ok else 0}
        self._attr_media_content_id = found.url
        self._at(MediaPlayerState.PLAYING, 0.0)

    async def async_media_play(self):
        self._at(MediaPlayerState.PLAYING, self._attr_media_position)

    async def async_media_pause(self):
        since = (dt_util.utcnow() - self._attr_media_position_updated_at).total_seconds()
        self._at(MediaPlayerState.PAUSED, self._attr_media_position + since)

    async def async_media_stop(self):
        self._attr_media_content_id = None
        self._at(MediaPlayerState.IDLE, None)

    async def async_media_seek(self, position):
        self._at(self._attr_state, position)

    async def async_set_volume_level(self, volume):
        self._attr_volume_level = volume
        self.async_write_ha_state()

    def _at(self, state, position):
        self._attr_state, self._attr_media_position = state, position
        self._attr_media_position_updated_at = dt_util.utcnow()
        self.async_write_ha_state()
