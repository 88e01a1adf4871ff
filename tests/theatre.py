"""A director and lights, the real ones, in a house of tiny songs; and a node and a speaker that remember."""

import asyncio
import bisect
import math
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.core.errors import AudioError, CommandError
from yulelight.core.messages import Packet, ShowEvent, Song, State, Status
from yulelight.dsp.samples import Floats
from yulelight.library.playlists import Playlist
from yulelight.library.show_source import StyleCatalogue
from yulelight.library.shows import Prepared, SongSettings
from yulelight.library.songs import Library, LibrarySong
from yulelight.library.stations import Station
from yulelight.lights.messages import DARK, LightsMessage, Standing
from yulelight.lights.mixer import Lights
from yulelight.player.director import Director, DirectorMessage
from yulelight.player.on_air import OnAir
from yulelight.player.options import Options
from yulelight.player.services import Feeds, HouseLights, Music, Restarts, Sound
from yulelight.safety.frame import LightFrame
from yulelight.show.look import LOOKS, Look
from yulelight.show.show import Show

RATE = 50.0
MODEL = "mel"
BROKEN = "broken"


@cache
def styles() -> StyleCatalogue:
    """Loaded once for all tests."""
    clothes = StyleCatalogue(LOOKS)
    clothes.encoder(MODEL)
    return clothes


class TinyShows:
    """Song number k lights channel k + 1, brighter with other looks; broken ones fail. Nothing is decoded."""

    def __init__(self, seconds: float = 5.0) -> None:
        self.seconds = seconds
        self.chosen: dict[str, SongSettings] = {}
        self.trimmed = (0.0, 0.0)
        self.asked: list[tuple[str, str]] = []
        self.gate: asyncio.Event | None = None
        self.preferred: list[tuple[str, str]] = []
        """The models and looks in which songs are to be prepared."""

    def settings(self, song: str) -> SongSettings:
        return self.chosen.get(song, SongSettings())

    def prefer(self, *, model: str, look: str) -> None:
        self.preferred.append((model, look))

    async def show(
        self, found: LibrarySong, encoder: Any, look: Look, progress: Callable[[float], None] | None = None
    ) -> Prepared:
        name = next(name for name, known in LOOKS.items() if known == look)
        self.asked.append((found.song.title, name))
        if self.gate is not None:
            await self.gate.wait()
        if BROKEN in found.song.title:
            raise AudioError(f"{found.song.title} cannot be read")
        levels = np.zeros((round(self.seconds * RATE), 8), np.uint8)
        levels[:, channel_of(found.song)] = 200 if name == "lively" else 250
        show = Show(levels, levels > 0, RATE, (0.0, self.seconds / 2), MODEL)
        start, cut = self.trimmed
        return Prepared(show, start, show.duration - cut, delay=self.settings(found.song.id).delay)


def channel_of(song: Song) -> int:
    """0..7."""
    return int(song.title.split()[-1]) % 8


class Lists:
    """Playlists by id."""

    def __init__(self) -> None:
        self.lists: dict[str, Playlist] = {}

    def load(self, id: str) -> Playlist:
        if id not in self.lists:
            raise CommandError("there is no such playlist")
        return self.lists[id]


