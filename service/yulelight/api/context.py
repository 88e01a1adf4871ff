"""What the API needs of the rest of the service, passed in once."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from yulelight.actors import Broadcast, Ref
from yulelight.api.auth import Gate
from yulelight.api.ingest import OpenIngest
from yulelight.api.links import Links
from yulelight.api.pairing import PairingRequests
from yulelight.api.slots import Slots
from yulelight.audio.outputs import Outputs
from yulelight.core.errors import CommandError
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
from yulelight.mqtt.nodes import NodeInfo
from yulelight.player.on_air import OnAir
from yulelight.schedule.messages import SchedulerMessage, ScheduleView
from yulelight.telemetry.metrics import Metrics

LightsMessage = SetChannel | ReleaseChannel | GetChannels


@dataclass(frozen=True, slots=True)
class ApiContext:
    """The service as the API sees it. ``clock``: seconds, the one all presentation times are measured on."""

    id: str
    name: str
    version: str
    token: str = field(repr=False)
    director: Ref[Command]
    lights: Ref[LightsMessage]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    channels: Broadcast[ChannelState]
    packets: Broadcast[Packet]
    songs: Callable[[], Sequence[Song]]
    """May block: called in a thread."""
    nodes: Callable[[], Sequence[dict[str, Any]]]
    """As ``NodeRegistry.report`` tells them."""
    dismiss_node: Callable[[str], bool] = field(default=lambda node: False, kw_only=True)
    """As ``NodeRegistry.dismiss`` does it."""
    open_ingest: OpenIngest
    clock: Callable[[], float] = time.monotonic
    metrics: Metrics = field(default_factory=Metrics)
    library: LibraryAccess | None = None
    scheduler: Ref[SchedulerMessage] | None = None
    schedules: Broadcast[ScheduleView] = field(default_factory=Broadcast)
    playlists: Playlists | None = None
    playlist_changes: Broadcast[str] = field(default_factory=Broadcast)
    """Ids of lists that were made, changed or deleted."""
    look_at_playlists: Callable[[], object] = lambda: None
    """Says that a list was changed, so that ``playlist_changes`` tells it at once."""
    find_song: Callable[[str], LibrarySong] | None = None
    """May block. Raises CommandError."""
    air: OnAir = field(default_factory=OnAir)
    node_changes: Broadcast[NodeInfo] = field(default_factory=Broadcast)
    outputs: Outputs | None = None
    ingress: str | None = None
    """Address of Home Assistant's ingress, which lets only its own users through; None for none."""
    inputs: Ref[ManagerMessage] | None = None
    pairing: PairingRequests = field(default_factory=PairingRequests)
    looks: Sequence[str] = ()
    models: Callable[[], Mapping[str, str]] = dict
    """Name and description of each; may block."""
    model: str = ""
    """The one that the settings name."""
    addresses: Callable[[], Sequence[str]] = tuple
    """The page's, for phones at home; may block."""
    wall: Callable[[], float] = time.time
    """Seconds since 1970."""


class ApiState:
    """What the API itself remembers while it serves: failed logins and who is connected."""

    def __init__(self, context: ApiContext) -> None:
        self.sockets: set[web.WebSocketResponse] = set()
        self.gate = Gate(context.token, context.clock)
        self.links = Links(context.token)
        self.sending = 0
        """Songs on their way to players."""
        self.clients = Slots(64, lambda: web.HTTPServiceUnavailable(text="too many clients; try later"))
        self.newcomers = Slots(
            16, lambda: web.HTTPServiceUnavailable(text="too many clients are signing in; try later")
        )
        self.ingest = Slots(
            1, lambda: CommandError("another stream is being played; end it before sending the next")
        )


CONTEXT = web.AppKey("context", ApiContext)
STATE = web.AppKey("state", ApiState)
