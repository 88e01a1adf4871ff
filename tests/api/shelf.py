"""A served house with real playlists and real files behind its songs."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.api.stubs import SONGS, House, Served, serve
from yulelight.actors import Broadcast, Ref
from yulelight.api.services import PlaylistService, Services, SoundService
from yulelight.audio.sound_outputs import SoundOutputs
from yulelight.core.errors import CommandError
from yulelight.library.playlist_watch import PlaylistWatch
from yulelight.library.playlists import Playlists
from yulelight.library.songs import LibrarySong
from yulelight.player.on_air import OnAir

NAMES = ("carol.mp3", "Silent Night.flac", "deck.wma", "plum.ogg", "wish.m4a", "dulci.ape")


class Shelf(House):
    """``music`` holds a file for each of SONGS, ``lists`` the playlists; ``wall`` is what a clock on it shows."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.music, self.lists = home / "music", home / "lists"
        self.music.mkdir()
        self.library = []
        for song, name in zip(SONGS, NAMES, strict=True):
            (self.music / name).write_bytes(song.id.encode() * 5000)
            self.library.append(LibrarySong(song, self.music / name))
        self.playlists = Playlists(self.lists, lambda: self.library)
        self.changes = Broadcast[str]()
        self.watch: Ref[None] | None = None
        self.wall = 1.8e9
        self.outputs = SoundOutputs({}, {"terrace": 0.25}, problems={"terrace": "no sound card was found"})

    def find(self, id: str) -> LibrarySong:
        for song in self.library:
            if song.song.id == id:
                return song
        raise CommandError("there is no such song")

    def services(self, *parts: Any) -> Services:
        def look() -> None:
            if self.watch is not None:
                self.watch.post(None)

        made = super().services(*parts)
        return dataclasses.replace(
            made,
            playlists=PlaylistService(self.playlists, self.changes, look),
            sound=SoundService(self.outputs, OnAir(), self.find),
            security=dataclasses.replace(made.security, wall=lambda: self.wall),
        )


@asynccontextmanager
async def shelf(home: Path, pace: float = 3600.0) -> AsyncIterator[tuple[Shelf, Served]]:
    """The watcher looks every ``pace`` seconds, and when told."""
    house = Shelf(home)
    async with serve(house) as served:
        house.watch = served.supervisor.start(
            lambda: PlaylistWatch(house.playlists, house.changes, pace), "lists"
        )
        await served.supervisor.started(house.watch)
        yield house, served
