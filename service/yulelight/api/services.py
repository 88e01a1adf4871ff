"""The parts of the service that the API uses: one object per concern, all of them required.

A module of routes takes its own from the application (``request.app[LIGHTS]``); only modules that forward requests to
others (views.py, feeds.py, ws.py) use all of them.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from yulelight.actors import Broadcast, Ref
from yulelight.api.ingest import OpenIngest
from yulelight.api.pairing import PairingRequests
from yulelight.audio.sound_outputs import SoundOutputs
from yulelight.core.finding import Finding
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
from yulelight.guests.desk import GuestMessage, GuestView
from yulelight.inputs.manager import InputReport, ManagerMessage
from yulelight.library.inbox import Inbox
from yulelight.library.librarian import LibraryAccess
from yulelight.library.look_book import LookKeeper
from yulelight.library.playlists import Playlists
from yulelight.library.songs import LibrarySong
from yulelight.library.stations import Stations
from yulelight.lights.mirrors import Mirrors
from yulelight.lights.positions import PositionFile
from yulelight.mqtt.devices.device import FoundLight
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.outputs.board import OutputBoard
from yulelight.player.on_air import OnAir
from yulelight.schedule.messages import SchedulerMessage, ScheduleView
from yulelight.schedule.names import Names
from yulelight.show.look import Look
from yulelight.telemetry.log_book import LogBook
from yulelight.telemetry.metrics import Metrics

LightsMessage = SetChannel | ReleaseChannel | GetChannels


@dataclass(frozen=True, slots=True)
class About:
    """The identity and addresses of the service."""

    id: str
    name: str
    version: str
    addresses: Callable[[], Sequence[str]]
    """Addresses of the page for phones at home, the most suitable first; may block."""


@dataclass(frozen=True, slots=True)
class Security:
    """Authentication."""

    token: str = field(repr=False)
    ingress: str | None
    """Address of Home Assistant's ingress, which admits only authenticated users; None without it."""
    pairing: PairingRequests
    clock: Callable[[], float]
    """Monotonic clock in seconds, for pairing requests and failed logins."""
    wall: Callable[[], float]
    """Seconds since 1970, for links that expire."""


@dataclass(frozen=True, slots=True)
class PlayerService:
    """The player. ``clock``: the clock of all presentation times, in seconds."""

    director: Ref[Command]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    songs: Callable[[], Sequence[Song]]
    """Songs that can be played by id; may block."""
    clock: Callable[[], float]


@dataclass(frozen=True, slots=True)
class LightsService:
    """The eight channels and their light. ``clock``: that of the player."""

    lights: Ref[LightsMessage]
    channels: Broadcast[ChannelState]
    packets: Broadcast[Packet]
    clock: Callable[[], float]
    mirrors: Mirrors
    """Lights elsewhere that follow."""


@dataclass(frozen=True, slots=True)
class FoundOnBroker:
    """The lights on one broker; ``problem`` if it cannot be asked."""

    broker: str
    lights: Sequence[FoundLight]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LightSearch:
    """The search for lights that could be added."""

    on_brokers: Callable[[], Awaitable[Sequence[FoundOnBroker]]]
    """Asks the brokers of the settings, which takes some seconds."""


@dataclass(frozen=True, slots=True)
class PlaylistService:
    """The playlists."""

    lists: Playlists
    changes: Broadcast[str]
    """Ids of lists that were created, changed or deleted."""
    look: Callable[[], object]
    """Must be called after a change of a list, so that ``changes`` publishes it at once."""


@dataclass(frozen=True, slots=True)
class StationService:
    """The radio stations that are kept."""

    stations: Stations
    name_of: Callable[[str], Awaitable[str]]
    """What the station at an address calls itself. Raises AudioError or NetworkError if none answers."""
    changes: Broadcast[None]
    """One was added, renamed or removed."""


@dataclass(frozen=True, slots=True)
class ScheduleService:
    """The calendar of shows."""

    scheduler: Ref[SchedulerMessage]
    views: Broadcast[ScheduleView]
    names: Callable[[], Names]
    """The existing playlists and looks; may block."""


