"""A house for the API's tests: real actors and broadcasts, with a director and lights that only remember.

Its library and its playlists are real and empty; nobody answers for its calendar and its inputs.
"""

import asyncio
import dataclasses
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Never

from aiohttp import ClientSession

from tests.library.shelf import shows_in
from yulelight.actors import Actor, Broadcast, Ref, Supervisor
from yulelight.api.http_connection import Deadlines
from yulelight.api.ingest import IngestSink
from yulelight.api.pairing import PairingRequests
from yulelight.api.server import ApiServer
from yulelight.api.services import (
    About,
    FoundOnBroker,
    GuestService,
    HealthService,
    HouseService,
    InputService,
    LightSearch,
    LightsMessage,
    LightsService,
    PlayerService,
    PlaylistService,
    ScheduleService,
    Security,
    Services,
    SoundService,
    StationService,
    Styles,
)
from yulelight.app.own_looks import OwnLooks
from yulelight.audio.pcm import PcmFormat
from yulelight.audio.sound_outputs import SoundOutputs
from yulelight.core.connections import ConnectionLimits
from yulelight.core.errors import AudioError, CommandError, NetworkError
from yulelight.core.finding import Finding, Verdict
from yulelight.core.messages import (
    CHANNELS,
    Blackout,
    ChannelState,
    Command,
    GetChannels,
    GetStatus,
    Next,
    Packet,
    Pause,
    Play,
    ReleaseChannel,
    Resume,
    Seek,
    SetChannel,
    SetOption,
    ShowEvent,
    Song,
    State,
    Status,
    Stop,
)
from yulelight.inputs.manager import GetInputs
from yulelight.library.inbox import Inbox
from yulelight.library.librarian import LibraryAccess
from yulelight.library.look_book import LookBook
from yulelight.library.playlists import Playlists
from yulelight.library.songs import LibrarySong
from yulelight.library.stations import Stations
from yulelight.lights.mirrors import Mirrors
from yulelight.lights.positions import PositionFile
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.mqtt.payloads import NodeStatus
from yulelight.outputs.board import OutputBoard
from yulelight.player.on_air import OnAir
from yulelight.schedule.names import Names
from yulelight.show.look import Look
from yulelight.telemetry.log_book import LogBook
from yulelight.telemetry.metrics import Metrics

TOKEN = "a-token-for-the-tests"
SONGS = (
    Song("aa11", "Carol of the Bells", "Mykola Leontovych", 183.0),
    Song("bb22", "Silent Night", "Franz Xaver Gruber", 215.0),
    Song("cc33", "Deck the Halls", "Thomas Oliphant", 94.0),
    Song("dd44", "Dance of the Sugar Plum Fairy", "Pyotr Ilyich Tchaikovsky", 112.0),
    Song("ee55", "We Wish You a Merry Christmas", "", 81.0),
    Song("ff66", "In dulci jubilo, ein ziemlich langer Titel, der nicht in eine Zeile passt", "Trad.", 244.0),
)
SECTIONS = (0.0, 21.0, 58.0, 96.0, 131.0, 160.0)


class StubDirector(Actor[Command]):
    """Keeps the status the commands ask for and remembers the commands."""

    def __init__(self, house: "House") -> None:
        self._house = house

    async def receive(self, message: Command) -> Status:
        house, status = self._house, self._house.status
        if house.hang:
            await asyncio.sleep(house.hang)
        if isinstance(message, GetStatus):
            return status
        if isinstance(message, Play) and message.song not in {None, *(song.id for song in SONGS)}:
            raise CommandError("there is no such song; ask for the list of songs again.")
        house.commands.append(message)
        now = time.monotonic()
        change = dataclasses.replace
        match message:
            case Play(song):
                chosen = next((s for s in SONGS if s.id == song), SONGS[0])
                playing = Status(State.PLAYING, chosen, 0.0, now, SECTIONS, SONGS[1:3], model="dense")
                status = change(playing, blackout=status.blackout)
            case Pause():
                status = change(status, state=State.PAUSED, as_of=now)
            case Resume() if status.state is not State.PAUSED:
                raise CommandError("nothing is paused; start a song with play")
            case Resume():
                status = change(status, state=State.PLAYING, as_of=now)
            case Stop():
                status = Status(blackout=status.blackout)
            case Seek(position):
                status = change(status, position=position, as_of=now)
            case Next():
                status = change(status, song=SONGS[1], position=0.0, as_of=now)
            case Blackout(on):
                status = change(status, blackout=on)
            case SetOption(name, value):
                status = change(status, **{name: value})
        house.say(status)
        return status


