"""The actor that takes the wishes of guests and passes them to the director, if the rules permit."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yulelight.actors import Actor, Broadcast, Ref
from yulelight.core.errors import CommandError, StorageError, UsageError, YulelightError
from yulelight.core.json_file import JsonFile
from yulelight.core.messages import Command, Song, Status, Unwish, Wish
from yulelight.guests.book import GuestBook, Rules
from yulelight.library.playlists import Playlists
from yulelight.library.songs import LibrarySong

log = logging.getLogger(__name__)

MAX_SONGS = 500
"""Songs to choose from; the rest of a longer playlist is left out."""
FRESH = 10.0
"""Seconds after which the playlist is read again."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the owner has chosen. ``on``: whether guests may wish; ``playlist``: from which list, "" for none yet."""

    on: bool = False
    playlist: str = ""


@dataclass(frozen=True, slots=True)
class GetGuests:
    """Answers with a GuestView."""


@dataclass(frozen=True, slots=True)
class SetGuests:
    """Change the owner's choice; None keeps it. Answers with a GuestView, or with UsageError or NoSuchPlaylist."""

    on: bool | None = None
    playlist: str | None = None


@dataclass(frozen=True, slots=True)
class MakeWish:
    """A guest wishes for a song. ``names``: what identifies the guest, such as an address. Answers with a GuestView,
    or with CommandError and the reason.
    """

    song: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveWish:
    """The owner removes a wish. Answers with a GuestView."""

    song: str


@dataclass(frozen=True, slots=True)
class _News:
    """The player plays something else, or wishes have changed."""


GuestMessage = GetGuests | SetGuests | MakeWish | RemoveWish | _News


@dataclass(frozen=True, slots=True)
class GuestView:
    """What the owner and the guests see."""

    on: bool
    playlist: str
    closed: str
    """Why nobody can wish at present; empty if wishes are accepted."""
    songs: tuple[Song, ...]
    """What may be wished for."""
    resting: frozenset[str]
    """Ids of those songs that cannot be wished for at present."""
    waiting: tuple[Song, ...]
    """The wishes that wait, in the order in which they will be heard."""
    playing: Song | None
    rules: Rules


class GuestDesk(Actor[GuestMessage]):
    """``file`` keeps the owner's choice, ``usual`` holds until there is one; ``local`` tells the house's time."""

    def __init__(
        self,
        *,
        rules: Rules,
        usual: Choice,
        file: Path,
        playlists: Playlists,
        director: Ref[Command],
        statuses: Broadcast[Status],
        views: Broadcast[GuestView],
        local: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        self._book, self._choice = GuestBook(rules), usual
        self._file: JsonFile[Choice] = JsonFile(file, Choice)
        self._playlists, self._director = playlists, director
        self._statuses, self._views = statuses, views
        self._local, self._clock = local, clock
        self._songs: Mapping[str, Song] = {}
        self._read: tuple[str, float] | None = None
        """The playlist that was read, and when."""
        self._status = Status()

    async def started(self) -> None:
        try:
            kept: Choice | None = await asyncio.to_thread(self._file.load)
            self._choice = kept or self._choice
        except (OSError, ValueError) as error:
            log.warning("what guests may do cannot be read: %s; the settings apply", error)
        if self._statuses.latest is not None:
            self._note(self._statuses.latest)
        self.spawn(self._listen(), "statuses")

    async def receive(self, message: GuestMessage) -> object:
        match message:
            case SetGuests():
                await self._set(message)
            case MakeWish(song, names):
                await self._wish(song, names)
            case RemoveWish(song):
                await self._director.ask(Unwish(song))
            case GetGuests() | _News():
                pass
        if not isinstance(message, GetGuests | _News):
            self._note(self._statuses.latest or self._status)
        view = await self._view()
        if not isinstance(message, GetGuests):
            self._views.publish(view)
        return view

    async def _listen(self) -> None:
        with self._statuses.subscribe(16) as statuses:
            async for status in statuses:
                if self._note(status):
                    self.ref.post(_News())

    def _note(self, status: Status) -> bool:
        self._status = status
        return self._book.note(status, self._clock())

    async def _set(self, change: SetGuests) -> None:
        old = self._choice
        playlist = old.playlist
        if change.playlist is not None:
            playlist = (await asyncio.to_thread(self._playlists.load, change.playlist)).id
        on = old.on if change.on is None else change.on
        if on and not playlist:
            raise UsageError('name the playlist from which guests may choose: "playlist"')
        chosen = Choice(on, playlist)
        try:
            await asyncio.to_thread(self._file.save, chosen)
        except OSError as error:
            raise StorageError.of("what guests may do", error) from error
        self._choice, self._read = chosen, None

    async def _wish(self, song: str, names: Sequence[str]) -> None:
        if not self._choice.on:
            raise CommandError("wishes are not taken here")
        now = self._clock()
        self._book.check(song, await self._allowed(), names, local=self._local().time(), now=now)
        await self._director.ask(Wish(song))
        self._book.count(names, now)

    async def _allowed(self) -> Mapping[str, Song]:
        """The songs of the playlist by id; empty if it cannot be read."""
        playlist, now = self._choice.playlist, self._clock()
        if self._read is not None and self._read[0] == playlist and now - self._read[1] < FRESH:
            return self._songs
        songs: Mapping[str, Song] = {}
        if playlist:
            try:
                found = await asyncio.to_thread(self._playlists.load, playlist)
                listed = [each.song for each in found.songs if isinstance(each, LibrarySong)]
                songs = {song.id: song for song in listed[:MAX_SONGS]}
            except YulelightError as error:
                log.warning("guests cannot choose from their playlist: %s", error)
        self._songs, self._read = songs, (playlist, now)
        return songs

    async def _view(self) -> GuestView:
        allowed, now, status = await self._allowed(), self._clock(), self._status
        closed = self._book.closed(self._local().time())
        if not closed and not allowed:
            closed = "there is no song on the list"
        queued = {song.id: song for song in status.queue}
        waiting = (allowed.get(id) or queued.get(id) for id in self._book.waiting)
        return GuestView(
            self._choice.on,
            self._choice.playlist,
            closed,
            tuple(allowed.values()),
            frozenset(id for id in allowed if self._book.resting(id, now)),
            tuple(song for song in waiting if song is not None),
            status.song,
            self._book.rules,
        )