class Ear:
    """A speaker that knows what it would sound when."""

    def __init__(self, clock: Callable[[], float], length: float) -> None:
        self._clock = clock
        self.level = 1.0
        self.length = length
        """Seconds of each song."""
        self.told: list[tuple[str, str, float, float]] = []
        """("play" or "follow", song, position, at)."""
        self.streamed: Iterator[Floats] = iter(())
        """What is to be heard of a stream."""
        self._pieces: list[tuple[float, Path, float]] = []

    def play(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        self.told.append(("play", song.stem, position, at))
        self._pieces = [(at, song, position)]

    def follow(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        self.told.append(("follow", song.stem, position, at))
        self._pieces = [piece for piece in self._pieces if piece[0] < at]
        self._pieces.append((at, song, position))

    def stream(self, blocks: Callable[[], Iterator[Floats]], at: float) -> None:
        self.told.append(("stream", "", 0.0, at))
        self.streamed = blocks()
        self._pieces = [(at, Path("stream"), -math.inf)]

    def volume(self, level: float) -> None:
        self.level = level

    def stop(self) -> None:
        self._pieces = []

    def wait(self, delay: float) -> float:
        return delay

    def hears(self, now: float) -> tuple[str, float] | None:
        """Song and position that sound; None in silence."""
        begun = [piece for piece in self._pieces if piece[0] <= now]
        position = begun[-1][2] + now - begun[-1][0] if begun else 0.0
        return (begun[-1][1].stem, position) if begun and position < self.length else None


class Node:
    """Takes packets at their word, as docs/mqtt.md says."""

    def __init__(self) -> None:
        self._frames: list[tuple[float, LightFrame]] = []
        self._session = -1
        self.taken = 0
        """Number of packets."""

    def take(self, packet: Packet, now: float) -> None:
        self.taken += 1
        if packet.session != self._session:
            self._session = packet.session
            self._cut(max(now, packet.at / 1e6))
        at = packet.at / 1e6
        self._cut(at)
        for k, frame in enumerate(zip(packet.levels, packet.switched, strict=True)):
            self._frames.append((at + k * packet.interval / 1e6, frame))

    def _cut(self, at: float) -> None:
        self._frames = self._frames[: bisect.bisect_left(self._frames, at, key=lambda entry: entry[0])]

    def shows(self, at: float) -> LightFrame:
        """The frame at a moment."""
        k = bisect.bisect_right(self._frames, at + 1e-6, key=lambda entry: entry[0])
        return self._frames[k - 1][1] if k else DARK


class Theatre:
    """All that a test can do and see."""

    def __init__(
        self,
        music: Music,
        lights: Ref[LightsMessage],
        clock: Callable[[], float],
        shows: TinyShows,
        lists: Lists,
        ear: Ear,
        songs: list[Song],
        air: OnAir,
    ) -> None:
        self.library, self.lights, self.clock = music.library, lights, clock
        self.stations: list[Station] = []
        self.folder = Path()
        self.shows, self.lists, self.ear, self.songs, self.air = shows, lists, ear, songs, air
        self.feeds = Feeds(Broadcast(), Broadcast())
        self.node = Node()
        self.events: list[ShowEvent] = []
        self.director: Ref[DirectorMessage]

    @property
    def now(self) -> float:
        return self.clock()

    @property
    def status(self) -> Status:
        status = self.feeds.statuses.latest
        assert status is not None
        return status

    async def say(self, message: DirectorMessage) -> Status:
        """A command; the status after it."""
        status: Status = await self.director.ask(message)
        await settle()
        return status

    async def until(self, condition: Callable[[], object], patience: float = 60.0) -> None:
        """Waits in virtual time."""
        async with asyncio.timeout(patience):
            while not condition():
                await asyncio.sleep(0.01)

    async def state(self, wanted: State) -> Status:
        """Waits for it."""
        await self.until(lambda: self.status.state is wanted)
        return self.status

    async def plays(self, song: int) -> None:
        """Waits until the song with this number plays."""
        await self.until(
            lambda: (
                self.status.state is State.PLAYING
                and self.status.song is not None
                and self.status.song.title.endswith(f" {song}")
            )
        )

    @property
    def levels(self) -> bytes:
        return self.node.shows(self.now)[0]


async def settle() -> None:
    """Lets everybody read what was said."""
    for _ in range(5):
        await asyncio.sleep(0)


@asynccontextmanager
async def theatre(
    folder: Path,
    *,
    songs: int = 4,
    seconds: float = 5.0,
    broken: tuple[int, ...] = (),
    remember: bool = False,
    idle: LightFrame = DARK,
    resume_within: float = 0.0,
    remote: bool = False,
    wall: Callable[[], float] | None = None,
) -> AsyncIterator[Theatre]:
    """A running theatre with songs "song 0", "song 1", …; those in ``broken`` cannot be played.

    ``remote``: sound is heard on a player elsewhere.
    """
    loop = asyncio.get_running_loop()
    files = folder / "music"
    files.mkdir(exist_ok=True)
    for k in range(songs):
        (files / f"{BROKEN if k in broken else 'song'} {k}.mp3").write_bytes(b"no music")
    library = Library([files])
    found = sorted((known.song for known in library.scan()), key=lambda song: song.title.split()[-1])
    packets: Broadcast[Packet] = Broadcast()
    ear, shows, lists = Ear(loop.time, seconds), TinyShows(seconds), Lists()
    async with Supervisor() as supervisor:
        sessions = count(1)
        lights: Ref[LightsMessage] = supervisor.start(
            lambda: Lights(
                packets, Broadcast(), loop.time, sessions=sessions, standing=Standing(blackout=True)
            ),
            "lights",
        )
        stations: list[Station] = []
        music = Music(library, lists, shows, styles(), stations=lambda: stations)
        made = Theatre(music, lights, loop.time, shows, lists, ear, found, OnAir(remote))
        made.stations, made.folder = stations, folder
        state = folder / "state.json" if remember else None

        def director() -> Director:
            return Director(
                music=music,
                sound=Sound(ear, made.air),
                lights=HouseLights(lights, idle, live_delay=0.02),
                feeds=made.feeds,
                restarts=Restarts(state, resume_within, wall or loop.time),
                defaults=Options("lively", MODEL),
                clock=loop.time,
            )

        async def follow() -> None:
            with packets.subscribe(10_000) as heard:
                async for packet in heard:
                    made.node.take(packet, loop.time())

        async def listen() -> None:
            with made.feeds.events.subscribe(1000) as events:
                async for event in events:
                    made.events.append(event)

        listeners = [asyncio.create_task(follow()), asyncio.create_task(listen())]
        await asyncio.sleep(0)
        made.director = supervisor.start(director, "director")
        await supervisor.started(made.director)
        await settle()
        try:
            yield made
        finally:
            await supervisor.stop(made.director)
            await settle()
            for task in listeners:
                task.cancel()
            await asyncio.gather(*listeners, return_exceptions=True)
