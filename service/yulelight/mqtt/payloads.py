"""The JSON messages of docs/mqtt.md: dataclasses that convert to and from payloads.

Every ``parse`` validates data from the network, or raises PayloadError.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from yulelight.core.errors import YulelightError
from yulelight.core.messages import ChannelState, ReleaseChannel, SetChannel, ShowEvent, State, Status
from yulelight.mqtt.lights import light_wire, parse_light
from yulelight.outputs.stats import HISTOGRAM
from yulelight.safety.physics import Light

ONLINE = b"online"
OFFLINE = b"offline"
SHOW_EFFECT = "show"

MAX_PAYLOAD = 4096
MAX_LIGHTS = 65_536
"""Maximum bytes of a payload that describes lights."""
_MAX_TEXT = 200
_MAX_TIME = 2**62
"""Microseconds: beyond any clock, and sums of two still fit into 64 bits."""
_MAX_COUNT = 2**53


class PayloadError(YulelightError):
    """A payload that is invalid for its topic."""


def light_command(channel: int, payload: bytes) -> SetChannel | ReleaseChannel:
    """Parses Home Assistant's JSON light command for ``channel``.

    Unknown keys are ignored. ``{"state": "ON", "brightness": 128}`` takes over the channel, ``{"state": "ON",
    "effect": "show"}`` returns it to the show. ON with brightness 0 means OFF.
    """
    data = from_json(payload)
    state, effect = data.get("state"), data.get("effect")
    if state == "OFF":
        return SetChannel(channel, on=False)
    if state != "ON":
        raise PayloadError('a light command needs "state": "ON" or "OFF"')
    if effect is not None:
        if effect != SHOW_EFFECT:
            raise PayloadError(f'the only effect is "{SHOW_EFFECT}"')
        return ReleaseChannel(channel)
    if data.get("brightness") is None:
        return SetChannel(channel, on=True)
    brightness = _integer(data, "brightness", 0, 255)
    return (
        SetChannel(channel, on=True, brightness=brightness) if brightness else SetChannel(channel, on=False)
    )


def channel_state(state: ChannelState) -> bytes:
    """The state of a channel for Home Assistant, which ignores brightness 0, so that is sent as OFF."""
    # No effect is sent as null, since Home Assistant keeps the last one if the key is missing.
    effect = state.effect or None
    if not state.on or state.brightness == 0:
        return as_json({"state": "OFF", "effect": effect})
    return as_json({"state": "ON", "brightness": state.brightness, "effect": effect})


def show_state(status: Status, now: float) -> bytes:
    """The show at ``now`` (seconds of the clock of ``status.as_of``)."""
    song = status.song
    return as_json(
        {
            "state": status.state.value,
            "song": song.title if song else "",
            "artist": song.artist if song else "",
            "position": round(position(status, now), 1),
            "duration": round(song.duration, 1) if song else 0.0,
            "playlist": status.playlist,
            "model": status.model,
            "look": status.look,
            "mode": mode(status),
            "led": status.led,
        }
    )


def position(status: Status, now: float) -> float:
    """Seconds into the song at ``now``."""
    if status.state not in (State.PRE_SHOW, State.PLAYING, State.POST_SHOW):
        return status.position
    return status.position + max(0.0, now - status.as_of)


def mode(status: Status) -> str:
    """What controls the lights: "blackout", "all_on", "live", "show" or "idle"."""
    if status.blackout:
        return "blackout"
    if status.all_on:
        return "all_on"
    if status.state is State.LIVE:
        return "live"
    return "idle" if status.state is State.IDLE else "show"


def show_event(event: ShowEvent) -> bytes:
    """The payload of an event entity; everything except ``event_type`` becomes an attribute."""
    return as_json(
        {
            "event_type": event.kind,
            "song": event.song.title if event.song else "",
            "artist": event.song.artist if event.song else "",
            "detail": event.detail,
        }
    )


@dataclass(frozen=True, slots=True)
class Ping:
    """A node's request for the time. ``t0``: the node's monotonic clock in µs when it was sent."""

    t0: int

    def payload(self) -> bytes:
        return as_json(asdict(self))

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        return cls(_time(from_json(payload), "t0"))


@dataclass(frozen=True, slots=True)
class Pong:
    """The service's answer: ``t1`` when it received the ping, ``t2`` when it answered, in µs of its monotonic
    clock.
    """

    t0: int
    t1: int
    t2: int

    def payload(self) -> bytes:
        return b'{"t0":%d,"t1":%d,"t2":%d}' % (self.t0, self.t1, self.t2)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        data = from_json(payload)
        t0, t1, t2 = (_time(data, name) for name in ("t0", "t1", "t2"))
        if t2 < t1:
            raise PayloadError("a pong was sent before its ping was heard")
        return cls(t0, t1, t2)


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """The status of a node: its driver, channels, version, and the lights on its outputs.

    Nodes of early versions do not report ``outputs``: then they are lights of unknown kind on its channels.
    """

    online: bool
    driver: str = ""
    channels: tuple[int, ...] = ()
    version: str = ""
    outputs: tuple[Light, ...] = ()

    def payload(self) -> bytes:
        said = {
            "online": self.online,
            "driver": self.driver,
            "channels": self.channels,
            "version": self.version,
        }
        return as_json(said | ({"outputs": list(map(light_wire, self.outputs))} if self.outputs else {}))

    @property
    def lights(self) -> tuple[Light, ...]:
        """The lights of the outputs, of unknown kind if not reported."""
        return self.outputs or tuple(Light(channel=channel) for channel in self.channels)

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        data = from_json(payload, MAX_LIGHTS)
        online = data.get("online")
        if not isinstance(online, bool):
            raise PayloadError('a node status needs "online": true or false')
        channels = _integers(data, "channels", 1, 64, limit=64)
        outputs = _lights(data, "outputs", limit=64)
        return cls(online, _text(data, "driver"), channels, _text(data, "version"), outputs)


@dataclass(frozen=True, slots=True)
class HouseLights:
    """The description of all lights of the house, sent to the nodes."""

    lights: tuple[Light, ...]

    def payload(self) -> bytes:
        return as_json({"lights": list(map(light_wire, self.lights))})

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        return cls(_lights(from_json(payload, MAX_LIGHTS), "lights", limit=256))


@dataclass(frozen=True, slots=True)
class NodeHealth:
    """The health of a node: counters since its start, and microseconds (see docs/mqtt.md)."""

    shown: int = 0
    late: int = 0
    dropped: int = 0
    limited: int = 0
    stale: int = 0
    bad: int = 0
    driver_errors: int = 0
    driver_works: bool = True
    offset_us: int = 0
    uncertainty_us: int = 0
    rtt_us: int = 0
    drift_ppm: int = 0
    error_p50_us: int = 0
    error_p99_us: int = 0
    error_histogram: tuple[int, ...] = ()
    """Number of frames by timing error: one count for each bound in ``HISTOGRAM``, and those above."""

    def payload(self) -> bytes:
        return as_json(asdict(self))

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        data = from_json(payload)
        signed = {"offset_us": _MAX_TIME, "drift_ppm": 1_000_000}
        works, histogram = data.pop("driver_works", True), data.pop("error_histogram", [])
        if not isinstance(works, bool):
            raise PayloadError('"driver_works" must be true or false')
        counts = {
            field.name: _integer(
                data, field.name, -signed.get(field.name, 0), signed.get(field.name, _MAX_COUNT)
            )
            for field in fields(cls)
            if field.name in data
        }
        classes = len(HISTOGRAM) + 1
        counted = _integers({"error_histogram": histogram}, "error_histogram", 0, _MAX_COUNT, limit=classes)
        if len(counted) not in (0, classes):
            raise PayloadError(f'"error_histogram" must have {classes} counts')
        return cls(**counts, driver_works=works, error_histogram=counted)


def as_json(data: dict[str, Any]) -> bytes:
    """``data`` as a payload."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def from_json(payload: bytes, limit: int = MAX_PAYLOAD) -> dict[str, Any]:
    """The object in a payload of at most ``limit`` bytes. Raises PayloadError."""
    if len(payload) > limit:
        raise PayloadError(f"{len(payload)} bytes; at most {limit} are read")
    try:
        data = json.loads(payload)
    except (ValueError, RecursionError):
        raise PayloadError("not JSON") from None
    if not isinstance(data, dict):
        raise PayloadError("not a JSON object")
    return data


