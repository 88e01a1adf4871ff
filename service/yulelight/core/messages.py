"""The messages between the actors and their clients: frozen values without behaviour.

Times are seconds of the service's monotonic clock (``time.monotonic``) unless a name says otherwise; channels are
numbered from 1.
"""

from dataclasses import dataclass, field
from typing import Literal

from yulelight_client.states import Repeat as Repeat  # noqa: PLC0414 (told on)
from yulelight_client.states import State as State  # noqa: PLC0414

CHANNELS = 8
MIN_DELAY, MAX_DELAY = -2.0, 5.0
"""Permitted delay of the lights in seconds; negative values delay the sound instead."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song that the service can play. ``id`` is URL-safe and stable as long as the file stays in its place."""

    id: str
    title: str
    artist: str = ""
    duration: float = 0.0
    """Seconds; 0 when unknown until it is decoded."""
    album: str = ""
    cover: bool = False
    """Whether the library has a cover for it."""
    colours: tuple[str, ...] = ()
    """Its own colours (``#rrggbb``), if its sender tells them."""


@dataclass(frozen=True, slots=True)
class Status:
    """The show as clients see it. ``position`` is valid at ``as_of``; add the time elapsed since while playing."""

    state: State = State.IDLE
    song: Song | None = None
    position: float = 0.0
    as_of: float = 0.0
    sections: tuple[float, ...] = ()
    """Start times of the song's sections in seconds."""
    queue: tuple[Song, ...] = ()
    """The next songs, at most 100."""
    queued: int = 0
    """The number of all songs that follow."""
    index: int = 0
    """The number of songs played before this one."""
    wished: tuple[str, ...] = ()
    """Ids of the wishes in the queue, in order."""
    wishable: bool = False
    """Whether a wish would be played after the current song."""
    playlist: str = ""
    """Id of the playlist that is playing; empty for anything else."""
    model: str = ""
    look: str = ""
    palette: str = ""
    colours: tuple[str, ...] = ()
    """The colour of each channel at present (``#rrggbb``); empty: each output shows its own."""
    volume: float = 1.0
    """0..1."""
    brightness: float = 1.0
    """0..1, of all lights."""
    delay: float = 0.0
    """Delay of the lights in seconds."""
    shuffle: bool = False
    repeat: Repeat = Repeat.OFF
    armed: bool = True
    """Whether the schedule may start shows."""
    blackout: bool = False
    all_on: bool = False
    led: bool = False
    """Whether the lights follow another service."""
    sound: str = ""
    """Identifies what is heard, for remote players; empty for silence and for streams that are heard at their
    source."""
    message: str = ""
    """The last error, worded for the user; empty if there is none."""
    missing_music: tuple[str, ...] = ()
    """Music folders and files from the settings that are missing at present."""


@dataclass(frozen=True, slots=True)
class ShowEvent:
    """Something that happened in the show, for automations."""

    kind: Literal["started", "song_changed", "section_changed", "finished", "failed"]
    song: Song | None = None
    detail: str = ""


# --- commands to the director (each answers with a Status, or raises CommandError) -----------------------


@dataclass(frozen=True, slots=True)
class Play:
    """Play a song, a playlist or a kept radio station by its id, or the song or station at ``url`` (http or https).

    Without any of these: resume after a pause, otherwise play the queue or, if it is empty, the library. ``look``,
    ``model`` and ``channels`` (empty: all) apply to this show only. With ``enqueue`` "play", the old queue continues
    afterwards.
    """

    song: str | None = None
    playlist: str | None = None
    url: str | None = None
    station: str | None = None
    """Its id or its name."""
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
    """Continue where this playlist was interrupted by a restart or another show, if it was."""

    @property
    def named(self) -> bool:
        """Whether it says what to play."""
        return any(each is not None for each in (self.song, self.playlist, self.url, self.station))


@dataclass(frozen=True, slots=True)
class Announce:
    """Interrupt the show with a song or the audio at ``url``, and resume it afterwards."""

    song: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause the song and hold the lights."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Continue after a pause."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the show; lights go to the idle scene."""

    after_song: bool = False
    """Finish the current song first; then only the steps after the show follow."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Quiet hours: limit volume and brightness to these values (0..1), whatever the options in Status are."""

    volume: float
    brightness: float


@dataclass(frozen=True, slots=True)
class Seek:
    """Seek to ``position`` seconds in the current song."""

    position: float


@dataclass(frozen=True, slots=True)
class Next:
    """Skip to the next song."""


@dataclass(frozen=True, slots=True)
class Previous:
    """Go back to the start of the song or, within its first seconds, to the previous song."""


@dataclass(frozen=True, slots=True)
class SetOption:
    """Change one of the show's options; see Status for their meaning and range."""

    name: Literal["volume", "brightness", "delay", "look", "model", "palette", "shuffle", "repeat", "armed"]
    value: float | bool | str


@dataclass(frozen=True, slots=True)
class QueueRemove:
    """Remove the song at ``index`` (0 is the next one) from the queue."""

    index: int


@dataclass(frozen=True, slots=True)
class QueueMove:
    """Move the song at ``index`` of the queue to ``to``."""

    index: int
    to: int


@dataclass(frozen=True, slots=True)
class QueueClear:
    """Empty the queue."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Play the song ``song`` once, after the current song and the wishes that wait already."""

    song: str


@dataclass(frozen=True, slots=True)
class Unwish:
    """Remove the wish for ``song``; nothing happens if it does not wait."""

    song: str


@dataclass(frozen=True, slots=True)
class AllOn:
    """Turn all lights on, whatever is playing, until released. Blackout takes precedence."""

    on: bool


@dataclass(frozen=True, slots=True)
class Identify:
    """Blink a channel, or all of them, three times."""

    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Calibrate:
    """Play clicks and blink the lights once a second, for adjusting ``delay``."""

    on: bool


@dataclass(frozen=True, slots=True)
class PlayerReport:
    """A report of a remote media player that plays the song: the show follows it, smoothly if possible."""

    position: float
    """Seconds into the song at this moment."""
    state: Literal["playing", "paused", "stopped"] = "playing"
    song: str | None = None
    """What it plays, as in ``Status.sound``; reports about anything else are ignored."""


@dataclass(frozen=True, slots=True)
class Blackout:
    """Turn everything dark at once, whatever is playing, until released."""

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
    | Wish
    | Unwish
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
    """A person or an automation takes over a channel. ``brightness`` None keeps the last value."""

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
    """A channel as Home Assistant shows it: what is requested, not the single frame.

    ``effect`` is "show" while the show controls the channel, otherwise empty.
    """

    channel: int
    on: bool
    brightness: int
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Packet:
    """Consecutive light frames with their presentation time, as sent to the nodes.

    See docs/mqtt.md. ``levels`` holds ``count * channels`` bytes, frame by frame; ``switched`` one tuple of channel
    states (bool) per frame. A packet replaces everything that a node still holds from ``at`` on.
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
    beats: tuple[int, ...] = ()
    """Microseconds of the beats during the frames, for lights that move with them; nodes are not told."""
