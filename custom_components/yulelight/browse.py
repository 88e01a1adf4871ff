"""The service's songs and playlists for Home Assistant's media browser and search."""

from contextlib import suppress
from typing import Any

from homeassistant.components.media_player import BrowseError, BrowseMedia, MediaClass, MediaType

from .const import DOMAIN
from .contract.client import Json, YulelightError
from .coordinator import YulelightCoordinator
from .entity import as_home_assistant_error
from .text import folded

PAGE_SIZE = 500
"""Songs per page of the browser."""


def play_fields(identifier: str) -> dict[str, Any] | None:
    """The fields of the ``play`` command for ``song/…``, ``playlist/…`` or ``station/…``; None for anything else."""
    kind, _, name = identifier.partition("/")
    return {kind: name} if kind in {"song", "playlist", "station"} and name else None


def of_song(song: Json, thumbnail: str | None) -> BrowseMedia:
    """A song as a playable item."""
    artist = song.get("artist")
    return BrowseMedia(
        media_class=MediaClass.TRACK,
        media_content_id=f"song/{song['id']}",
        media_content_type=MediaType.MUSIC,
        title=f"{artist} - {song['title']}" if artist else str(song["title"]),
        can_play=not song.get("problem"),
        can_expand=False,
        thumbnail=thumbnail,
    )


def of_playlist(playlist: Json) -> BrowseMedia:
    """A playlist as a playable and expandable item."""
    return BrowseMedia(
        media_class=MediaClass.PLAYLIST,
        media_content_id=f"playlist/{playlist['id']}",
        media_content_type=MediaType.PLAYLIST,
        title=str(playlist["id"]),
        can_play=True,
        can_expand=True,
    )


def of_station(station: Json) -> BrowseMedia:
    """A radio station as a playable item."""
    return BrowseMedia(
        media_class=MediaClass.CHANNEL,
        media_content_id=f"station/{station['id']}",
        media_content_type=MediaType.CHANNEL,
        title=str(station["name"]),
        can_play=True,
        can_expand=False,
    )


def folder(identifier: str, title: str, children: list[BrowseMedia] | None = None) -> BrowseMedia:
    """An expandable item."""
    return BrowseMedia(
        media_class=MediaClass.DIRECTORY,
        media_content_id=identifier,
        media_content_type="",
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
    )


class Browser:
    """Browses a service. ``thumbnail`` returns the URL of a song's cover, or None."""

    def __init__(self, coordinator: YulelightCoordinator, thumbnail: Any) -> None:
        """Create it without reading anything."""
        self._coordinator = coordinator
        self._thumbnail = thumbnail

    async def open(self, identifier: str) -> BrowseMedia:
        """The item ``identifier``; empty for the root. Raises BrowseError."""
        try:
            match identifier.partition("/"):
                case ("", _, _):
                    return self._root()
                case ("playlists", _, ""):
                    return self._playlists()
                case ("stations", _, ""):
                    return folder("stations", "Radio stations", await self._stations())
                case ("songs", _, page) if page.isdecimal() or not page:
                    return await self._songs(int(page or 0))
                case ("playlist", _, name) if name:
                    return await self._playlist(name)
        except YulelightError as error:
            raise as_home_assistant_error(error, BrowseError) from error
        raise BrowseError(
            translation_domain=DOMAIN,
            translation_key="nothing_there",
            translation_placeholders={"identifier": identifier},
        )

    async def _songs(self, first: int) -> BrowseMedia:
        body = await self._coordinator.client.get("songs", limit=PAGE_SIZE, offset=first)
        children = [self._song(song) for song in body["songs"]]
        after = first + len(children)
        if children and after < body.get("total", 0):
            children.append(folder(f"songs/{after}", f"Songs from {after + 1}"))
        return folder(f"songs/{first}" if first else "songs", "Songs", children)

    async def songs(self, search: str) -> list[BrowseMedia]:
        """Songs that match ``search``. Raises YulelightError."""
        body = await self._coordinator.client.get("songs", search=search, limit=PAGE_SIZE)
        return [self._song(song) for song in body["songs"]]

    async def search(self, text: str) -> list[BrowseMedia]:
        """Playlists, radio stations and songs that match, in this order. Raises YulelightError."""
        wanted = folded(text)
        stations: list[BrowseMedia] = []
        with suppress(YulelightError):  # an older service has none
            stations = [station for station in await self._stations() if wanted in folded(station.title)]
        playlists = [
            of_playlist(playlist)
            for playlist in self._coordinator.data.playlists
            if wanted in folded(str(playlist["id"]))
        ]
        return playlists + stations + await self.songs(text)

    def _root(self) -> BrowseMedia:
        shelves = [
            self._playlists(short=True),
            folder("stations", "Radio stations"),
            folder("songs", "Songs"),
        ]
        return folder("", self._coordinator.name, shelves)

    async def _stations(self) -> list[BrowseMedia]:
        return [of_station(each) for each in (await self._coordinator.client.get("stations"))["stations"]]

    def _playlists(self, short: bool = False) -> BrowseMedia:
        children = None if short else [of_playlist(item) for item in self._coordinator.data.playlists]
        return folder("playlists", "Playlists", children)

    async def _playlist(self, name: str) -> BrowseMedia:
        body = await self._coordinator.client.get(f"playlists/{name}")
        found = of_playlist(body)
        found.children = [self._song(item["song"]) for item in body["items"] if item.get("song")]
        return found

    def _song(self, song: Json) -> BrowseMedia:
        return of_song(song, self._thumbnail(song) if song.get("cover") else None)
