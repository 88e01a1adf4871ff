"""The composition root: builds the actor tree from Settings. The only file that knows every actor."""

import asyncio
import contextlib
import math
import os
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import TypeVar

from yulelight import __version__
from yulelight.actors import Actor, Broadcast, Ref, Supervisor
from yulelight.api.ingest import IngestSink
from yulelight.api.pairing import PairingRequests
from yulelight.api.server import ApiServer
from yulelight.api.services import (
    About,
    InputService,
    LightsService,
    PlayerService,
    PlaylistService,
    ScheduleService,
    Security,
    Services,
    SoundService,
    Styles,
)
from yulelight.app.addresses import in_url, interfaces, reachable
from yulelight.app.announcer import Announcement, Announcer
from yulelight.app.music import index_of, library_of
from yulelight.app.settings import Http, Mqtt, Settings
from yulelight.app.sound import open_outputs
from yulelight.audio.outputs import Outputs
from yulelight.audio.pcm import PcmFormat
from yulelight.core import storage
from yulelight.core.errors import YulelightError
from yulelight.core.identity import Identity, load_or_make
from yulelight.core.lock import exclusive
from yulelight.core.messages import Blackout, ChannelState, Packet, ShowEvent, Song, Status
from yulelight.core.network import own_address, own_addresses
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import Encoder, load
from yulelight.inputs import clicks as calibration
from yulelight.inputs.base import Input
from yulelight.inputs.clicks import CLICKS
from yulelight.inputs.manager import InputManager, ManagerMessage
from yulelight.inputs.push import PushInput
from yulelight.library.cache import ShowCache
from yulelight.library.librarian import Librarian, LibrarianMessage, LibraryAccess, LibraryState
from yulelight.library.playlist_watch import PlaylistWatch
from yulelight.library.playlists import Playlists
from yulelight.library.show_source import LibraryShows, StyleCatalogue
from yulelight.library.songs import Library, LibrarySong
from yulelight.library.user_settings import UserSettings
from yulelight.lights.layout import layout
from yulelight.lights.mixer import Lights, LightsMessage, Standing
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.bridge import MqttBridge
from yulelight.mqtt.broker import EmbeddedBroker, LocalSocket
from yulelight.mqtt.nodes import NodeInfo, NodeRegistry
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.switch import SwitchActor
from yulelight.player.director import Director, DirectorMessage, OpenInput, Suspend
from yulelight.player.on_air import OnAir
from yulelight.player.options import Options
from yulelight.player.services import Feeds, HouseLights, Music, Restarts, Sound
from yulelight.safety.physics import Light
from yulelight.schedule.messages import SchedulerMessage, ScheduleView
from yulelight.schedule.names import Names
from yulelight.schedule.place import machine_zone
from yulelight.schedule.places import PlaceFile
from yulelight.schedule.scheduler import ScheduleAccess, Scheduler
from yulelight.schedule.store import TextFile
from yulelight.telemetry.meter import Meter
from yulelight.telemetry.metrics import Metrics

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Service:
    """A running service, for the one who started it."""

    identity: Identity
    settings: Settings
    library: Library
    broker: BrokerAddress
    director: Ref[DirectorMessage]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    supervisor: Supervisor
    sound: str
    """Why there is no sound; empty when there is."""
    libraries: Broadcast[LibraryState]

    @property
    def page(self) -> str:
        """The page's address on this machine, with the token that opens it."""
        return self.address + self.token

    @property
    def address(self) -> str:
        """The page's address on this machine."""
        host = self.settings.http.host
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else in_url(host)
        return f"http://{shown}:{self.settings.http.port}/"

    @property
    def token(self) -> str:
        """What opens the page, to be put behind its address."""
        return f"#token={self.identity.token}"

    def pages(self) -> list[str]:
        """The page's addresses for phones at home, the likeliest first. Blocking."""
        return _pages(self.settings.http)


