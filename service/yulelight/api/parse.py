"""Parses JSON from clients into messages for the actors; raises UsageError with one clear line.

Pure functions. Parsing is strict: unknown fields are errors, and booleans are not numbers.
"""

import json
from dataclasses import dataclass
from typing import Literal, get_args

from yulelight.api.commands import COMMANDS, MAX_SONG_ID, command
from yulelight.api.fields import Body, ChannelNumber, Json, Level, Switch, one_of, read
from yulelight.core.errors import UsageError
from yulelight.core.messages import Command, ReleaseChannel, SetChannel

__all__ = ["COMMANDS", "MAX_SONG_ID", "TOPICS", "VIEWS", "Json", "channel_number", "command"]

Topic = Literal[
    "status",
    "events",
    "channels",
    "frames",
    "schedule",
    "playlists",
    "library",
    "nodes",
    "inputs",
    "stations",
    "pairing",
    "house",
    "guests",
    "looks",
    "levels",
]
View = Literal[
    "status",
    "songs",
    "nodes",
    "inputs",
    "stations",
    "channels",
    "schedule",
    "playlists",
    "library",
    "looks",
    "palettes",
    "models",
    "pairing",
]

TOPICS: tuple[Topic, ...] = get_args(Topic)
VIEWS: tuple[View, ...] = get_args(View)
MAX_ID = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Subscribe to ``topic``."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Unsubscribe from ``topic``."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Get:
    """Answer once with ``view``."""

    view: View


Request = Command | SetChannel | ReleaseChannel | Subscribe | Unsubscribe | Get


def load(text: str | bytes) -> Json:
    """Parses a JSON object. Raises UsageError for anything else, including NaN and Infinity."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise UsageError(f"this is not JSON: {reason}") from None
    if not isinstance(value, dict):
        raise UsageError("send one JSON object, such as {…}")
    return value


def message_id(body: Json) -> int:
    """The id of a WebSocket message, which identifies its result."""
    value = body.get("id")
    if type(value) is not int or not 0 <= value <= MAX_ID:
        raise UsageError(f'"id" must be a whole number from 0 to {MAX_ID}')
    return value


def request(body: Json) -> Request:
    """Parses the request in a WebSocket message, apart from its ``id``. Raises UsageError."""
    rest = {key: value for key, value in body.items() if key not in {"id", "type"}}
    match body.get("type"):
        case "control":
            return command(rest)
        case "channel":
            number = channel_number(rest.pop("channel", None))
            return set_channel(number, rest)
        case "release":
            return ReleaseChannel(read(_OfChannel, rest).channel)
        case "subscribe":
            return Subscribe(read(_OfTopic, rest).topic)
        case "unsubscribe":
            return Unsubscribe(read(_OfTopic, rest).topic)
        case "get":
            return Get(read(_OfView, rest).view)
    raise UsageError('"type" must be one of control, channel, release, subscribe, unsubscribe, get')


def channel_number(value: object) -> int:
    """A channel's number, 1 to 8. Raises UsageError."""
    return read(_OfChannel, {"channel": value}).channel


def set_channel(channel: int, body: Json) -> SetChannel:
    """``{"on": true, "brightness": 128}``; brightness may be left out. Raises UsageError."""
    wanted = read(_Wanted, body)
    return SetChannel(channel, wanted.on, wanted.brightness)


class _OfChannel(Body):
    channel: ChannelNumber


class _OfTopic(Body):
    topic: one_of(*TOPICS)  # type: ignore[valid-type]


class _OfView(Body):
    view: one_of(*VIEWS)  # type: ignore[valid-type]


class _Wanted(Body):
    on: Switch
    brightness: Level | None = None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON")
