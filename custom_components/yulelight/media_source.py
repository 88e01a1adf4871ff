"""A media source with the service's songs, for all players of Home Assistant."""

from ipaddress import ip_address
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
from homeassistant.helpers.network import NoURLAvailableError, get_url
from yarl import URL

from .browse import Browser
from .const import DOMAIN
from .contract.client import YulelightError
from .coordinator import YulelightCoordinator
from .entity import as_home_assistant_error

PREFIX = f"media-source://{DOMAIN}/"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """The songs of all services."""
    return YulelightMediaSource(hass)


def own_identifier(coordinator: YulelightCoordinator, media_id: str) -> str | None:
    """``song/…`` or ``playlist/…`` if ``media_id`` belongs to our source and to this service."""
    start = f"{PREFIX}{coordinator.config_entry.unique_id}/"
    return media_id.removeprefix(start) if media_id.startswith(start) else None


def media_id_of(coordinator: YulelightCoordinator, song: str) -> str:
    """The media id of a song for any player; it resolves to a link that is valid for a day."""
    return f"{PREFIX}{coordinator.config_entry.unique_id}/song/{song}"


def reachable(hass: HomeAssistant, url: URL) -> URL:
    """The service's address for remote players; if it is only reachable locally, the address of this machine."""
    host = url.host or ""
    if host != "localhost" and not is_loopback_name(host) and ("." in host or ":" in host):
        return url
    try:
        own = URL(get_url(hass, prefer_external=False)).host
    except NoURLAvailableError:
        return url
    return url.with_host(own) if own else url


def is_loopback_name(host: str) -> bool:
    """Whether ``host`` is a loopback address or name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class YulelightMediaSource(MediaSource):
    """Identifiers are SERVICE/song/ID, SERVICE/playlist/ID, SERVICE/songs and SERVICE/playlists."""

    name = "Yulelight"

    def __init__(self, hass: HomeAssistant) -> None:
        """Create the source without reading anything."""
        super().__init__(DOMAIN)
        self.hass = hass

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        service, _, rest = item.identifier.partition("/")
        kind, _, song = rest.partition("/")
        if kind != "song" or not song:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="only_songs")
        coordinator = self._coordinators().get(service)
        if coordinator is None:
            raise Unresolvable(translation_domain=DOMAIN, translation_key="service_away")
        try:
            link = await coordinator.client.get(f"songs/{song}/link")
        except YulelightError as error:
            raise as_home_assistant_error(error, Unresolvable) from error
        address = reachable(self.hass, coordinator.client.url)
        return PlayMedia(f"{address.origin()}{link['path']}", str(link.get("content_type", "audio/mpeg")))

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
            raise BrowseError(translation_domain=DOMAIN, translation_key="service_away")
        return await self._open(service, coordinators[service], rest)

    async def _open(
        self, service: str, coordinator: YulelightCoordinator, identifier: str
    ) -> BrowseMediaSource:
        found = await Browser(coordinator, lambda song: None).open(identifier)
        if found.children is not None:  # other players tune in by themselves
            found.children = [child for child in found.children if child.media_content_id != "stations"]
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
