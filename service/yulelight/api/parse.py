"""From JSON a client sent to the frozen messages the actors understand, or a UsageError in one clear line.

Pure functions. Everything is strict: an unknown field is a typing mistake worth telling, a bool is no number.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from yulelight.errors import UsageError
from yulelight.messages import (
    CHANNELS,
    Blackout,
    Command,
    Next,
    Pause,
    Play,
    ReleaseChannel,
    Resume,
    Seek,
    SetChannel,
    Stop,
)

Topic = Literal["status", "events", "channels", "frames"]
View = Literal["status", "songs", "nodes", "channels"]
Json: TypeAlias = Mapping[str, Any]

TOPICS: tuple[Topic, ...] = get_args(Topic)
VIEWS: tuple[View, ...] = get_args(View)
MAX_ID = 2**53 - 1
MAX_SONG_ID = 256


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Send what happens on ``topic`` from now on."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Stop sending ``topic``."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Get:
    """Answer once with what ``view`` shows."""

    view: View


Request = Command | SetChannel | ReleaseChannel | Subscribe | Unsubscribe | Get

_PLAIN: dict[str, Command] = {"pause": Pause(), "resume": Resume(), "stop": Stop(), "next": Next()}
COMMANDS = ("play", "pause", "resume", "stop", "seek", "next", "blackout")


def load(text: str | bytes) -> Json:
    """One JSON object. Raises UsageError for anything else, NaN and Infinity included."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise UsageError(f"this is not JSON: {reason}") from None
    if not isinstance(value, dict):
        raise UsageError("send one JSON object, such as {…}")
    return value


def message_id(body: Json) -> int:
    """The id a WebSocket message must carry so that its result can be told from others."""
    value = body.get("id")
    if type(value) is not int or not 0 <= value <= MAX_ID:
        raise UsageError(f'"id" must be a whole number from 0 to {MAX_ID}')
    return value


def request(body: Json) -> Request:
    """A WebSocket message (its ``id`` aside) as what it asks for. Raises UsageError."""
    rest = {key: value for key, value in body.items() if key not in {"id", "type"}}
    match body.get("type"):
        case "control":
            return command(rest)
        case "channel":
            number = channel_number(rest.pop("channel", None))
            return set_channel(number, rest)
        case "release":
            _only(rest, {"channel"})
            return ReleaseChannel(channel_number(rest.get("channel")))
        case "subscribe":
            return Subscribe(_topic(rest))
        case "unsubscribe":
            return Unsubscribe(_topic(rest))
        case "get":
            _only(rest, {"view"})
            return Get(_choice("view", rest.get("view"), VIEWS))
    raise UsageError('"type" must be one of control, channel, release, subscribe, unsubscribe, get')


def command(body: Json) -> Command:
    """``{"command": "play", "song": "…"}`` and its like as a message to the director. Raises UsageError."""
    name = _choice("command", body.get("command"), COMMANDS)
    match name:
        case "play":
            _only(body, {"command", "song"})
            song = body.get("song")
            if song is not None and (not isinstance(song, str) or not 0 < len(song) <= MAX_SONG_ID):
                raise UsageError('"song" must be a song id from /api/v1/songs, or null')
            return Play(song)
        case "seek":
            _only(body, {"command", "position"})
            return Seek(_seconds("position", body.get("position")))
        case "blackout":
            _only(body, {"command", "on"})
            return Blackout(_switch("on", body.get("on")))
    _only(body, {"command"})
    return _PLAIN[name]


def channel_number(value: object) -> int:
    """A channel's number, 1 to 8. Raises UsageError."""
    if type(value) is not int or not 1 <= value <= CHANNELS:
        raise UsageError(f'"channel" must be a whole number from 1 to {CHANNELS}')
    return value


def set_channel(channel: int, body: Json) -> SetChannel:
    """``{"on": true, "brightness": 128}``; brightness may be left out. Raises UsageError."""
    _only(body, {"on", "brightness"})
    brightness = body.get("brightness")
    if brightness is not None and (type(brightness) is not int or not 0 <= brightness <= 255):
        raise UsageError('"brightness" must be a whole number from 0 to 255')
    return SetChannel(channel, _switch("on", body.get("on")), brightness)


def _topic(body: Json) -> Topic:
    _only(body, {"topic"})
    topic: Topic = _choice("topic", body.get("topic"), TOPICS)
    return topic


def _choice(name: str, value: object, choices: tuple[Any, ...]) -> Any:
    if not isinstance(value, str) or value not in choices:
        raise UsageError(f'"{name}" must be one of {", ".join(choices)}')
    return value


def _switch(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f'"{name}" must be true or false')
    return value


def _seconds(name: str, value: object) -> float:
    if type(value) in (int, float):
        try:
            seconds = float(value)  # type: ignore[arg-type]
        except OverflowError:
            seconds = math.inf
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    raise UsageError(f'"{name}" must be a number of seconds, 0 or more')


def _only(body: Json, known: set[str]) -> None:
    for key in body:
        if key not in known:
            raise UsageError(f"unknown field {json.dumps(key[:40])}; known here: {', '.join(sorted(known))}")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")
