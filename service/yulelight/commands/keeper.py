"""Library access for the command line: through the running service, or with a librarian of its own."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.api import library_wire
from yulelight.app.music import index_of, library_of, music_of
from yulelight.app.parts.library import shows_of
from yulelight.app.settings import Settings
from yulelight.commands.client import Client, connected
from yulelight.core.errors import NetworkError
from yulelight.library.librarian import (
    GetLibrary,
    Librarian,
    LibrarianMessage,
    LibraryState,
    RenderSong,
    Rescan,
    Rest,
)
from yulelight.library.search import search
from yulelight.library.show_source import LibraryShows

_ACTIONS: dict[str, LibrarianMessage] = {"rescan": Rescan(), "pause": Rest(True), "resume": Rest(False)}


class Keeper(Protocol):
    """Access to the library; results are those of the API (docs/http-api.md). Raises YulelightError."""

    remote: bool
    """Whether a running service does the work in the background."""

    async def state(self) -> dict[str, Any]:
        """The state of the library."""

    async def act(self, action: str) -> dict[str, Any]:
        """Carries out "rescan", "pause" or "resume"; returns the new state."""

    async def songs(self, words: str, artist: str, album: str) -> list[dict[str, Any]]:
        """All matching songs."""

    async def render(self, song: str) -> None:
        """Renders this song next."""


class _Remote:
    remote = True

    def __init__(self, client: Client) -> None:
        self._client = client

    async def state(self) -> dict[str, Any]:
        return await self._client.get("library")

    async def act(self, action: str) -> dict[str, Any]:
        return await self._client.post("library", {"action": action})

    async def songs(self, words: str, artist: str, album: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            query: dict[str, str | int] = {
                "search": words,
                "artist": artist,
                "album": album,
                "offset": len(found),
            }
            page = await self._client.get("songs", **query)
            found += page["songs"]
            if not page["songs"] or len(found) >= page["total"]:
                return found

    async def render(self, song: str) -> None:
        await self._client.post(f"songs/{song}/render", {})


class _Local:
    remote = False

    def __init__(self, librarian: Ref[LibrarianMessage], shows: LibraryShows) -> None:
        self._librarian, self._shows = librarian, shows

    async def state(self) -> dict[str, Any]:
        return library_wire.state(await self._librarian.ask(GetLibrary()))

    async def act(self, action: str) -> dict[str, Any]:
        return library_wire.state(await self._librarian.ask(_ACTIONS[action]))

    async def songs(self, words: str, artist: str, album: str) -> list[dict[str, Any]]:
        await scanned(self)

        def listed() -> list[dict[str, Any]]:
            found = search(self._shows.library.songs(), words, artist, album)
            return [library_wire.song(song, self._shows.rendered(song)) for song in found]

        return await asyncio.to_thread(listed)

    async def render(self, song: str) -> None:
        await self._librarian.ask(RenderSong(song))


async def scanned(kept: Keeper) -> dict[str, Any]:
    """The state once no scan is in progress."""
    while True:
        state = await kept.state()
        if not state["scanning"]:
            return state
        await asyncio.sleep(0.1)


@asynccontextmanager
async def keeper(settings: Settings, *, render: bool = False) -> AsyncIterator[Keeper]:
    """The service that runs with ``settings``, otherwise a librarian for the block, which renders if requested."""
    async with AsyncExitStack() as stack:
        try:
            remote = _Remote(await stack.enter_async_context(connected(settings)))
            await remote.state()
        except NetworkError:
            pass
        else:
            yield remote
            return
    library = library_of(await asyncio.to_thread(music_of, settings), index_of(settings))
    shows = await asyncio.to_thread(shows_of, settings, library)
    states: Broadcast[LibraryState] = Broadcast()
    workers, settle = settings.library.workers, 0.0 if render else math.inf
    async with Supervisor() as supervisor:
        ref = supervisor.start(lambda: Librarian(shows, states, workers=workers, settle=settle), "librarian")
        await supervisor.started(ref)
        yield _Local(ref, shows)
