"""A library with its librarian and real rendering workers, on songs made on the spot."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.library.cache import ShowCache
from yulelight.library.librarian import GetLibrary, Librarian, LibrarianMessage, LibraryState
from yulelight.library.show_source import LibraryShows, StyleCatalogue
from yulelight.library.songs import Library, LibrarySong
from yulelight.library.user_settings import UserSettings
from yulelight.show.look import LOOKS

RATE = 44_100


def make_song(path: Path, pitch: float = 440, seconds: float = 2.0) -> Path:
    """Two tones in turns with silence of a half and a whole second around."""
    path.parent.mkdir(parents=True, exist_ok=True)
    times = np.arange(RATE) / RATE
    second = 0.4 * np.sin(2 * np.pi * np.where(times % 0.5 < 0.25, pitch, 3 * pitch) * times)
    tones = np.tile(second, math.ceil(seconds))[: int(seconds * RATE)]
    soundfile.write(path, np.pad(tones, (RATE // 2, RATE)).astype(np.float32), RATE)
    return path


@dataclass(frozen=True)
class Shelf:
    """What a test needs of a running library."""

    library: Library
    shows: LibraryShows
    librarian: Ref[LibrarianMessage]
    states: Broadcast[LibraryState]
    supervisor: Supervisor

    async def ask(self, message: LibrarianMessage | None = None) -> LibraryState:
        state: LibraryState = await self.librarian.ask(message or GetLibrary(), timeout=60)
        return state

    async def until(
        self, condition: Callable[[LibraryState], object], patience: float = 90.0
    ) -> LibraryState:
        async with asyncio.timeout(patience):
            while not condition(state := await self.ask()):
                await asyncio.sleep(0.02)
        return state

    def named(self, title: str) -> LibrarySong:
        return next(found for found in self.library.songs() if found.song.title == title)


def shows_in(home: Path, limit: int = 10**9) -> LibraryShows:
    """The shows of ``home``/music, kept in ``home``."""
    return LibraryShows(
        Library([home / "music"], (), home / "index" / "songs.json"),
        user_settings=UserSettings(home / "library.json"),
        cache=ShowCache(home / "shows", limit),
        styles=StyleCatalogue(LOOKS),
        model="mel",
        look="lively",
    )


@asynccontextmanager
async def shelf(home: Path, *, limit: int = 10**9, settle: float = 0.0) -> AsyncIterator[Shelf]:
    """A library of ``home``/music, kept in ``home``, as after the start of a service."""
    shows, states = shows_in(home, limit), Broadcast[LibraryState]()
    async with Supervisor(max_restarts=0) as supervisor:
        ref = supervisor.start(lambda: Librarian(shows, states, settle=settle), "librarian")
        await supervisor.started(ref)
        yield Shelf(shows.library, shows, ref, states, supervisor)


def done(state: LibraryState) -> bool:
    return bool(state.songs) and not (state.waiting or state.scanning or state.rendering)
