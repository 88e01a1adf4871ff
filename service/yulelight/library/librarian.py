"""The librarian: keeps the list of songs up to date and has each song rendered once, in the background."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yulelight.actors import Actor, Broadcast, Ref
from yulelight.core.errors import StorageError, YulelightError
from yulelight.library.background import Background
from yulelight.library.show_source import LibraryShows
from yulelight.library.survey import Survey, survey
from yulelight.library.watch import watch

log = logging.getLogger(__name__)

SAVE_EVERY = 15.0
"""Seconds between two writes of what became known while rendering."""


@dataclass(frozen=True, slots=True)
class LibraryState:
    """The library as clients see it."""

    songs: int = 0
    rendered: int = 0
    """Songs whose show is in the cache."""
    waiting: int = 0
    rendering: str = ""
    """Title of the song being rendered in the background; empty if there is none."""
    progress: float = 0.0
    """0..1 of that song."""
    unplayable: int = 0
    """Songs that cannot be played, each with the reason."""
    missing: tuple[Path, ...] = ()
    """Music folders and files from the settings that are missing at present."""
    paused: bool = False
    scanning: bool = False
    cache_bytes: int = 0
    cache_limit: int = 0
    message: str = ""
    """Why background rendering cannot continue, worded for the user."""


@dataclass(frozen=True, slots=True)
class Rescan:
    """Scan for songs now."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Pause background rendering while ``on``; stored across restarts."""

    on: bool


@dataclass(frozen=True, slots=True)
class RenderSong:
    """Render this song next, even while background rendering is paused. Raises CommandError if there is no such
    song.
    """

    song: str


@dataclass(frozen=True, slots=True)
class ChangeSong:
    """Change settings of a song, validated by ``yulelight.library.user_settings.checked``; None removes one."""

    song: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GetLibrary:
    """Answers with the LibraryState."""


@dataclass(frozen=True, slots=True)
class _Count:
    """Something changed: count again."""


@dataclass(frozen=True, slots=True)
class _Save:
    """Write the index."""


LibrarianMessage = Rescan | Rest | RenderSong | ChangeSong | GetLibrary | _Count | _Save


@dataclass(frozen=True, slots=True)
class LibraryAccess:
    """Access to the library, for the API."""

    librarian: Ref[LibrarianMessage]
    shows: LibraryShows
    states: Broadcast[LibraryState]


class Librarian(Actor[LibrarianMessage]):
    """Answers every message with the LibraryState, and publishes it on every change.

    ``workers`` songs are rendered at a time; none without a request in the first ``settle`` seconds.
    """

    def __init__(
        self,
        shows: LibraryShows,
        states: Broadcast[LibraryState],
        *,
        workers: int = 1,
        settle: float = 10.0,
    ) -> None:
        self._shows, self._library, self._cache = shows, shows.library, shows.cache
        self._states, self._workers, self._settle = states, workers, settle
        self._background = Background(shows, self._publish)
        self._counting = asyncio.Lock()
        self._scanning = self._again = False
        self._missing: tuple[Path, ...] = ()

    async def started(self) -> None:
        await asyncio.to_thread(self._open)
        self._shows.changed = self._changed
        self._scan()
        self.spawn(watch(self._library.places, lambda: self.ref.post(Rescan())), "watch")
        for number in range(self._workers):
            self.spawn(self._background.serve(self._settle), f"renderer {number + 1}")
        self.every(SAVE_EVERY, _Save())

    async def stopped(self) -> None:
        await asyncio.to_thread(self._save)

    async def receive(self, message: LibrarianMessage) -> object:
        match message:
            case Rescan():
                self._scan()
            case Rest(on):
                await self._rest(on)
            case RenderSong(song):
                await asyncio.to_thread(self._library.find, song)
                if song not in self._background.survey.rendered:
                    self._background.ask(song)
            case ChangeSong(song, changes):
                await self._change(song, changes)
            case _Count():
                await self._count()
            case _Save():
                await asyncio.to_thread(self._save)
        return self._publish()

    def _changed(self) -> None:
        self.ref.post(_Count())

    def _open(self) -> None:
        try:
            self._cache.open()
        except OSError as error:
            folder = self._cache.folder
            raise YulelightError(
                f"cannot keep shows in {folder}: {error.strerror}; choose another folder with --data"
            ) from error

    def _scan(self) -> None:
        """Scans now, or again after the scan in progress."""
        if self._scanning:
            self._again = True
            return
        self._scanning = True
        self.spawn(self._scan_now(), "scan")

    async def _scan_now(self) -> None:
        self._publish()
        while True:
            self._again = False
            await asyncio.to_thread(self._library.scan, self._listed(asyncio.get_running_loop()))
            self._note_missing()
            await asyncio.to_thread(self._save)
            await self._count()
            if not self._again:
                break
        self._scanning = False
        self._publish()

    def _listed(self, loop: asyncio.AbstractEventLoop) -> Callable[[], object]:
        """The callback of the scan, called in its thread, so that songs are counted as they are found."""

        def told() -> None:
            self._note_missing()
            loop.call_soon_threadsafe(self._changed)

        return told

    def _note_missing(self) -> None:
        before, self._missing = self._missing, self._library.missing
        for place in self._missing:
            if place not in before:
                log.warning(
                    "no music at %s at present; its songs are available again as soon as it is back", place
                )
        for place in before:
            if place not in self._missing:
                log.info("the music at %s is available", place)

    async def _count(self) -> None:
        async with self._counting:
            try:
                # A song finished in the meantime may have been counted before: then count again.
                done = -1
                while done != self._background.finished:
                    done, found = self._background.finished, await asyncio.to_thread(self._look)
                self._background.take(found)
            except YulelightError as error:
                log.warning("%s", error)
        self._publish()

    def _look(self) -> Survey:
        self._shows.refresh()
        songs, absent = self._library.songs(), self._library.absent()
        return survey(songs, lambda found: self._shows.dress(found).plan, self._cache, absent)

    async def _rest(self, on: bool) -> None:
        try:
            await asyncio.to_thread(self._shows.user_settings.pause, on)
        except OSError as error:
            # It applies, and the asker learns that a restart will end it.
            raise StorageError.of("the pause lasts until the next start, but", error) from error
        finally:
            # Only now, since a renderer that checks earlier would see the old value.
            if on:
                self._background.rest()
            else:
                self._background.wake()

    async def _change(self, song: str, changes: Mapping[str, Any]) -> None:
        await asyncio.to_thread(self._library.find, song)
        try:
            await asyncio.to_thread(self._shows.user_settings.change, song, changes)
        except OSError as error:
            raise StorageError.of("the song's settings", error) from error
        await self._count()

    def _save(self) -> None:
        try:
            self._library.save()
        except OSError as error:
            log.warning("the list of songs cannot be saved (%s): the next start reads all songs again", error)

    def _publish(self) -> LibraryState:
        background = self._background
        state = LibraryState(
            songs=background.survey.total,
            rendered=len(background.survey.rendered),
            waiting=len(background.survey.waiting),
            unplayable=len(background.survey.unplayable),
            missing=self._missing,
            rendering=background.rendering,
            progress=round(background.progress, 2),
            paused=self._shows.user_settings.paused,
            scanning=self._scanning,
            cache_bytes=self._cache.bytes,
            cache_limit=self._cache.limit,
            message=background.message,
        )
        if state != self._states.latest:
            self._states.publish(state)
        return state
