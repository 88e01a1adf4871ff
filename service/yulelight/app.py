"""The composition root: builds the actor tree from Settings. The only file that knows every actor."""

import asyncio
import contextlib
import dataclasses
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from yulelight import __version__
from yulelight.actors import Actor, Broadcast, Ref, Supervisor
from yulelight.announcer import Announcement, Announcer
from yulelight.api.context import ApiContext
from yulelight.api.ingest import IngestSink
from yulelight.api.server import ApiServer
from yulelight.audio.ingest import PcmFormat
from yulelight.audio.speaker import Speaker
from yulelight.director import Director, DirectorMessage, OpenStream, Stage
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import Encoder, load
from yulelight.errors import UsageError, YulelightError
from yulelight.identity import Identity, load_or_make
from yulelight.library.songs import Library
from yulelight.lights import Lights, LightsMessage
from yulelight.messages import Blackout, ChannelState, Packet, ShowEvent, Status, Stop
from yulelight.meter import Meter
from yulelight.metrics import Metrics
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.bridge import MqttBridge
from yulelight.mqtt.broker import EmbeddedBroker
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.settings import Settings
from yulelight.show.output import Limits

M = TypeVar("M")

CAROL = Path(__file__).parent / "assets" / "carol.ogg"


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

    @property
    def page(self) -> str:
        """The page's address on this machine, with the token that opens it."""
        host = self.settings.http.host
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
        return f"http://{shown}:{self.settings.http.port}/#token={self.identity.token}"


def library_of(music: list[Path]) -> Library:
    """The songs of the settings' folders and files, then the bundled carol. Raises UsageError for a missing one."""
    for path in music:
        if not (path.is_dir() or path.is_file()):
            raise UsageError(f"no music at {path}; name a folder or a file that exists with --music")
    folders = [path for path in music if path.is_dir()]
    files = [path for path in music if not path.is_dir()]
    return Library(folders, [*files, CAROL])


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: Callable[[], float] = time.monotonic) -> AsyncIterator[Service]:
    """A service, started; on leaving, the show ends, all lights go off, and everything stops in order.

    Raises YulelightError when a model, port or folder cannot be used.
    """
    identity = load_or_make(settings.data)
    library = library_of(settings.music)
    encoder = await asyncio.to_thread(lambda: load(find(settings.model, settings.models)))
    async with Supervisor(clock=clock) as supervisor:
        house = _House(settings, identity, library, supervisor, clock)
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
            )
        finally:
            # While everything still runs, so that the nodes hear it: the show ends and all lights go off.
            with contextlib.suppress(YulelightError):
                await director.ask(Stop(), timeout=3.0)
                await house.lights.ask(Blackout(True), timeout=1.0)


class _House:
    """The actors' connections, and the order in which they start: each only needs those before it."""

    lights: Ref[LightsMessage]

    def __init__(
        self,
        settings: Settings,
        identity: Identity,
        library: Library,
        supervisor: Supervisor,
        clock: Callable[[], float],
    ) -> None:
        self.statuses: Broadcast[Status] = Broadcast()
        self.events: Broadcast[ShowEvent] = Broadcast()
        self.address = _address(settings, identity)
        self.silent = "sound is switched off"
        self._speaker: Speaker | None = None
        self._packets: Broadcast[Packet] = Broadcast()
        self._channels: Broadcast[ChannelState] = Broadcast()
        self._nodes = NodeRegistry(clock)
        self._settings, self._identity, self._library = settings, identity, library
        self._supervisor, self._clock = supervisor, clock

    async def start(self, encoder: Encoder) -> Ref[DirectorMessage]:
        """Starts all actors; raises YulelightError when one cannot."""
        settings = self._settings
        if settings.sound.enabled:
            self._speaker, self.silent = await asyncio.to_thread(Speaker.open, settings.sound.device)
        if settings.mqtt.broker is None:
            await self._started(self._broker, "broker")
        # A service that is started again must not continue an old session's number.
        sessions = count(secrets.randbits(31))
        limits = Limits.of(settings.loads, settings.light.power_budget)
        self.lights = await self._started(
            lambda: Lights(
                self._packets,
                self._channels,
                self._clock,
                look_ahead=settings.light.look_ahead,
                limits=limits,
                sessions=sessions,
            ),
            "lights",
        )
        self._supervisor.start(self._bridge, "mqtt")
        stage = Stage(
            encoder,
            settings.chosen_look(),
            self._library,
            self.lights,
            self.statuses,
            self.events,
            self._clock,
            self._speaker,
            settings.sound.delay,
            settings.light.live_delay,
        )
        director = await self._started(lambda: Director(stage), "director")
        context = self._api_context(director)
        self._supervisor.start(lambda: Meter(self._packets, context.metrics, self._clock), "meter")
        await self._started(lambda: ApiServer(context, settings.http.host, settings.http.port), "api")
        if settings.zeroconf.enabled:
            self._supervisor.start(self._announcer, "announcer")
        return director

    async def _started(self, factory: Callable[[], Actor[M]], name: str) -> Ref[M]:
        ref = self._supervisor.start(factory, name)
        await self._supervisor.started(ref)
        return ref

    def _broker(self) -> EmbeddedBroker:
        mqtt, identity = self._settings.mqtt, self._identity
        return EmbeddedBroker(mqtt.host, mqtt.port, identity.broker_user, identity.broker_password)

    def _bridge(self) -> MqttBridge:
        return MqttBridge(
            address=self.address,
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
        )

    def _api_context(self, director: Ref[DirectorMessage]) -> ApiContext:
        async def open_ingest(title: str, pcm: PcmFormat | None) -> IngestSink:
            sink: IngestSink = await director.ask(OpenStream(title, pcm))
            return sink

        metrics = Metrics()
        metrics.watch_restarts(lambda: self._supervisor.restarts)
        metrics.watch_mailbox("lights", lambda: self.lights.dropped)
        return ApiContext(
            id=self._identity.id,
            name=self._settings.name,
            version=__version__,
            token=self._identity.token,
            director=director,
            lights=self.lights,
            statuses=self.statuses,
            events=self.events,
            channels=self._channels,
            packets=self._packets,
            songs=lambda: [found.song for found in self._library.scan()],
            nodes=lambda: [dataclasses.asdict(node) for node in self._nodes.all.values()],
            open_ingest=open_ingest,
            clock=self._clock,
            metrics=metrics,
        )

    def _announcer(self) -> Announcer:
        settings, broker = self._settings, self.address
        here = broker.host in ("localhost", "::1") or broker.host.startswith("127.")
        announcement = Announcement(
            self._identity.id,
            settings.name,
            settings.http.port,
            broker.port,
            "" if here or settings.mqtt.broker is None else broker.host,
        )
        return Announcer(announcement, settings.zeroconf.interfaces)


def _address(settings: Settings, identity: Identity) -> BrokerAddress:
    if settings.mqtt.broker is not None:
        return BrokerAddress.parse(settings.mqtt.broker)
    host = "127.0.0.1" if settings.mqtt.host in ("0.0.0.0", "::") else settings.mqtt.host
    return BrokerAddress(host, settings.mqtt.port, identity.broker_user, identity.broker_password)