def shows_of(settings: Settings, library: Library) -> LibraryShows:
    """The library's shows, kept in the data folder. Blocking."""
    data = settings.data
    return LibraryShows(
        library,
        user_settings=UserSettings(data / "library.json"),
        cache=ShowCache(data / "shows", settings.library.cache * 1_000_000),
        styles=StyleCatalogue(settings.all_looks(), settings.models),
        model=settings.model,
        look=settings.look,
    )


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: Callable[[], float] = time.monotonic) -> AsyncIterator[Service]:
    """A service, started; on leaving, the show ends, all lights go off, and everything stops in order.

    Raises YulelightError when a model, port or folder cannot be used.
    """
    identity = load_or_make(settings.data)
    with exclusive(settings.data), LocalSocket() as inside:
        await asyncio.to_thread(storage.sweep, [settings.data / name for name in ("", "shows", "playlists")])
        async with _running(settings, identity, inside, clock) as service:
            yield service


@contextlib.asynccontextmanager
async def _running(
    settings: Settings, identity: Identity, inside: LocalSocket, clock: Callable[[], float]
) -> AsyncIterator[Service]:
    library = library_of(settings.music, index_of(settings))
    encoder = await asyncio.to_thread(lambda: load(find(settings.model, settings.models)))
    async with Supervisor(clock=clock) as supervisor:
        house = _House(settings, identity, library, supervisor, inside=inside, clock=clock)
        director = await house.start(encoder)
        try:
            yield Service(
                identity,
                settings,
                library,
                house.address,
                director,
                house.statuses,
                house.events,
                supervisor,
                house.silent,
                house.library_states,
            )
        finally:
            # The nodes before everything else, whatever hangs after that: dark, and told that nobody leads.
            with contextlib.suppress(YulelightError):
                await house.lights.ask(Blackout(True), timeout=1.0)
            await supervisor.stop(house.bridge)
            # The scheduler before the show: it must not take this end for a person's.
            await supervisor.stop(house.scheduler)
            with contextlib.suppress(YulelightError):
                await director.ask(Suspend(), timeout=3.0)


