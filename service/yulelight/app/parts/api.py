"""HTTP and WebSocket API, and the metrics."""

import time
from collections.abc import Callable

from yulelight import __version__
from yulelight.actors import Broadcast, Ref, Supervisor
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
    StationService,
    Styles,
)
from yulelight.app.music import stations_of
from yulelight.app.own_looks import OwnLooks
from yulelight.app.parts.library import PlaylistsPart
from yulelight.app.parts.lights import LightsPart
from yulelight.app.parts.player import InputsPart, SchedulePart
from yulelight.app.parts.starting import started
from yulelight.app.service import pages
from yulelight.app.settings import Settings
from yulelight.audio.pcm import PcmFormat
from yulelight.audio.sound_outputs import SoundOutputs
from yulelight.core.identity import Identity
from yulelight.core.messages import Song
from yulelight.inputs import clicks
from yulelight.inputs.push import PushInput
from yulelight.inputs.station import name_of
from yulelight.library.librarian import LibraryAccess
from yulelight.library.songs import LibrarySong
from yulelight.lights.mirrors import Mirrors
from yulelight.player.director import DirectorMessage, OpenInput, TryLook
from yulelight.player.on_air import OnAir
from yulelight.player.services import Feeds
from yulelight.schedule.names import Names
from yulelight.show.look import Look
from yulelight.telemetry.meter import Meter
from yulelight.telemetry.metrics import Metrics


def start_metrics(
    supervisor: Supervisor, lights: LightsPart, library: LibraryAccess, clock: Callable[[], float]
) -> Metrics:
    """Counters of the parts."""
    metrics = Metrics()
    metrics.watch_restarts(lambda: supervisor.restarts)
    metrics.watch_mailbox("lights", lambda: lights.ref.dropped)
    metrics.watch_nodes(lights.nodes.report)
    metrics.watch_library(lambda: library.states.latest)
    supervisor.start(lambda: Meter(lights.packets, metrics, clock), "meter")
    return metrics


def about(settings: Settings, identity: Identity) -> About:
    """This service."""
    return About(identity.id, settings.name, __version__, lambda: pages(settings.http))


def security(settings: Settings, identity: Identity, clock: Callable[[], float]) -> Security:
    """Access control."""
    return Security(identity.token, settings.http.ingress, PairingRequests(), clock, time.time)


def player_service(
    director: Ref[DirectorMessage], feeds: Feeds, library: LibraryAccess, clock: Callable[[], float]
) -> PlayerService:
    """The director, and the library's songs."""
    songs = library.shows.library.songs
    return PlayerService(
        director, feeds.statuses, feeds.events, lambda: [found.song for found in songs()], clock
    )


def lights_service(lights: LightsPart, clock: Callable[[], float]) -> LightsService:
    """The mixer."""
    return LightsService(lights.ref, lights.channels, lights.packets, clock, Mirrors())


def playlist_service(playlists: PlaylistsPart, watch: Ref[None]) -> PlaylistService:
    """The playlists, and the watcher that reports their changes."""
    return PlaylistService(playlists.lists, playlists.changes, lambda: watch.post(None))


def schedule_service(
    schedule: SchedulePart, playlists: PlaylistsPart, library: LibraryAccess
) -> ScheduleService:
    """The calendar."""
    looks = library.shows.styles.looks
    return ScheduleService(schedule.ref, schedule.views, lambda: Names(playlists.lists.names(), looks))


def station_service(settings: Settings) -> StationService:
    """The stations that are kept, asked for their names within the reach of the settings."""
    return StationService(stations_of(settings), lambda url: name_of(url, settings.urls.reach), Broadcast())


def sound_service(
    settings: Settings, outputs: SoundOutputs, air: OnAir, library: LibraryAccess
) -> SoundService:
    """Finds songs of the library, songs from the web, and the calibration clicks."""

    def find(id: str) -> LibrarySong:
        if id == clicks.CLICKS:
            return clicks.song(settings.data)
        return air.find(id) or library.shows.library.find(id)

    return SoundService(outputs, air, find)


def input_service(director: Ref[DirectorMessage], inputs: InputsPart) -> InputService:
    """Pushed streams go to the director."""

    async def open_ingest(title: str, pcm: PcmFormat | None) -> IngestSink:
        pushed = PushInput(Song("", title or "Live stream"), pcm)
        await director.ask(OpenInput(pushed))
        return pushed

    return InputService(inputs.ref, open_ingest, inputs.reports)


def styles(settings: Settings, library: LibraryAccess, director: Ref[DirectorMessage]) -> Styles:
    """Looks and models."""

    async def attempt(name: str, look: Look) -> None:
        await director.ask(TryLook(look, name))

    catalogue = library.shows.styles
    looks = OwnLooks(
        catalogue.looks, settings.looks, file=settings.file, data=settings.data, default=settings.look
    )
    return Styles(catalogue.looks, looks, attempt, Broadcast(), catalogue.described, settings.model)


async def start_api(supervisor: Supervisor, settings: Settings, services: Services) -> None:
    """Raises NetworkError if the port is in use."""
    http = settings.http
    await started(supervisor, lambda: ApiServer(services, http.host, http.port), "api")
