"""The service's songs for every media browser and player of Home Assistant."""

from typing import override

from homeassistant.components.media_player import BrowseError, BrowseMedia, MediaClass, MediaType
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .browse import Browser
from .client import YulelightError
from .const import DOMAIN
from .coordinator import YulelightCoordinator

PREFIX = f"media-source://{DOMAIN}/"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """All services' songs."""
    return YulelightMediaSource(hass)


def own_identifier(coordinator: YulelightCoordinator, media_id: str) -> str | None:
    """``song/…`` or ``playlist/…`` when ``media_id`` is of our source and of this service."""
    start = f"{PREFIX}{coordinator.config_entry.unique_id}/"
    return media_id.removeprefix(start) if media_id.startswith(start) else None


class YulelightMediaSource(MediaSource):
    """Identifiers are SERVICE/song/ID, SERVICE/playlist/ID, SERVICE/songs and SERVICE/playlists."""

    name = "Yulelight"

    def __init__(self, hass: HomeAssistant) -> None:
        """Reads nothing yet."""
        super().__init__(DOMAIN)
        self.hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        service, _, rest = item.identifier.partition("/")
        kind, _, song = rest.partition("/")
        if kind != "song" or not song:
            raise Unresolvable("only songs can be played elsewhere; playlists play on Yulelight itself")
        coordinator = self._coordinators().get(service)
        if coordinator is None:
            raise Unresolvable("this Yulelight service is not connected")
        try:
            link = await coordinator.client.get(f"songs/{song}/link")
        except YulelightError as error:
            raise Unresolvable(str(error)) from error
        return PlayMedia(f"{coordinator.client.url.origin()}{link['path']}", link.get("type", "audio/mpeg"))

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        coordinators = self._coordinators()
        if not item.identifier:
            if len(coordinators) == 1:
                [(service, coordinator)] = coordinators.items()
                return await self._open(service, coordinator, "")
            root = _folder(None, "Yulelight")
            root.children = [
                _folder(service, coordinator.name) for service, coordinator in coordinators.items()
            ]
            return root
        service, _, rest = item.identifier.partition("/")
        if service not in coordinators:
            raise BrowseError("this Yulelight service is not connected")
        return await self._open(service, coordinators[service], rest)

    async def _open(
        self, service: str, coordinator: YulelightCoordinator, identifier: str
    ) -> BrowseMediaSource:
        found = await Browser(coordinator, lambda song: None).open(identifier)
        return _as_source(service, found)

    def _coordinators(self) -> dict[str, YulelightCoordinator]:
        return {
            str(entry.unique_id): entry.runtime_data
            for entry in self.hass.config_entries.async_entries(DOMAIN)
            if entry.state is ConfigEntryState.LOADED
        }


def _as_source(service: str, item: BrowseMedia) -> BrowseMediaSource:
    song = item.media_class == MediaClass.TRACK
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{service}/{item.media_content_id}" if item.media_content_id else service,
        media_class=item.media_class,
        media_content_type="audio/mpeg" if song else MediaType.PLAYLIST,
        title=item.title,
        can_play=song,
        can_expand=item.can_expand,
        thumbnail=None,
        children=None if item.children is None else [_as_source(service, child) for child in item.children],
    )


def _folder(identifier: str | None, title: str) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
    )
