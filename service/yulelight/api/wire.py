"""From the actors' messages to the JSON clients read. Pure functions, the mirror of parse.py."""

from collections.abc import Iterable
from typing import Any

from yulelight.api.frames import Frame
from yulelight.core.messages import ChannelState, ShowEvent, Song, State, Status

MOVING = frozenset({State.PRE_SHOW, State.PLAYING, State.LIVE, State.POST_SHOW})
"""States in which the position goes on."""
API_VERSIONS = {"min": 1, "max": 1}


def micros(seconds: float) -> int:
    """The service's clock as clients see it: whole microseconds."""
    return round(seconds * 1_000_000)


def song(value: Song | None) -> dict[str, Any] | None:
    """A song, or null."""
    return None if value is None else of_song(value)


def of_song(value: Song) -> dict[str, Any]:
    """A song."""
    return {
        "id": value.id,
        "title": value.title,
        "artist": value.artist,
        "album": value.album,
        "duration": round(value.duration, 3),
        "cover": value.cover,
    }


def songs(values: Iterable[Song]) -> dict[str, Any]:
    """The library."""
    return {"songs": [song(value) for value in values]}


def status(value: Status, now: float) -> dict[str, Any]:
    """The show at the moment ``now`` (seconds of the service's clock); ``position`` is moved on to it."""
    position = value.position
    if value.state in MOVING:
        position += max(0.0, now - value.as_of)
    if value.song is not None and value.song.duration > 0:
        position = min(position, value.song.duration)
    return {
        "state": str(value.state),
        "song": song(value.song),
        "position": round(position, 3),
        "now": micros(now),
        "sections": list(value.sections),
        "queue": [song(item) for item in value.queue],
        "queued": value.queued,
        "index": value.index,
        "playlist": value.playlist,
        "model": value.model,
        "look": value.look,
        "volume": value.volume,
        "brightness": value.brightness,
        "delay": value.delay,
        "shuffle": value.shuffle,
        "repeat": str(value.repeat),
        "armed": value.armed,
        "blackout": value.blackout,
        "all_on": value.all_on,
        "sound": value.sound,
        "message": value.message,
        "missing_music": list(value.missing_music),
    }


def event(value: ShowEvent) -> dict[str, Any]:
    """Something that happened in the show."""
    return {"kind": value.kind, "song": song(value.song), "detail": value.detail}


def channel(value: ChannelState) -> dict[str, Any]:
    """A channel's intent."""
    return {
        "channel": value.channel,
        "on": value.on,
        "brightness": value.brightness,
        "effect": value.effect,
    }


def channels(values: Iterable[ChannelState]) -> dict[str, Any]:
    """All channels in their order."""
    return {"channels": [channel(value) for value in sorted(values, key=lambda item: item.channel)]}


def frames(values: Iterable[Frame], now: float) -> dict[str, Any]:
    """Thinned light frames, each with its presentation time, and the clock they are measured on."""
    return {
        "now": micros(now),
        "frames": [
            {"at": frame.at, "levels": list(frame.levels), "switched": list(frame.switched)}
            for frame in values
        ],
    }
