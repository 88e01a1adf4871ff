"""From JSON a client sent to the frozen messages the actors understand, or a UsageError in one clear line.

Pure functions. Everything is strict: an unknown field is a typing mistake worth telling, a bool is no number.
"""

import json
from dataclasses import dataclass
from typing import Literal, get_args

from yulelight.api.commands import COMMANDS, MAX_SONG_ID, command
from yulelight.api.fields import Json, channel_number, choice, only, switch
from yulelight.core.errors import UsageError
from yulelight.core.messages import Command, ReleaseChannel, SetChannel

__all__ = ["COMMANDS", "MAX_SONG_ID", "TOPICS", "VIEWS", "Json", "channel_number", "command"]

Topic = Literal[
    "status", "events", "channels", "frames", "schedule", "playlists", "library", "nodes", "pairing"
]
View = Literal[
    "status", "songs", "nodes", "channels", "schedule", "playlists", "library", "looks", "models", "pairing"
]

TOPICS: tuple[Topic, ...] = get_args(Topic)
VIEWS: tuple[View, ...] = get_args(View)
MAX_ID = 2**53 - 1


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
            only(rest, {"channel"})
            return ReleaseChannel(channel_number(rest.get("channel")))
        case "subscribe":
            return Subscribe(_topic(rest))
        case "unsubscribe":
            return Unsubscribe(_topic(rest))
        case "get":
            only(rest, {"view"})
            return Get(choice("view", rest.get("view"), VIEWS))
    raise UsageError('"type" must be one of control, channel, release, subscribe, unsubscribe, get')


def set_channel(channel: int, body: Json) -> SetChannel:
    """``{"on": true, "brightness": 128}``; brightness may be left out. Raises UsageError."""
    only(body, {"on", "brightness"})
    brightness = body.get("brightness")
    if brightness is not None and (type(brightness) is not int or not 0 <= brightness <= 255):
        raise UsageError('"brightness" must be a whole number from 0 to 255')
    return SetChannel(channel, switch("on", body.get("on")), brightness)


def _topic(body: Json) -> Topic:
    only(body, {"topic"})
    topic: Topic = choice("topic", body.get("topic"), TOPICS)
    return topic


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")