class StubLights(Actor[LightsMessage]):
    """Keeps the channels' intents."""

    def __init__(self, house: "House") -> None:
        self._house = house

    async def receive(self, message: LightsMessage) -> object:
        states = self._house.states
        match message:
            case GetChannels():
                return tuple(states.values())
            case SetChannel(channel, on, brightness):
                states[channel] = ChannelState(channel, on, 255 if brightness is None else brightness)
            case ReleaseChannel(channel):
                states[channel] = ChannelState(channel, True, 255, "show")
        self._house.channels.publish(states[message.channel])
        return None


class Absent(Actor[Any]):
    """Stands for an actor that a test does not have. It has no inputs."""

    async def receive(self, message: object) -> object:
        if isinstance(message, GetInputs):
            return []
        raise CommandError(f"this test has nobody who could answer {type(message).__name__}")


@dataclass
class StubSink:
    """Remembers what was poured in. ``refuse`` is raised by every write; ``gate`` makes writes wait."""

    title: str
    pcm: PcmFormat | None
    gate: asyncio.Event
    refuse: Exception | None = None
    data: bytearray = field(default_factory=bytearray)
    finished: bool = False
    aborted: str | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def write(self, data: bytes) -> None:
        await self.gate.wait()
        if data.startswith(b"not audio"):
            raise AudioError("this is no audio; send a file or stream in a format such as mp3 or flac")
        if self.refuse is not None:
            raise self.refuse
        self.data += data

    async def finish(self) -> None:
        self.finished = True
        self.over.set()

    async def abort(self, reason: str) -> None:
        self.aborted = reason
        self.over.set()


