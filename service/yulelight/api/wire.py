"""Converts the actors' messages to the models of the API in yulelight_client. Pure functions."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from yulelight.api.frames import Frame
from yulelight.core.messages import ChannelState, ShowEvent, Song, Status
from yulelight_client import models

API_VERSIONS = models.Versions(1, 1)


def micros(seconds: float) -> int:
    """A time of the service's clock in whole microseconds, as sent to clients."""
    return round(seconds * 1_000_000)


def song(value: Song | None) -> dict[str, Any] | None:
    """A song, or null."""
    return None if value is None else of_song(value)


def of_song(value: Song) -> dict[str, Any]:
    """A song."""
    return _song(value).to_dict()


def songs(values: Iterable[Song]) -> dict[str, Any]:
    """The library."""
    return {"songs": [of_song(value) for value in values]}


def status(value: Status, now: float) -> dict[str, Any]:
    """The show at ``now`` (seconds of the service's clock), to which ``position`` is advanced."""
    told = models.Status(
        state=str(value.state),
        moving=value.state.moving,
        song=None if value.song is None else _song(value.song),
        position=value.position,
        now=micros(now),
        sections=value.sections,
        queue=tuple(_song(each) for each in value.queue),
        queued=value.queued,
        index=value.index,
        playlist=value.playlist,
        model=value.model,
        look=value.look,
        palette=value.palette,
        colours=value.colours,
        volume=value.volume,
        brightness=value.brightness,
        delay=value.delay,
        shuffle=value.shuffle,
        repeat=str(value.repeat),
        armed=value.armed,
        blackout=value.blackout,
        all_on=value.all_on,
        sound=value.sound,
        message=value.message,
        missing_music=value.missing_music,
    )
    return {**told.to_dict(), "position": round(told.position_after(now - value.as_of), 3)}


def event(value: ShowEvent) -> dict[str, Any]:
    """Something that happened in the show."""
    happened = None if value.song is None else _song(value.song)
    return models.ShowEvent(value.kind, happened, value.detail).to_dict()


def channel(value: ChannelState) -> dict[str, Any]:
    """The requested state of a channel."""
    return models.Channel(**asdict(value)).to_dict()


def channels(values: Iterable[ChannelState]) -> dict[str, Any]:
    """All channels in their order."""
    return {"channels": [channel(value) for value in sorted(values, key=lambda item: item.channel)]}


def frames(values: Iterable[Frame], now: float) -> dict[str, Any]:
    """Thinned light frames, each with its presentation time, and the present time of the clock."""
    due = tuple(models.Frame(frame.at, tuple(frame.levels), tuple(frame.switched)) for frame in values)
    return models.Frames(micros(now), due).to_dict()


def _song(value: Song) -> models.Song:
    return models.Song(
        value.id, value.title, value.artist, value.album, round(value.duration, 3), value.cover
    )