@dataclass(frozen=True, slots=True)
class SoundService:
    """Sound on this machine and on remote players."""

    outputs: SoundOutputs
    air: OnAir
    find: Callable[[str], LibrarySong]
    """Finds the song to be sent by its id; may block. Raises CommandError."""


@dataclass(frozen=True, slots=True)
class InputService:
    """Live inputs."""

    manager: Ref[ManagerMessage]
    open: OpenIngest
    reports: Broadcast[tuple[InputReport, ...]]
    """All inputs, whenever one changes in more than its level."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The available looks and models."""

    looks: Collection[str]
    own: LookKeeper
    attempt: Callable[[str, Look], Awaitable[object]]
    """Shows what plays in a look; its name is empty if it has none. Raises CommandError if nothing plays."""
    changes: Broadcast[None]
    """A look was added, changed or removed."""
    models: Callable[[], Mapping[str, str]]
    """Name and description of each model; may block."""
    model: str
    """The default model from the settings."""


@dataclass(frozen=True, slots=True)
class HouseService:
    """The house as a whole."""

    power_budget: float | None
    """What all lights together may take, in watts; None where the settings do not say."""
    sides: Sequence[float]
    """Where each channel hangs, from -1 (left) to 1 (right)."""
    positions: PositionFile
    changes: Broadcast[None]
    """Somebody moved a light in the picture."""


@dataclass(frozen=True, slots=True)
class HealthService:
    """What is wrong, and what happened."""

    examine: Callable[[], Awaitable[list[Finding]]]
    """As `yulelight doctor` does it."""
    log: LogBook


@dataclass(frozen=True, slots=True)
class GuestService:
    """Wishes of neighbours. ``views``: what they and the owner see, whenever it changes."""

    desk: Ref[GuestMessage]
    views: Broadcast[GuestView]


@dataclass(frozen=True, slots=True)
class Services:
    """All concerns."""

    about: About
    security: Security
    player: PlayerService
    lights: LightsService
    nodes: NodeRegistry
    library: LibraryAccess
    inbox: Inbox
    playlists: PlaylistService
    stations: StationService
    schedule: ScheduleService
    sound: SoundService
    inputs: InputService
    outputs: OutputBoard
    search: LightSearch
    styles: Styles
    house: HouseService
    health: HealthService
    guests: GuestService
    metrics: Metrics


ABOUT = web.AppKey("about", About)
SECURITY = web.AppKey("security", Security)
PLAYER = web.AppKey("player", PlayerService)
LIGHTS = web.AppKey("lights", LightsService)
NODES = web.AppKey("nodes", NodeRegistry)
LIBRARY = web.AppKey("library", LibraryAccess)
INBOX = web.AppKey("inbox", Inbox)
PLAYLISTS = web.AppKey("playlists", PlaylistService)
STATIONS = web.AppKey("stations", StationService)
SCHEDULE = web.AppKey("schedule", ScheduleService)
SOUND = web.AppKey("sound", SoundService)
INPUTS = web.AppKey("inputs", InputService)
OUTPUTS = web.AppKey("outputs", OutputBoard)
"""Lights driven directly by the service."""
SEARCH = web.AppKey("search", LightSearch)
STYLES = web.AppKey("styles", Styles)
HOUSE = web.AppKey("house", HouseService)
HEALTH = web.AppKey("health", HealthService)
GUESTS = web.AppKey("guests", GuestService)
METRICS = web.AppKey("metrics", Metrics)
SERVICES = web.AppKey("services", Services)
"""For modules that forward requests; modules of routes use the object of their concern."""


def provide(app: web.Application, services: Services) -> None:
    """Makes the services available to the routes of ``app``."""
    app[SERVICES] = services
    app[ABOUT], app[SECURITY], app[METRICS] = services.about, services.security, services.metrics
    app[PLAYER], app[LIGHTS], app[NODES] = services.player, services.lights, services.nodes
    app[LIBRARY], app[INBOX], app[PLAYLISTS] = services.library, services.inbox, services.playlists
    app[STATIONS] = services.stations
    app[SCHEDULE], app[SOUND], app[INPUTS] = services.schedule, services.sound, services.inputs
    app[OUTPUTS], app[SEARCH] = services.outputs, services.search
    app[HOUSE], app[HEALTH] = services.house, services.health
    app[STYLES] = services.styles
    app[GUESTS] = services.guests
