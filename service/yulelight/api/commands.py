"""The commands to the director as JSON: ``{"command": "play", "song": "…"}`` and its like. Pure; strict as parse.py."""

import math
from collections.abc import Callable
from typing import Any

from yulelight.api.fields import Json, channel_number, choice, number, only, switch, text, whole
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


def command(body: Json) -> Command:
    """The message that ``body`` asks for. Raises UsageError."""
    name = choice("command", body.get("command"), COMMANDS)
    known, make = _COMMANDS[name]
    only(body, {"command", *known})
    return make(body)


def _play(body: Json) -> Command:
    named = {key: body.get(key) for key in ("song", "playlist", "url")}
    if sum(value is not None for value in named.values()) > 1:
        raise UsageError('name one of "song", "playlist" and "url", not several')
    return Play(
        song=_song(body),
        playlist=text("playlist", body.get("playlist"), MAX_NAME),
        url=text("url", body.get("url"), MAX_URL),
        title=text("title", body.get("title"), 200) or "",
        look=text("look", body.get("look"), MAX_NAME),
        model=text("model", body.get("model"), MAX_NAME),
        channels=_channels(body.get("channels")),
        enqueue=choice("enqueue", body.get("enqueue") or "replace", ENQUEUE),
        position=number("position", body.get("position") or 0.0, 0.0, math.inf),
        shuffle=None if body.get("shuffle") is None else switch("shuffle", body["shuffle"]),
        repeat=None
        if body.get("repeat") is None
        else Repeat(choice("repeat", body["repeat"], tuple(Repeat))),
        resume=switch("resume", body.get("resume", False)),
    )


def _announce(body: Json) -> Command:
    song, url = _song(body), text("url", body.get("url"), MAX_URL)
    if (song is None) == (url is None):
        raise UsageError('name what to announce: "song" or "url"')
    return Announce(song, url)


def _song(body: Json) -> str | None:
    song = body.get("song")
    if song is not None and (not isinstance(song, str) or not 0 < len(song) <= MAX_SONG_ID):
        raise UsageError('"song" must be a song id from /api/v1/songs, or null')
    return song


def _channels(value: object) -> tuple[int, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not 0 < len(value) <= 8:
        raise UsageError('"channels" must be a list of channels, such as [1, 2]')
    return tuple(sorted({channel_number(each) for each in value}))


def _identify(body: Json) -> Command:
    channel = body.get("channel")
    return Identify(None if channel is None else channel_number(channel))


def _ranged(option: str, key: str) -> tuple[tuple[str, ...], Callable[[Json], Command]]:
    name: Any = option
    return (key,), lambda body: SetOption(name, number(key, body.get(key), *RANGES[option]))


def _switched(option: str) -> tuple[tuple[str, ...], Callable[[Json], Command]]:
    name: Any = option
    return ("on",), lambda body: SetOption(name, switch("on", body.get("on")))


def _named(option: str) -> tuple[tuple[str, ...], Callable[[Json], Command]]:
    name: Any = option
    return (option,), lambda body: SetOption(
        name, text(option, body.get(option), MAX_NAME, needed=True) or ""
    )


_PLAY = (
    *("song", "playlist", "url", "title", "look", "model", "channels", "enqueue", "position"),
    *("shuffle", "repeat", "resume"),
)
_COMMANDS: dict[str, tuple[tuple[str, ...], Callable[[Json], Command]]] = {
    "play": (_PLAY, _play),
    "announce": (("song", "url"), _announce),
    "pause": ((), lambda body: Pause()),
    "resume": ((), lambda body: Resume()),
    "stop": (("after_song",), lambda body: Stop(switch("after_song", body.get("after_song", False)))),
    "next": ((), lambda body: Next()),
    "previous": ((), lambda body: Previous()),
    "seek": (("position",), lambda body: Seek(number("position", body.get("position"), 0.0, math.inf))),
    "shuffle": _switched("shuffle"),
    "repeat": (
        ("mode",),
        lambda body: SetOption("repeat", choice("mode", body.get("mode"), tuple(Repeat))),
    ),
    "volume": _ranged("volume", "level"),
    "brightness": _ranged("brightness", "level"),
    "delay": _ranged("delay", "seconds"),
    "look": _named("look"),
    "model": _named("model"),
    "armed": _switched("armed"),
    "blackout": (("on",), lambda body: Blackout(switch("on", body.get("on")))),
    "all_on": (("on",), lambda body: AllOn(switch("on", body.get("on")))),
    "calibrate": (("on",), lambda body: Calibrate(switch("on", body.get("on")))),
    "identify": (("channel",), _identify),
    "queue_remove": (("index",), lambda body: QueueRemove(whole("index", body.get("index")))),
    "queue_move": (
        ("index", "to"),
        lambda body: QueueMove(whole("index", body.get("index")), whole("to", body.get("to"))),
    ),
    "queue_clear": ((), lambda body: QueueClear()),
}
COMMANDS = tuple(_COMMANDS)