class House:
    """What a test can set and see."""

    def __init__(self) -> None:
        self.status = Status()
        self.commands: list[Command] = []
        self.states = {n: ChannelState(n, True, 255, "show") for n in range(1, CHANNELS + 1)}
        self.statuses = Broadcast[Status]()
        self.events = Broadcast[ShowEvent]()
        self.channels = Broadcast[ChannelState]()
        self.packets = Broadcast[Packet]()
        self.sinks: list[StubSink] = []
        self.tried: list[tuple[str, Look]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.hang = 0.0
        self.sequence = 0
        self.board = OutputBoard({})
        self.mirrors = Mirrors()
        self.nodes = NodeRegistry(time.monotonic)
        self.nodes.heard_status("node1", NodeStatus(True, "simulated", (1, 2, 3, 4, 5, 6, 7, 8), "1.0"))

    def say(self, status: Status) -> None:
        self.status = status
        self.statuses.publish(status)

    def shine(self, *levels: bytes, at: float | None = None, interval: float = 0.02) -> None:
        """Publish one packet of frames beginning ``at`` (seconds; now when None)."""
        self.sequence += 1
        start = time.monotonic() if at is None else at
        switched = tuple(tuple(level > 0 for level in frame) for frame in levels)
        self.packets.publish(
            Packet(1, self.sequence, round(start * 1e6), round(interval * 1e6), levels, switched)
        )

    async def open_ingest(self, title: str, pcm: PcmFormat | None) -> IngestSink:
        if self.status.state is State.PAUSED:
            raise CommandError("the show is paused; stop it before sending a stream")
        self.sinks.append(StubSink(title, pcm, self.gate))
        return self.sinks[-1]

    def find(self, id: str) -> LibrarySong:
        raise CommandError("there is no such song")

    async def on_brokers(self) -> list[FoundOnBroker]:
        return []

    async def name_of(self, url: str) -> str:
        if "silent" in url:
            raise NetworkError("the station sends no sound; check the address")
        return "Radio: One/Two\x07"

    async def examine(self) -> list[Finding]:
        return [Finding("model", Verdict.GOOD, "mel")]

    def services(
        self, director: Ref[Command], lights: Ref[LightsMessage], absent: Ref[Any], folder: Path
    ) -> Services:
        """What is served. A house of a test replaces what the test is about."""
        return Services(
            about=About("house1", "Test house", "9.8.7", tuple),
            security=Security(TOKEN, None, PairingRequests(), time.monotonic, time.time),
            player=PlayerService(director, self.statuses, self.events, lambda: SONGS, time.monotonic),
            lights=LightsService(lights, self.channels, self.packets, time.monotonic, self.mirrors),
            nodes=self.nodes,
            library=LibraryAccess(absent, shows_in(folder), Broadcast()),
            inbox=Inbox(lambda: folder if folder.is_dir() else None),
            playlists=PlaylistService(Playlists(folder / "lists", list), Broadcast(), lambda: None),
            stations=StationService(Stations(folder / "stations.json"), self.name_of, Broadcast()),
            schedule=ScheduleService(absent, Broadcast(), Names),
            sound=SoundService(SoundOutputs({}, {}), OnAir(), self.find),
            inputs=InputService(absent, self.open_ingest, Broadcast()),
            outputs=self.board,
            search=LightSearch(self.on_brokers),
            house=HouseService(None, (0.0,) * CHANNELS, PositionFile(folder / "positions.json"), Broadcast()),
            guests=GuestService(absent, Broadcast()),
            health=HealthService(self.examine, LogBook([TOKEN])),
            styles=self.styles(folder),
            metrics=Metrics(),
        )

    async def attempt(self, name: str, look: Look) -> None:
        self.tried.append((name, look))

    def styles(self, folder: Path) -> Styles:
        """The bundled looks, and those that are saved in ``folder``."""
        own = OwnLooks(LookBook({}), {}, file=None, data=folder, default="lively")
        return Styles(
            ("lively", "calm"),
            own,
            self.attempt,
            Broadcast(),
            lambda: {"mel": "the default", "dense": ""},
            "mel",
        )


async def until(condition: Callable[[], object], patience: float = 20.0) -> None:
    """Wait until ``condition()`` holds. Raises TimeoutError."""
    async with asyncio.timeout(patience):
        while not condition():
            await asyncio.sleep(0.005)


@dataclass(frozen=True)
class Served:
    """A house whose API is being served."""

    house: House
    services: Services
    server: ApiServer
    url: str
    supervisor: Supervisor
    ref: Ref[Never]

    def client(self, token: str | None = TOKEN) -> ClientSession:
        return ClientSession(self.url, headers={"Authorization": f"Bearer {token}"} if token else {})


@asynccontextmanager
async def serve(
    house: House | None = None,
    port: int = 0,
    limits: ConnectionLimits | None = None,
    deadlines: Deadlines | None = None,
    ingress: str | None = None,
) -> AsyncIterator[Served]:
    """The API of ``house`` on a port of the loopback, until the block ends."""
    house = house or House()
    with tempfile.TemporaryDirectory() as folder:
        async with Supervisor() as supervisor:
            director = supervisor.start(lambda: StubDirector(house), "director")
            lights = supervisor.start(lambda: StubLights(house), "lights")
            absent = supervisor.start(Absent, "absent")
            services = house.services(director, lights, absent, Path(folder))
            services = dataclasses.replace(
                services, security=dataclasses.replace(services.security, ingress=ingress)
            )
            server = ApiServer(services, "127.0.0.1", port, limits=limits, deadlines=deadlines)
            ref = supervisor.start(lambda: server, "api")
            await supervisor.started(ref)
            yield Served(house, services, server, f"http://127.0.0.1:{server.port}", supervisor, ref)
