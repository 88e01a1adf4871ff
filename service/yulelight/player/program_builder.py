"""Builds programs from requests: looks up songs, playlists and URLs. Blocking work runs in threads."""

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from yulelight.core.errors import CommandError, YulelightError
from yulelight.core.messages import CHANNELS, Announce, Play, Repeat, Song
from yulelight.core.web_address import checked, name_in
from yulelight.library.songs import LibrarySong
from yulelight.library.stations import MAX_SECONDS, Station, StationEntry, found_in
from yulelight.library.steps import Announcement, Step
from yulelight.player.options import Options
from yulelight.player.program import Item, Program, station_item
from yulelight.player.services import Music
from yulelight.player.show_queue import ShowQueue


class ProgramBuilder:
    """Builds programs from the available songs and playlists."""

    def __init__(self, music: Music) -> None:
        self._music = music

    async def program(self, play: Play, options: Options) -> tuple[Program, str]:
        """The requested program, and a message about songs that cannot be played. Raises CommandError."""
        shuffle = options.shuffle if play.shuffle is None else play.shuffle
        repeat = options.repeat if play.repeat is None else play.repeat
        if play.playlist is not None:
            return await self._of_playlist(play.playlist, play, options)
        if play.station is not None:
            items = [await self._station(play.station)]
        elif play.song is None and play.url is None:
            items = [Item(found.song) for found in await asyncio.to_thread(self._music.library.songs)]
            if not items:
                raise CommandError("there is no song to play; put music into a folder named by --music")
        else:
            items = [await self.item(play.song, play.url, play.title)]
        program = Program(_queue(items, shuffle and len(items) > 1, repeat))
        return self.with_wishes(program, play), ""

    async def item(self, song: str | None, url: str | None, title: str = "") -> Item:
        """A song by its id, or the audio at a URL. Raises CommandError or UsageError."""
        if url is not None:
            checked(url)
            text = "".join(c for c in title or name_in(url) if c.isprintable())[:200]
            return Item(Song("", text or "From the web"), url)
        if song is None:
            raise CommandError("name a song to play")
        found = await asyncio.to_thread(self._music.library.find, song)
        return Item(found.song)

    async def announcement(self, message: Announce) -> Item:
        """The item to announce. Raises CommandError or UsageError."""
        return await self.item(message.song, message.url, "Announcement" if message.url else "")

    async def _station(self, wanted: str) -> Item:
        known = await asyncio.to_thread(self._music.stations)
        return station_item(found_in(known, wanted))

    async def neighbour(self, song: Song | None, station: Station | None = None) -> Item:
        """The song after ``song`` in the library, or the kept station after ``station``, cyclically. Raises
        CommandError.
        """
        if station is not None:
            known = list(await asyncio.to_thread(self._music.stations)) or [station]
            place = known.index(station) if station in known else -1
            return station_item(known[(place + 1) % len(known)])
        songs = [found.song for found in await asyncio.to_thread(self._music.library.songs)]
        at = next((k for k, known in enumerate(songs) if song and known.id == song.id), -1)
        if not songs:
            raise CommandError("nothing follows, and the library is empty; name a song to play")
        return Item(songs[(at + 1) % len(songs)])

    def with_wishes(self, program: Program, play: Play) -> Program:
        """``program`` with the requested look, model and channels. Raises CommandError."""
        if play.look is not None and play.look not in self._music.styles.looks:
            raise CommandError(f"there is no such look; there are {', '.join(self._music.styles.looks)}")
        if any(not 1 <= channel <= CHANNELS for channel in play.channels):
            raise CommandError(f"channels are 1 to {CHANNELS}")
        return replace(
            program,
            look=play.look or program.look,
            model=play.model or program.model,
            channels=frozenset(play.channels) or program.channels,
        )

    async def named(self, program: Program) -> Program:
        """``program`` with titles from the library. Missing songs keep their known titles."""

        def look_up() -> dict[str, Item]:
            songs = {found.song.id: Item(found.song) for found in self._music.library.songs()}
            known = {each.id: each for each in self._music.stations()}
            keys = {entry.item.key for entry in (*program.queue.past, *program.queue.coming)}
            return songs | _stations(keys, known)

        items = await asyncio.to_thread(look_up)

        def name(entries: tuple) -> tuple:  # type: ignore[type-arg]
            return tuple(replace(e, item=items.get(e.item.key, e.item)) for e in entries)

        queue = program.queue
        return replace(program, queue=replace(queue, past=name(queue.past), coming=name(queue.coming)))

    async def steps(self, playlist: str) -> tuple[Item, ...]:
        """The steps after a playlist; empty if it no longer exists."""
        if not playlist:
            return ()
        try:
            found = await asyncio.to_thread(self._music.playlists.load, playlist)
        except YulelightError:
            return ()
        return (await self._items(found.post))[0]

    async def _of_playlist(self, playlist: str, play: Play, options: Options) -> tuple[Program, str]:
        found = await asyncio.to_thread(self._music.playlists.load, playlist)
        pre, missing = await self._items(found.pre)
        post, more = await self._items(found.post)
        missing = [*found.missing, *missing, *more]
        if not found.songs:
            raise CommandError(f"the playlist {found.id!r} has no song that can be played")
        shuffle = (found.shuffle or options.shuffle) if play.shuffle is None else play.shuffle
        usual = found.repeat if found.repeat is not Repeat.OFF else options.repeat
        queue = _queue([_item(each) for each in found.songs], shuffle, play.repeat or usual)
        program = Program(queue, pre, post, playlist=found.id)
        problem = ""
        if missing:
            names = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
            problem = f"{len(missing)} of the playlist {found.id!r} cannot be played and are skipped: {names}"
        return self.with_wishes(program, play), problem

    async def _items(self, steps: tuple[Step, ...]) -> tuple[tuple[Item, ...], list[str]]:
        items, missing = [], []
        for step in steps:
            if not isinstance(step, Announcement):
                if step.seconds > 0:
                    items.append(Item(scene=step))
                continue
            try:
                items.append(await self.item(step.song, None))
            except CommandError:
                missing.append("an announcement")
        return tuple(items), missing


def _stations(keys: Iterable[str], known: Mapping[str, Station]) -> dict[str, Item]:
    """The items of those ``keys`` (see Item.key) that are stations, with the time for which each plays."""
    found = {}
    for key in keys:
        id, at, seconds = key.partition("@")
        if at and id in known:
            with suppress(ValueError):
                found[key] = station_item(known[id], min(MAX_SECONDS, max(0.0, float(seconds))))
    return found


def _item(listed: LibrarySong | StationEntry) -> Item:
    if isinstance(listed, StationEntry):
        return station_item(listed.station, listed.seconds)
    return Item(listed.song)


def _queue(items: list[Item], shuffled: bool, repeat: Repeat) -> ShowQueue[Item]:
    return ShowQueue.of(items, shuffled=shuffled, repeat=repeat, seed=secrets.randbits(32))
