"""What the API needs of the rest of the service: one object for each concern, and all of them required.

A module of routes takes the one that it is about from the application (``request.app[LIGHTS]``); only what sends a
request on to another module (views.py, feeds.py, ws.py) knows them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from yulelight.actors import Broadcast, Ref
from yulelight.api.ingest import OpenIngest
from yulelight.api.pairing import PairingRequests
from yulelight.audio.outputs import Outputs
from yulelight.core.messages import (
    ChannelState,
    Command,
    GetChannels,
    Packet,
    ReleaseChannel,
    SetChannel,
    ShowEvent,
    Song,
    Status,
)
from yulelight.inputs.manager import ManagerMessage
from yulelight.library.librarian import LibraryAccess
from yulelight.library.playlists import Playlists
from yulelight.library.songs import LibrarySong
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.outputs.board import OutputBoard
from yulelight.player.on_air import OnAir
from yulelight.schedule.messages import SchedulerMessage, ScheduleView
from yulelight.schedule.names import Names
from yulelight.telemetry.metrics import Metrics

LightsMessage = SetChannel | ReleaseChannel | GetChannels


@dataclass(frozen=True, slots=True)
class About:
    """Which service this is, and where it is found."""

    id: str
    name: str
    version: str
    addresses: Callable[[], Sequence[str]]
    """The page's, for phones at home, the likeliest first; may block."""


@dataclass(frozen=True, slots=True)
class Security:
    """Who may come in."""

    token: str = field(repr=False)
    ingress: str | None
    """Address of Home Assistant's ingress, which lets only its own users through; None for none."""
    pairing: PairingRequests
    clock: Callable[[], float]
    """Monotonic seconds, for pairing requests and failed logins."""
    wall: Callable[[], float]
    """Seconds since 1970, for links that expire."""


@dataclass(frozen=True, slots=True)
class PlayerService:
    """What plays. ``clock``: seconds, the one all presentation times are measured on."""

    director: Ref[Command]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    songs: Callable[[], Sequence[Song]]
    """Those that can be played by their id; may block."""
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class LightsService:
    """The eight channels and what they show. ``clock``: as the player's."""

    lights: Ref[LightsMessage]
    channels: Broadcast[ChannelState]
    packets: Broadcast[Packet]
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class PlaylistService:
    """The playlists' files."""

    lists: Playlists
    changes: Broadcast[str]
    """Ids of lists that were made, changed or deleted."""
    look: Callable[[], object]
    """Says that a list was changed, so that ``changes`` tells it at once."""


@dataclass(frozen=True, slots=True)
class ScheduleService:
    """The calendar of shows."""

    scheduler: Ref[SchedulerMessage]
    views: Broadcast[ScheduleView]
    names: Callable[[], Names]
    """The playlists and looks that a show may name; may block."""


@dataclass(frozen=True, slots=True)
class SoundService:
    """What is heard, here and on players elsewhere."""

    outputs: Outputs
    air: OnAir
    find: Callable[[str], LibrarySong]
    """The song whose sound is asked for by its id; may block. Raises CommandError."""


@dataclass(frozen=True, slots=True)
class InputService:
    """Sound that comes in live."""

    manager: Ref[ManagerMessage]
    open: OpenIngest


@dataclass(frozen=True, slots=True)
class Styles:
    """Looks and models that a show can have."""

    looks: Sequence[str]
    models: Callable[[], Mapping[str, str]]
    """Name and description of each; may block."""
    model: str
    """The one that the settings name."""


@dataclass(frozen=True, slots=True)
class Services:
    """All concerns."""

    about: About
    security: Security
    player: PlayerService
    lights: LightsService
    nodes: NodeRegistry
    library: LibraryAccess
    playlists: PlaylistService
    schedule: ScheduleService
    sound: SoundService
    inputs: InputService
    outputs: OutputBoard
    styles: Styles
    metrics: Metrics


ABOUT = web.AppKey("about", About)
SECURITY = web.AppKey("security", Security)
PLAYER = web.AppKey("player", PlayerService)
LIGHTS = web.AppKey("lights", LightsService)
NODES = web.AppKey("nodes", NodeRegistry)
LIBRARY = web.AppKey("library", LibraryAccess)
PLAYLISTS = web.AppKey("playlists", PlaylistService)
SCHEDULE = web.AppKey("schedule", ScheduleService)
SOUND = web.AppKey("sound", SoundService)
INPUTS = web.AppKey("inputs", InputService)
OUTPUTS = web.AppKey("outputs", OutputBoard)
"""The lights that the service drives itself."""
METRICS = web.AppKey("metrics", Metrics)
SERVICES = web.AppKey("services", Services)
"""For what sends requests on; a module of routes takes the concern that it is about."""


def provide(app: web.Application, services: Services) -> None:
    """Lets the routes of ``app`` find each concern."""
    app[SERVICES] = services
    app[ABOUT], app[SECURITY], app[METRICS] = services.about, services.security, services.metrics
    app[PLAYER], app[LIGHTS], app[NODES] = services.player, services.lights, services.nodes
    app[LIBRARY], app[PLAYLISTS] = services.library, services.playlists
    app[SCHEDULE], app[SOUND], app[INPUTS] = services.schedule, services.sound, services.inputs
    app[OUTPUTS] = services.outputs