def _integer(data: dict[str, Any], name: str, low: int, high: int) -> int:
    value = data.get(name)
    if type(value) is not int or not low <= value <= high:
        raise PayloadError(f'"{name}" must be a whole number from {low} to {high}')
    return value


def _integers(data: dict[str, Any], name: str, low: int, high: int, *, limit: int) -> tuple[int, ...]:
    values = data.get(name)
    if not isinstance(values, list) or len(values) > limit:
        raise PayloadError(f'"{name}" must be a list of at most {limit} numbers')
    if any(type(value) is not int or not low <= value <= high for value in values):
        raise PayloadError(f'"{name}" must be whole numbers from {low} to {high}')
    return tuple(values)


def _lights(data: dict[str, Any], name: str, *, limit: int) -> tuple[Light, ...]:
    values = data.get(name, [])
    if not isinstance(values, list) or len(values) > limit:
        raise PayloadError(f'"{name}" must be a list of at most {limit} lights')
    try:
        return tuple(map(parse_light, values))
    except ValueError as error:
        raise PayloadError(f'"{name}": {error}') from None


def _time(data: dict[str, Any], name: str) -> int:
    return _integer(data, name, -_MAX_TIME, _MAX_TIME)


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not value.isprintable():
        raise PayloadError(f'"{name}" must be a printable text of at most {_MAX_TEXT} characters')
    return value
