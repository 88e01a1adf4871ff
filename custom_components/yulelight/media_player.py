"""The show as a media player."""

from datetime import datetime
from typing import Any, override

from homeassistant.components import media_source
from homeassistant.components.media_player import (
    BrowseMedia,
    MediaPlayerDeviceClass,
    MediaPlayerEnqueue,
    MediaPlayerEntity,
    MediaPlayerState,
    MediaType,
    RepeatMode,
    SearchMedia,
    SearchMediaQuery,
    async_process_play_media_url,
)
from homeassistant.components.media_player import (
    MediaPlayerEntityFeature as Feature,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .browse import Browser, play_fields
from .const import DOMAIN
from .contract.client import Json, YulelightError
from .contract.models import Status
from .coordinator import YulelightConfigEntry, YulelightCoordinator
from .entity import YulelightEntity, as_home_assistant_error, in_words
from .media_source import own_identifier

PARALLEL_UPDATES = 0

STATES = {
    "idle": MediaPlayerState.IDLE,
    "loading": MediaPlayerState.BUFFERING,
    "pre_show": MediaPlayerState.PLAYING,
    "playing": MediaPlayerState.PLAYING,
    "live": MediaPlayerState.PLAYING,
    "post_show": MediaPlayerState.PLAYING,
    "paused": MediaPlayerState.PAUSED,
}


FIRST_VOLUME = 0.5
"""Volume after unmuting if the previous volume is unknown."""


async def async_setup_entry(
    hass: HomeAssistant, entry: YulelightConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """One player for the whole show."""
    async_add_entities([YulelightPlayer(entry.runtime_data)])


class YulelightPlayer(YulelightEntity, MediaPlayerEntity):
    """Plays songs and playlists with lights."""

    _attr_name = None
    _attr_device_class = MediaPlayerDeviceClass.SPEAKER
    _attr_media_content_type = MediaType.MUSIC
    _attr_supported_features = (
        Feature.PLAY
        | Feature.PAUSE
        | Feature.STOP
        | Feature.SEEK
        | Feature.NEXT_TRACK
        | Feature.PREVIOUS_TRACK
        | Feature.VOLUME_SET
        | Feature.VOLUME_STEP
        | Feature.VOLUME_MUTE
        | Feature.TURN_OFF
        | Feature.SHUFFLE_SET
        | Feature.REPEAT_SET
        | Feature.CLEAR_PLAYLIST
        | Feature.SELECT_SOURCE
        | Feature.PLAY_MEDIA
        | Feature.MEDIA_ENQUEUE
        | Feature.MEDIA_ANNOUNCE
        | Feature.BROWSE_MEDIA
        | Feature.SEARCH_MEDIA
    )

    def __init__(self, coordinator: YulelightCoordinator) -> None:
        """The player is the device's main entity and has its name."""
        super().__init__(coordinator, "player")
        self._loud = FIRST_VOLUME

    @override
    def shown(self) -> object:
        inputs = [(each["name"], each["state"]) for each in self.house.inputs]
        return self.house.status, self.house.playlists, inputs

    @property
    def _status(self) -> Status:
        return self.house.status

    @property
    @override
    def state(self) -> MediaPlayerState | None:
        return STATES.get(self._status.state)

    @property
    @override
    def media_content_id(self) -> str | None:
        song = self._status.song
        return f"song/{song.id}" if song and song.id else None

    @property
    @override
    def media_title(self) -> str | None:
        return self._status.song.title if self._status.song else None

    @property
    @override
    def media_artist(self) -> str | None:
        return self._status.song.artist or None if self._status.song else None

    @property
    @override
    def media_album_name(self) -> str | None:
        return self._status.song.album or None if self._status.song else None

    @property
    @override
    def media_playlist(self) -> str | None:
        return self._status.playlist or None

    @property
    @override
    def media_duration(self) -> int | None:
        song = self._status.song
        return round(song.duration) if song and song.duration else None

    @property
    @override
    def media_position(self) -> int | None:
        return round(self._status.position) if self._status.song else None

    @property
    @override
    def media_position_updated_at(self) -> datetime | None:
        return self.house.heard if self._status.song else None

    @property
    @override
    def volume_level(self) -> float:
        return self._status.volume

    @property
    @override
    def is_volume_muted(self) -> bool:
        return self._status.volume == 0

    @property
    @override
    def shuffle(self) -> bool:
        return self._status.shuffle

    @property
    @override
    def repeat(self) -> RepeatMode:
        return RepeatMode(self._status.repeat) if self._status.repeat in set(RepeatMode) else RepeatMode.OFF

    @property
    @override
    def source(self) -> str | None:
        lit = (str(each["name"]) for each in self.house.inputs if each["state"] == "playing")
        return self._status.playlist or next(lit, None)

    @property
    @override
    def source_list(self) -> list[str]:
        playlists = [str(playlist["id"]) for playlist in self.house.playlists]
        return playlists + [name for name in self._inputs if name not in playlists]

    @property
    def _inputs(self) -> list[str]:
        return [str(each["name"]) for each in self.house.inputs]

    @property
    @override
    def media_image_hash(self) -> str | None:
        song = self._status.song
        return song.id if song and song.cover else None

    @override
    async def async_get_media_image(self) -> tuple[bytes | None, str | None]:
        return await self._cover(self._status.song.id) if self._status.song else (None, None)

    @override
    async def async_get_browse_image(
        self, media_content_type: str, media_content_id: str, media_image_id: str | None = None
    ) -> tuple[bytes | None, str | None]:
        kind, _, song = media_content_id.partition("/")
        return await self._cover(song) if kind == "song" and song else (None, None)

    @in_words
    async def async_media_play(self) -> None:
        """Resume, or play the queue or the library."""
        await self.coordinator.async_command("play")

    @in_words
    async def async_media_pause(self) -> None:
        """Pause song and lights."""
        await self.coordinator.async_command("pause")

    @in_words
    async def async_media_stop(self) -> None:
        """End the show."""
        await self.coordinator.async_command("stop")

    @in_words
    async def async_media_next_track(self) -> None:
        """Skip the song."""
        await self.coordinator.async_command("next")

    @in_words
    async def async_media_previous_track(self) -> None:
        """Go back to the start of the song, or to the previous one."""
        await self.coordinator.async_command("previous")

    @in_words
    async def async_media_seek(self, position: float) -> None:
        """Seek within the song."""
        await self.coordinator.async_command("seek", position=position)

    @in_words
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume, 0 to 1."""
        await self.coordinator.async_command("volume", level=volume)

    @in_words
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute, or restore the previous volume."""
        if not self.is_volume_muted:
            self._loud = self._status.volume
        await self.coordinator.async_command("volume", level=0.0 if mute else self._loud)

    @in_words
    async def async_turn_off(self) -> None:
        """End the show; the lights return to their previous state."""
        await self.coordinator.async_command("stop")

    @in_words
    async def async_set_shuffle(self, shuffle: bool) -> None:
        """Turn shuffle on or off."""
        await self.coordinator.async_command("shuffle", on=shuffle)

    @in_words
    async def async_set_repeat(self, repeat: RepeatMode) -> None:
        """Set the repeat mode."""
        await self.coordinator.async_command("repeat", mode=str(repeat))

    @in_words
    async def async_clear_playlist(self) -> None:
        """Clear the queue."""
        await self.coordinator.async_command("queue_clear")

    @in_words
    async def async_select_source(self, source: str) -> None:
        """Play a playlist, or light a live input."""
        playlists = {str(playlist["id"]) for playlist in self.house.playlists}
        if source in self._inputs and source not in playlists:
            await self.coordinator.client.request("POST", f"inputs/{source}/play")
            return
        if source not in playlists:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_playlist",
                translation_placeholders={"playlist": source},
            )
        await self.coordinator.async_command("play", playlist=source)

    @in_words
    async def async_play_media(
        self,
        media_type: MediaType | str,
        media_id: str,
        enqueue: MediaPlayerEnqueue | None = None,
        announce: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Play a song, a playlist, or any media that Home Assistant can resolve to a URL."""
        what = await async_resolve(self.hass, self.coordinator, media_type, media_id, self.entity_id)
        if announce:
            if "playlist" in what or "station" in what:
                raise ServiceValidationError(translation_domain=DOMAIN, translation_key="announce_playlist")
            await self.coordinator.async_command("announce", **what)
            return
        how = {
            MediaPlayerEnqueue.ADD: "add",
            MediaPlayerEnqueue.NEXT: "next",
            MediaPlayerEnqueue.PLAY: "play",
        }
        await self.coordinator.async_command(
            "play", **what, enqueue=how.get(enqueue, "replace") if enqueue else "replace"
        )

    @override
    async def async_browse_media(
        self, media_content_type: MediaType | str | None = None, media_content_id: str | None = None
    ) -> BrowseMedia:
        if media_content_id and media_source.is_media_source_id(media_content_id):
            return await media_source.async_browse_media(self.hass, media_content_id, content_filter=_audible)
        found = await self._browser.open(media_content_id or "")
        if not media_content_id and found.children is not None:
            others = await media_source.async_browse_media(self.hass, None, content_filter=_audible)
            if others.domain is None and others.children:
                ours = DOMAIN
                found.children = [
                    *found.children,
                    *(child for child in others.children if getattr(child, "domain", None) != ours),
                ]
        return found

    @override
    async def async_search_media(self, query: SearchMediaQuery) -> SearchMedia:
        try:
            found = await self._browser.search(query.search_query)
        except YulelightError as error:
            raise as_home_assistant_error(error) from error
        wanted = query.media_filter_classes
        return SearchMedia(result=[item for item in found if not wanted or item.media_class in wanted])

    @property
    def _browser(self) -> Browser:
        def thumbnail(song: Json) -> str:
            return self.get_browse_image_url(MediaType.MUSIC, f"song/{song['id']}")

        return Browser(self.coordinator, thumbnail)

    async def _cover(self, song: str) -> tuple[bytes | None, str | None]:
        try:
            image = await self.coordinator.client.read("GET", f"songs/{song}/cover")
        except YulelightError:
            return None, None
        return image, "image/png" if image.startswith(b"\x89PNG") else "image/jpeg"


async def async_resolve(
    hass: HomeAssistant,
    coordinator: YulelightCoordinator,
    media_type: str,
    media_id: str,
    player: str | None = None,
) -> dict[str, Any]:
    """``{"song"|"playlist"|"station"|"url": …}`` for any media id: one of ours, of another source, a URL, or a name."""
    if identifier := own_identifier(coordinator, media_id):
        media_id = identifier
    elif media_source.is_media_source_id(media_id):
        resolved = await media_source.async_resolve_media(hass, media_id, player)
        return {"url": async_process_play_media_url(hass, resolved.url)}
    if fields := play_fields(media_id):
        return fields
    if media_id.startswith(("http://", "https://", "/")):
        return {"url": async_process_play_media_url(hass, media_id)}
    if any(playlist["id"] == media_id for playlist in coordinator.data.playlists):
        return {"playlist": media_id}
    found = await Browser(coordinator, lambda song: None).search(media_id)
    if media_type == MediaType.PLAYLIST:
        found = [item for item in found if item.media_content_type == MediaType.PLAYLIST]
    fields = play_fields(str(found[0].media_content_id)) if found else None
    if fields is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_media",
            translation_placeholders={"media": media_id},
        )
    return fields


def _audible(item: BrowseMedia) -> bool:
    return item.media_content_type.startswith("audio/")
