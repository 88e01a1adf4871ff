"""Commands to the director as JSON, such as ``{"command": "play", "song": "…"}``. Pure and strict."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from yulelight.api.fields import (
    Body,
    ChannelNumber,
    Json,
    Seconds,
    Switch,
    Whole,
    one_of,
    ranged,
    read,
    text,
)
from yulelight.core.errors import UsageError
from yulelight.core.messages import (
    AllOn,
    Announce,
    Blackout,
    Calibrate,
    Command,
    Identify,
    Next,
    Pause,
    Play,
    Previous,
    QueueClear,
    QueueMove,
    QueueRemove,
    Repeat,
    Resume,
    Seek,
    SetOption,
    Stop,
)
from yulelight.player.options import RANGES

MAX_SONG_ID = 256
MAX_NAME = 64
MAX_URL = 2000
ENQUEUE = ("replace", "play", "next", "add")

SongId = Annotated[
    str,
    Field(
        strict=True, min_length=1, max_length=MAX_SONG_ID, description="a song id from /api/v1/songs, or null"
    ),
]
Name: Any = text(MAX_NAME)
Url: Any = text(MAX_URL)
RepeatMode: Any = one_of(*Repeat)
Channels = Annotated[
    list[ChannelNumber],
    Field(strict=True, min_length=1, max_length=8, description="a list of channels, such as [1, 2]"),
]


class CommandBody(Body):
    """The base of all commands; a command without fields is the message ``says``."""

    def message(self) -> Command:
        """The message for the director."""
        raise NotImplementedError


class PlayBody(CommandBody):
    """See Play; null is treated like a missing field."""

    song: SongId | None = None
    playlist: Name | None = None
    url: Url | None = None
    station: Name | None = None
    title: text(200) | None = None  # type: ignore[valid-type]
    look: Name | None = None
    model: Name | None = None
    channels: Channels | None = None
    enqueue: one_of(*ENQUEUE) | None = None  # type: ignore[valid-type]
    position: Seconds | None = None
    shuffle: Switch | None = None
    repeat: RepeatMode | None = None
    resume: Switch = False

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(value is not None for value in (self.song, self.playlist, self.url, self.station)) > 1:
            raise ValueError('name one of "song", "playlist", "url" and "station", not several')
        return self

    def message(self) -> Command:
        return Play(
            song=self.song,
            playlist=self.playlist,
            url=self.url,
            station=self.station,
            title=self.title or "",
            look=self.look,
            model=self.model,
            channels=tuple(sorted(set(self.channels or ()))),
            enqueue=self.enqueue or "replace",
            position=self.position or 0.0,
            shuffle=self.shuffle,
            repeat=None if self.repeat is None else Repeat(self.repeat),
            resume=self.resume,
        )


class AnnounceBody(CommandBody):
    """See Announce."""

    song: SongId | None = None
    url: Url | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.song is None) == (self.url is None):
            raise ValueError('name what to announce: "song" or "url"')
        return self

    def message(self) -> Command:
        return Announce(self.song, self.url)


class StopBody(CommandBody):
    """See Stop."""

    after_song: Switch = False

    def message(self) -> Command:
        return Stop(self.after_song)


class SeekBody(CommandBody):
    """See Seek."""

    position: Seconds

    def message(self) -> Command:
        return Seek(self.position)


class RepeatBody(CommandBody):
    """The option ``repeat``."""

    mode: RepeatMode

    def message(self) -> Command:
        return SetOption("repeat", self.mode)


class OnBody(CommandBody):
    """A field ``on``."""

    on: Switch


class IdentifyBody(CommandBody):
    """See Identify."""

    channel: ChannelNumber | None = None

    def message(self) -> Command:
        return Identify(self.channel)


class RemoveBody(CommandBody):
    """See QueueRemove."""

    index: Whole

    def message(self) -> Command:
        return QueueRemove(self.index)


class MoveBody(CommandBody):
    """See QueueMove."""

    index: Whole
    to: Whole

    def message(self) -> Command:
        return QueueMove(self.index, self.to)


class LevelBody(CommandBody):
    """A level from 0 to 1."""

    level: ranged(0.0, 1.0)  # type: ignore[valid-type]


class DelayBody(CommandBody):
    """The option ``delay``."""

    seconds: ranged(*RANGES["delay"])  # type: ignore[valid-type]

    def message(self) -> Command:
        return SetOption("delay", self.seconds)


class LookBody(CommandBody):
    """The option ``look``."""

    look: Name

    def message(self) -> Command:
        return SetOption("look", self.look)


class PaletteBody(CommandBody):
    """The option ``palette``."""

    palette: Name

    def message(self) -> Command:
        return SetOption("palette", self.palette)


class ModelBody(CommandBody):
    """The option ``model``."""

    model: Name

    def message(self) -> Command:
        return SetOption("model", self.model)


def _plain(said: Command) -> type[CommandBody]:
    """A command without fields."""

    class PlainBody(CommandBody):
        def message(self) -> Command:
            return said

    return PlainBody


def _switching(make: Any) -> type[CommandBody]:
    class SwitchBody(OnBody):
        def message(self) -> Command:
            said: Command = make(self.on)
            return said

    return SwitchBody


def _option(name: Literal["shuffle", "armed"]) -> type[CommandBody]:
    return _switching(lambda on: SetOption(name, on))


def _levelled(name: Literal["volume", "brightness"]) -> type[CommandBody]:
    class OptionBody(LevelBody):
        def message(self) -> Command:
            return SetOption(name, self.level)

    return OptionBody


_COMMANDS: dict[str, type[CommandBody]] = {
    "play": PlayBody,
    "announce": AnnounceBody,
    "pause": _plain(Pause()),
    "resume": _plain(Resume()),
    "stop": StopBody,
    "next": _plain(Next()),
    "previous": _plain(Previous()),
    "seek": SeekBody,
    "shuffle": _option("shuffle"),
    "repeat": RepeatBody,
    "volume": _levelled("volume"),
    "brightness": _levelled("brightness"),
    "delay": DelayBody,
    "look": LookBody,
    "model": ModelBody,
    "palette": PaletteBody,
    "armed": _option("armed"),
    "blackout": _switching(Blackout),
    "all_on": _switching(AllOn),
    "calibrate": _switching(Calibrate),
    "identify": IdentifyBody,
    "queue_remove": RemoveBody,
    "queue_move": MoveBody,
    "queue_clear": _plain(QueueClear()),
}
COMMANDS = tuple(_COMMANDS)


def command(body: Json) -> Command:
    """The message requested by ``body``. Raises UsageError."""
    name = body.get("command")
    if not isinstance(name, str) or name not in _COMMANDS:
        raise UsageError(f'"command" must be one of {", ".join(COMMANDS)}')
    fields = {key: value for key, value in body.items() if key != "command"}
    return read(_COMMANDS[name], fields).message()