class _House:
    """The actors' connections, and the order in which they start: each only needs those before it."""

    lights: Ref[LightsMessage]
    bridge: Ref[None]
    scheduler: Ref[SchedulerMessage]
    librarian: Ref[LibrarianMessage]
    inputs: Ref[ManagerMessage]
    _api_host: str

    def __init__(
        self,
        settings: Settings,
        identity: Identity,
        library: Library,
        supervisor: Supervisor,
        *,
        inside: LocalSocket,
        clock: Callable[[], float],
    ) -> None:
        self.statuses: Broadcast[Status] = Broadcast()
        self.events: Broadcast[ShowEvent] = Broadcast()
        self.schedules: Broadcast[ScheduleView] = Broadcast()
        self.shows = shows_of(settings, library)
        self.library_states: Broadcast[LibraryState] = Broadcast()
        self.address = _address(settings, identity)
        self._inside = inside
        self.silent = "sound is switched off"
        self.outputs = Outputs({}, {})
        self.air = OnAir(remote=settings.sound.output == "remote")
        folder = settings.playlists or settings.data / "playlists"
        self.playlists = Playlists(folder, library.songs)
        self._playlist_changes: Broadcast[str] = Broadcast()
        self._packets: Broadcast[Packet] = Broadcast()
        self._channels: Broadcast[ChannelState] = Broadcast()
        self._nodes = NodeRegistry(clock)
        self._settings, self._identity, self._library = settings, identity, library
        self._supervisor, self._clock = supervisor, clock
        self._board = OutputBoard({output.name: output.type for output in settings.output})
        """The outputs that the service drives itself."""

    async def start(self, encoder: Encoder) -> Ref[DirectorMessage]:
        """Starts all actors; raises YulelightError when one cannot."""
        settings = self._settings
        self.outputs = await asyncio.to_thread(open_outputs, settings)
        self.silent = self.outputs.outputs()[0].problem
        if settings.mqtt.broker is None:
            await self._started(self._broker, "broker")
        # A service that is started again must not continue an old session's number.
        sessions = count(secrets.randbits(31))
        limits = settings.limits()
        self.lights = await self._started(
            lambda: Lights(
                self._packets,
                self._channels,
                self._clock,
                look_ahead=settings.light.look_ahead,
                limits=limits,
                places=settings.places,
                sessions=sessions,
                # Dark until the director says otherwise: a blackout outlives whatever fails.
                standing=Standing(blackout=True),
            ),
            "lights",
        )
        self.librarian = await self._started(self._librarian, "librarian")
        self._api_host = await _reachable(settings.http.host)
        self.bridge = self._supervisor.start(self._bridge, "mqtt")
        for output in settings.output:
            self._supervisor.start(
                partial(
                    OutputActor,
                    partial(output.made, settings.data / "outputs"),
                    self._packets,
                    statuses=self.statuses,
                    board=self._board,
                ),
                f"output {output.name}",
            )
        if settings.output:
            self._supervisor.start(partial(SwitchActor, self._board), "switch")
        director = await self._started(self._director, "director")
        desk = self._desk(director)
        self.scheduler = await self._started(lambda: Scheduler(desk), "scheduler")
        self._playlist_watch = self._supervisor.start(
            lambda: PlaylistWatch(self.playlists, self._playlist_changes), "playlists"
        )
        self.inputs = self._supervisor.start(lambda: self._inputs(director), "inputs")
        metrics = self._metrics()
        self._supervisor.start(lambda: Meter(self._packets, metrics, self._clock), "meter")
        services = self._api(director, metrics)
        await self._started(lambda: ApiServer(services, settings.http.host, settings.http.port), "api")
        if settings.zeroconf.enabled:
            self._supervisor.start(self._announcer, "announcer")
        return director

    async def _started(self, factory: Callable[[], Actor[M]], name: str) -> Ref[M]:
        ref = self._supervisor.start(factory, name)
        await self._supervisor.started(ref)
        return ref

    def _director(self) -> Director:
        settings, data = self._settings, self._settings.data
        return Director(
            music=Music(self._library, self.playlists, self.shows, self.shows.styles, settings.urls.reach),
            sound=Sound(self.outputs, self.air),
            lights=HouseLights(self.lights, settings.idle_scene(), settings.light.live_delay),
            feeds=Feeds(self.statuses, self.events),
            restarts=Restarts(data / "state.json", 60 * settings.resume_within, time.time),
            defaults=Options(settings.look, settings.model, delay=settings.sound.delay),
            clock=self._clock,
        )

    def _inputs(self, director: Ref[DirectorMessage]) -> InputManager:
        async def begin(source: Input) -> None:
            await director.ask(OpenInput(source, modest=True))

        context = self._settings.input_context()
        wanted = [each.wanted(context) for each in self._settings.input]
        return InputManager(wanted, begin, self.statuses, self._clock)

    def _librarian(self) -> Librarian:
        care = self._settings.library
        settle = care.settle if care.render else math.inf
        return Librarian(self.shows, self.library_states, workers=care.workers, settle=settle)

    def _broker(self) -> EmbeddedBroker:
        mqtt, identity = self._settings.mqtt, self._identity
        return EmbeddedBroker(
            mqtt.host,
            mqtt.port,
            identity.broker_user,
            identity.broker_password,
            choice=mqtt.program,
            inside=self._inside.path,
        )

    def _bridge(self) -> MqttBridge:
        return MqttBridge(
            address=self._inside.address if self._settings.mqtt.broker is None else self.address,
            service_id=self._identity.id,
            name=self._settings.name,
            version=__version__,
            lights=self.lights,
            packets=self._packets,
            channels=self._channels,
            statuses=self.statuses,
            events=self.events,
            nodes=self._nodes,
            clock=self._clock,
            api=(self._api_host, self._settings.http.port),
            house=self._layout,
            others=self._board.changes,
        )

    def _layout(self, nodes: Mapping[str, NodeInfo]) -> tuple[Light, ...]:
        here = {node: info.status.lights for node, info in nodes.items() if info.status.online}
        here |= {name: tuple(lights) for name, lights in self._board.lights.items()}
        away = {
            channel for info in nodes.values() if not info.status.online for channel in info.status.channels
        }
        return layout(self._settings.limits().lights, here, away=away, weighed=self._settings.weighed)

    def _api(self, director: Ref[DirectorMessage], metrics: Metrics) -> Services:
        async def open_ingest(title: str, pcm: PcmFormat | None) -> IngestSink:
            pushed = PushInput(Song("", title or "Live stream"), pcm)
            await director.ask(OpenInput(pushed))
            return pushed

        styles = self.shows.styles
        return Services(
            about=About(
                self._identity.id, self._settings.name, __version__, lambda: _pages(self._settings.http)
            ),
            security=Security(
                self._identity.token, self._settings.http.ingress, PairingRequests(), self._clock, time.time
            ),
            player=PlayerService(
                director,
                self.statuses,
                self.events,
                lambda: [found.song for found in self._library.songs()],
                self._clock,
            ),
            lights=LightsService(self.lights, self._channels, self._packets, self._clock),
            nodes=self._nodes,
            library=LibraryAccess(self.librarian, self.shows, self.library_states),
            playlists=PlaylistService(
                self.playlists, self._playlist_changes, lambda: self._playlist_watch.post(None)
            ),
            schedule=ScheduleService(
                self.scheduler, self.schedules, lambda: Names(self.playlists.stamps(), styles.looks)
            ),
            sound=SoundService(self.outputs, self.air, self._find_song),
            inputs=InputService(self.inputs, open_ingest),
            outputs=self._board,
            styles=Styles(list(styles.looks), styles.described, self._settings.model),
            metrics=metrics,
        )

    def _metrics(self) -> Metrics:
        metrics = Metrics()
        metrics.watch_restarts(lambda: self._supervisor.restarts)
        metrics.watch_mailbox("lights", lambda: self.lights.dropped)
        metrics.watch_nodes(self._nodes.report)
        metrics.watch_library(lambda: self.library_states.latest)
        return metrics

    def _find_song(self, id: str) -> LibrarySong:
        """A song of the library, what plays from the web, or the clicks to calibrate by. Blocks."""
        if id == CLICKS:
            return calibration.song(self._settings.data)
        return self.air.find(id) or self._library.find(id)

    def _desk(self, director: Ref[DirectorMessage]) -> ScheduleAccess:
        settings = self._settings
        return ScheduleAccess(
            director=director,
            statuses=self.statuses,
            events=self.events,
            views=self.schedules,
            schedule=settings.schedule or settings.data / "schedule.ics",
            memory=settings.data / "scheduler.json",
            place=PlaceFile(settings.place.made(), TextFile(settings.data / "place.json")),
            machine_zone=lambda: machine_zone(os.environ.get("TZ", "")),
            quiet=[hours.made() for hours in settings.quiet],
            wall=time.time,
            clock=self._clock,
            looks=list(self.shows.styles.looks),
        )

    def _announcer(self) -> Announcer:
        settings, broker = self._settings, self.address
        here = broker.host in ("localhost", "::1") or broker.host.startswith("127.")
        announcement = Announcement(
            self._identity.id,
            settings.name,
            settings.http.port,
            broker.port,
            _announced(settings.mqtt, "" if here or settings.mqtt.broker is None else broker.host),
        )
        return Announcer(announcement, settings.zeroconf.interfaces)


def _announced(mqtt: Mqtt, host: str) -> str:
    return host if mqtt.announced is None else mqtt.announced


def _pages(http: Http) -> list[str]:
    """Where others open what listens as ``http`` says. Blocking."""
    found = reachable(http.host, interfaces(), own_address())
    return [f"http://{in_url(address)}:{http.port}/" for address in found]


async def _reachable(host: str) -> str:
    """Where others find what listens on ``host``."""
    return (await own_addresses())[0] if host in ("0.0.0.0", "::", "") else host


def _address(settings: Settings, identity: Identity) -> BrokerAddress:
    if settings.mqtt.broker is not None:
        return BrokerAddress.parse(settings.mqtt.broker)
    host = "127.0.0.1" if settings.mqtt.host in ("0.0.0.0", "::") else settings.mqtt.host
    return BrokerAddress(host, settings.mqtt.port, identity.broker_user, identity.broker_password)
