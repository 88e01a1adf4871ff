"""The composition root: builds the actor tree from Settings. The only file that knows every actor."""

import asyncio
import contextlib
import dataclasses
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from yulelight import __version__
from yulelight.actors import Broadcast, Ref, Supervisor
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
from yulelight.lights import Lights
from yulelight.messages import Blackout, ChannelState, Packet, ShowEvent, Status, Stop
from yulelight.meter import Meter
from yulelight.metrics import Metrics
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.bridge import MqttBridge
from yulelight.mqtt.broker import EmbeddedBroker
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.settings import Settings

log = logging.getLogger(__name__)

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
    encoder = await asyncio.to_thread(_encoder, settings)
    statuses: Broadcast[Status] = Broadcast()
    events: Broadcast[ShowEvent] = Broadcast()
    packets: Broadcast[Packet] = Broadcast()
    channels: Broadcast[ChannelState] = Broadcast()
    nodes = NodeRegistry(clock)
    # A service that is started again must not continue an old session's number.
    sessions = count(secrets.randbits(31))
    speaker, silent = _speaker(settings)
    embedded = settings.mqtt.broker is None
    broker = _address(settings, identity)

    async with Supervisor(clock=clock) as supervisor:
        if embedded:
            ref = supervisor.start(
                lambda: EmbeddedBroker(
                    settings.mqtt.host, settings.mqtt.port, identity.broker_user, identity.broker_password
                ),
                "broker",
            )
            await supervisor.started(ref)
        lights = supervisor.start(
            lambda: Lights(packets, channels, clock, look_ahead=settings.light.look_ahead, sessions=sessions),
            "lights",
        )
        await supervisor.started(lights)
        supervisor.start(
            lambda: MqttBridge(
                address=broker,
                service_id=identity.id,
                name=settings.name,
                version=__version__,
                lights=lights,
                packets=packets,
                channels=channels,
                statuses=statuses,
                events=events,
                nodes=nodes,
                clock=clock,
            ),
            "mqtt",
        )
        stage = Stage(
            encoder,
            library,
            lights,
            statuses,
            events,
            clock,
            speaker,
            settings.sound.delay,
            settings.light.live_delay,
        )
        director = supervisor.start(lambda: Director(stage), "director")
        await supervisor.started(director)

        async def open_ingest(title: str, pcm: PcmFormat | None) -> IngestSink:
            sink: IngestSink = await director.ask(OpenStream(title, pcm))
            return sink

        metrics = Metrics()
        metrics.watch_restarts(lambda: supervisor.restarts)
        metrics.watch_mailbox("lights", lambda: lights.dropped)
        supervisor.start(lambda: Meter(packets, metrics, clock), "meter")
        context = ApiContext(
            id=identity.id,
            name=settings.name,
            version=__version__,
            token=identity.token,
            director=director,
            lights=lights,
            statuses=statuses,
            events=events,
            channels=channels,
            packets=packets,
            songs=lambda: [found.song for found in library.scan()],
            nodes=lambda: [dataclasses.asdict(node) for node in nodes.all.values()],
            open_ingest=open_ingest,
            clock=clock,
            metrics=metrics,
        )
        api = supervisor.start(lambda: ApiServer(context, settings.http.host, settings.http.port), "api")
        await supervisor.started(api)
        if settings.zeroconf.enabled:
            announcement = Announcement(
                identity.id,
                settings.name,
                settings.http.port,
                broker.port,
                "" if embedded else broker.host,
            )
            supervisor.start(lambda: Announcer(announcement, settings.zeroconf.interfaces), "announcer")
        try:
            yield Service(identity, settings, library, broker, director, statuses, events, supervisor, silent)
        finally:
            # While everything still runs, so that the nodes hear it: the show ends and all lights go off.
            with contextlib.suppress(YulelightError):
                await director.ask(Stop(), timeout=3.0)
                await lights.ask(Blackout(True), timeout=1.0)


def _encoder(settings: Settings) -> Encoder:
    return load(find(settings.model, settings.models))


def _address(settings: Settings, identity: Identity) -> BrokerAddress:
    if settings.mqtt.broker is not None:
        return BrokerAddress.parse(settings.mqtt.broker)
    host = "127.0.0.1" if settings.mqtt.host in ("0.0.0.0", "::") else settings.mqtt.host
    return BrokerAddress(host, settings.mqtt.port, identity.broker_user, identity.broker_password)


def _speaker(settings: Settings) -> tuple[Speaker | None, str]:
    if not settings.sound.enabled:
        return None, "sound is switched off"
    return Speaker.open(settings.sound.device)
