"""What the actors and their clients say to each other about a show: frozen values, no behaviour.

Times are seconds of the service's monotonic clock (``time.monotonic``) unless a name says otherwise;
channels are numbered from 1 as on the boxes people wire.
"""

from dataclasses import dataclass, field
from typing import Literal

from yulelight_client.states import Repeat as Repeat  # noqa: PLC0414 (told on)
from yulelight_client.states import State as State  # noqa: PLC0414

CHANNELS = 8
MIN_DELAY, MAX_DELAY = -2.0, 5.0
"""Seconds the lights may wait for the sound; less than 0, and the sound waits for them."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song the service can play. ``id`` is safe in a URL and stable while the file stays where it is."""

    id: str
    title: str
    artist: str = ""
    duration: float = 0.0
    """Seconds; 0 when unknown until it is decoded."""
    album: str = ""
    cover: bool = False
    """Whether the library has a picture of it."""


@dataclass(frozen=True, slots=True)
class Status:
    """The show as clients see it. ``position`` was right at ``as_of``; add the time since while playing."""

    state: State = State.IDLE
    song: Song | None = None
    position: float = 0.0
    as_of: float = 0.0
    sections: tuple[float, ...] = ()
    """Start times of the song's sections in seconds."""
    queue: tuple[Song, ...] = ()
    """What follows, at most the next 100 songs of it."""
    queued: int = 0
    """How many songs follow."""
    index: int = 0
    """How many songs of the list came before this one."""
    playlist: str = ""
    """Id of the playlist that plays; empty for anything else."""
    model: str = ""
    look: str = ""
    volume: float = 1.0
    """0..1."""
    brightness: float = 1.0
    """0..1, of all lights."""
    delay: float = 0.0
    """Seconds the lights wait for the sound."""
    shuffle: bool = False
    repeat: Repeat = Repeat.OFF
    armed: bool = True
    """Whether the schedule may start shows."""
    blackout: bool = False
    all_on: bool = False
    sound: str = ""
    """Names what sounds, for players elsewhere; empty for silence, or for a stream that sounds where it comes from."""
    message: str = ""
    """The last thing that went wrong, in words for the user; empty when nothing did."""
    missing_music: tuple[str, ...] = ()
    """Music folders and files of the settings that are not there now."""


@dataclass(frozen=True, slots=True)
class ShowEvent:
    """Something that happened in the show, for automations."""

    kind: Literal["started", "song_changed", "section_changed", "finished", "failed"]
    song: Song | None = None
    detail: str = ""


# --- commands to the director (each answers with a Status, or raises CommandError) -----------------------


@dataclass(frozen=True, slots=True)
class Play:
    """Play a song or a playlist by its id, or what lies at ``url`` (http or https).

    With none of them: goes on after a pause, else plays the queue, else the library. ``look``, ``model`` and
    ``channels`` (empty: all) hold for this show only. ``enqueue`` "play" goes on with the old queue afterwards.
    """

    song: str | None = None
    playlist: str | None = None
    url: str | None = None
    title: str = ""
    look: str | None = None
    model: str | None = None
    channels: tuple[int, ...] = ()
    enqueue: Literal["replace", "play", "next", "add"] = "replace"
    position: float = 0.0
    """Seconds into the first song."""
    shuffle: bool | None = None
    """For this show only; None: as the playlist says."""
    repeat: Repeat | None = None
    """For this show only; None: as the playlist says."""
    resume: bool = False
    """Go on at the song and position where this playlist was interrupted, if it was: by a restart or another show."""


@dataclass(frozen=True, slots=True)
class Announce:
    """Interrupt what plays with a song or what lies at ``url``; afterwards it goes on where it was."""

    song: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Hold song and lights where they are."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the show; lights go to the idle scene."""

    after_song: bool = False
    """Let the song that plays end first; nothing follows it but the steps after the show."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Quiet hours: hold volume and brightness to at most these (0..1), whatever the dials in Status say."""

    volume: float
    brightness: float


@dataclass(frozen=True, slots=True)
class Seek:
    """Jump to ``position`` seconds of the playing song."""

    position: float


@dataclass(frozen=True, slots=True)
class Next:
    """Skip to the next song."""


@dataclass(frozen=True, slots=True)
class Previous:
    """Back to the start of the song, or within its first seconds to the song before."""


@dataclass(frozen=True, slots=True)
class SetOption:
    """Change one of the show's dials; see Status for what each means and its range."""

    name: Literal["volume", "brightness", "delay", "look", "model", "shuffle", "repeat", "armed"]
    value: float | bool | str


@dataclass(frozen=True, slots=True)
class QueueRemove:
    """Take the song at ``index`` (0 is the next one) out of the queue."""

    index: int


@dataclass(frozen=True, slots=True)
class QueueMove:
    """Move the song at ``index`` of the queue so that it is at ``to``."""

    index: int
    to: int


@dataclass(frozen=True, slots=True)
class QueueClear:
    """Nothing follows the song that plays."""


@dataclass(frozen=True, slots=True)
class AllOn:
    """All lights on, whatever plays, until released. Blackout wins over it."""

    on: bool


@dataclass(frozen=True, slots=True)
class Identify:
    """Blink a channel, or all of them, three times."""

    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Calibrate:
    """Clicks in the sound and blinks of the lights, once a second, to set ``delay`` by."""

    on: bool


@dataclass(frozen=True, slots=True)
class PlayerReport:
    """What a media player elsewhere that sounds the song says: the show follows it, smoothly where it can."""

    position: float
    """Seconds into the song, right now."""
    state: Literal["playing", "paused", "stopped"] = "playing"
    song: str | None = None
    """What it plays, as ``Status.sound`` names it; a report about something else does not count."""


@dataclass(frozen=True, slots=True)
class Blackout:
    """Everything dark at once, whatever plays, until released."""

    on: bool


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Answers with the present Status."""


Command = (
    Play
    | Announce
    | Pause
    | Resume
    | Stop
    | Limit
    | Seek
    | Next
    | Previous
    | SetOption
    | QueueRemove
    | QueueMove
    | QueueClear
    | Blackout
    | AllOn
    | Identify
    | Calibrate
    | PlayerReport
    | GetStatus
)


# --- lights ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetChannel:
    """A person or an automation takes one channel over. ``brightness`` None keeps the last one set."""

    channel: int
    on: bool
    brightness: int | None = None


@dataclass(frozen=True, slots=True)
class ReleaseChannel:
    """Give a channel back to the show."""

    channel: int


@dataclass(frozen=True, slots=True)
class GetChannels:
    """Answers with a tuple of ChannelState, one for each channel."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel as Home Assistant shows it: the intent, never the single frame.

    ``effect`` is "show" while the show has the channel, else empty.
    """

    channel: int
    on: bool
    brightness: int
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """Consecutive light frames with their moment, as they go to the nodes. See docs/mqtt.md.

    ``levels`` holds ``count * channels`` bytes, frame after frame; ``switched`` one tuple of channel
    states (bool) a frame. A packet replaces whatever a node still holds from ``at`` on.
    """

    session: int
    sequence: int
    at: int
    """Presentation time of the first frame: microseconds of the service's monotonic clock."""
    interval: int
    """Microseconds from frame to frame."""
    levels: tuple[bytes, ...]
    """One bytes of ``channels`` levels 0..255 for each frame."""
    switched: tuple[tuple[bool, ...], ...] = field(default=())
    """One tuple of ``channels`` on/off states for each frame."""
