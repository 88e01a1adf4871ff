"""Zigbee2MQTT, which tells of its devices in the retained ``zigbee2mqtt/bridge/devices``. Pure.

https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html and exposes.html.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field, ValidationError

from yulelight.mqtt.devices.device import (
    FoundLight,
    Message,
    Shown,
    Told,
    compact,
    decoded,
    publishable,
    within,
)

BASE = "zigbee2mqtt"
"""Its usual base topic."""
MAX_DEVICES = 512
_FULL = 254
_SOFTLY = 1.0
"""Seconds in which a light comes back to what it showed before."""

_Text = Annotated[str, Field(max_length=256)]


class Feature(Told):
    """Something that a device can do; lights and switches have features of their own."""

    type: _Text = ""
    name: _Text = ""
    property: _Text = ""
    endpoint: _Text = ""
    features: list[Any] = Field([], max_length=64)


class Definition(Told):
    """What a device is."""

    model: _Text = ""
    vendor: _Text = ""
    exposes: list[Any] = Field([], max_length=256)


class ZigbeeDevice(Told):
    """A device."""

    ieee_address: Annotated[str, Field(pattern=r"^0x[0-9a-f]{16}$")]
    friendly_name: Annotated[str, Field(min_length=1, max_length=256)]
    definition: Definition | None = None
    disabled: bool = False


class Lamp(Told):
    """A light of a device: the names of its properties, and whether it has an endpoint of its own."""

    state: _Text
    brightness: _Text = ""
    endpoint: _Text = ""


class Bridge:
    """See Listener. What is known of one Zigbee2MQTT; what it says is read when it is needed."""

    def __init__(self, base: str = BASE) -> None:
        self._base = base
        self._told: bytes | None = None
        self._devices: dict[str, ZigbeeDevice] = {}
        self._offline = False

    @property
    def topics(self) -> Sequence[str]:
        """See Listener."""
        return f"{self._base}/bridge/devices", f"{self._base}/bridge/state"

    def hear(self, topic: str, payload: bytes) -> None:
        """See Listener."""
        if topic == self.topics[0]:
            self._told = payload
        elif topic == self.topics[1]:
            self._offline = not available(payload)

    @property
    def devices(self) -> dict[str, ZigbeeDevice]:
        """The devices by their address."""
        if self._told is not None:
            self._devices = {one.ieee_address: one for one in _devices(self._told, self._base)}
            self._told = None
        return self._devices

    @property
    def offline(self) -> bool:
        """Whether it said goodbye."""
        return self._offline

    def topic(self, device: ZigbeeDevice, command: str = "") -> str:
        """A topic of a device; without a ``command`` that on which it tells what it shows."""
        return f"{self._base}/{device.friendly_name}{f'/{command}' if command else ''}"


def found(bridge: Bridge) -> Iterator[FoundLight]:
    """The lights of all devices."""
    for device in bridge.devices.values():
        for lamp in lamps(device):
            dims = bool(lamp.brightness)
            kind = "dimmer" if dims else "relay"
            end = f"/{lamp.endpoint}" if lamp.endpoint else ""
            made = device.definition or Definition()
            yield FoundLight(
                f"zigbee2mqtt/{device.ieee_address}/{kind}{end}",
                f"{device.friendly_name} {lamp.endpoint}".rstrip(),
                "zigbee2mqtt",
                dims,
                f"{made.vendor} {made.model}".strip(),
            )


def lamps(device: ZigbeeDevice) -> Iterator[Lamp]:
    """The lights and switches of a device."""
    for exposed in (device.definition.exposes if device.definition else [])[:64]:
        one = _feature(exposed)
        if one is None or one.type not in ("light", "switch"):
            continue
        named = {part.name: part.property for part in map(_feature, one.features) if part is not None}
        if named.get("state"):
            dims = one.type == "light"
            yield Lamp(
                state=named["state"],
                brightness=named.get("brightness", "") if dims else "",
                endpoint=one.endpoint if publishable(one.endpoint) and "/" not in one.endpoint else "",
            )


class ZigbeeLight:
    """See Device. A light of the device at ``address``."""

    radio = True
    renew = None

    def __init__(self, bridge: Bridge, address: str, endpoint: str, place: int, *, dims: bool) -> None:
        self.places = (place,)
        self._bridge, self._address, self._endpoint, self._dims = bridge, address, endpoint, dims
        self._offline = False
        self._shown: Shown | None = None

    @property
    def topics(self) -> Sequence[str]:
        """See Listener."""
        device, bridge = self._device, self._bridge
        return () if device is None else (bridge.topic(device, "availability"), bridge.topic(device))

    def hear(self, topic: str, payload: bytes) -> None:
        """See Listener."""
        if topic == self.topics[0]:
            self._offline = not available(payload)
            self._shown = None if self._offline else self._shown
        elif self._lamp is not None:
            self._learn(self._lamp, decoded(payload))

    def _learn(self, lamp: Lamp, told: object) -> None:
        if not isinstance(told, dict):
            return
        before = self._shown
        on = {"ON": True, "OFF": False}.get(str(told.get(lamp.state)), before.on if before else None)
        if on is not None:
            level = within(told.get(lamp.brightness), _FULL) if lamp.brightness else None
            self._shown = Shown(on, before.level if level is None and before else level)

    @property
    def shown(self) -> Mapping[int, Shown]:
        """See Device."""
        return {} if self._shown is None else {self.places[0]: self._shown}

    def ask(self) -> Message | None:
        """See Device."""
        device, lamp = self._device, self._lamp
        if device is None or lamp is None:
            return None
        asked = {name: "" for name in (lamp.state, lamp.brightness if self._dims else "") if name}
        return Message(self._bridge.topic(device, "get"), compact(asked))

    def give_back(self, shown: Mapping[int, Shown]) -> Message | None:
        """See Device. Its brightness cannot be set while it stays off."""
        before = shown.get(self.places[0])
        if before is None or not before.on:
            return None
        return self._set(True, before.level if self._dims else None, _SOFTLY)

    @property
    def problem(self) -> str:
        """See Device."""
        if self._bridge.offline:
            return "cannot be reached: Zigbee2MQTT is not running"
        if self._device is None:
            return "is not known to Zigbee2MQTT"
        if self._lamp is None:
            return "does not have this light any more; `yulelight lights --find` lists what it has"
        return "is not there" if self._offline else ""

    def show(self, levels: Sequence[int], on: Sequence[bool], fade: float) -> Message | None:
        """See Device."""
        (place,) = self.places
        if not self._dims:
            return self._set(on[place])
        # No brightness goes with "off", since some lights take it for "on".
        return self._set(levels[place] > 0, max(1, round(levels[place] * _FULL / 255)), fade)

    def dark(self) -> Message | None:
        """See Device."""
        return self._set(False)

    def _set(self, on: bool, level: int | None = None, fade: float = 0.0) -> Message | None:
        device, lamp = self._device, self._lamp
        if device is None or lamp is None:
            return None
        told: dict[str, object] = {lamp.state: "ON" if on else "OFF"}
        if on and lamp.brightness and level:
            told[lamp.brightness] = level
        if lamp.brightness and self._dims:
            told["transition"] = round(fade, 1)
        return Message(self._bridge.topic(device, "set"), compact(told))

    @property
    def _device(self) -> ZigbeeDevice | None:
        return self._bridge.devices.get(self._address)

    @property
    def _lamp(self) -> Lamp | None:
        device = self._device
        mine = lamps(device) if device else iter(())
        return next(
            (one for one in mine if one.endpoint == self._endpoint and bool(one.brightness) >= self._dims),
            None,
        )


def available(payload: bytes) -> bool:
    """Whether an availability says so: a word or, in version 2, JSON."""
    if payload in (b"online", b"offline"):
        return payload == b"online"
    told = decoded(payload)
    return not (isinstance(told, dict) and told.get("state") == "offline")


def _devices(payload: bytes, base: str) -> Iterator[ZigbeeDevice]:
    told = decoded(payload)
    for one in (told if isinstance(told, list) else [])[:MAX_DEVICES]:
        try:
            device = ZigbeeDevice.model_validate(one)
        except ValidationError:
            continue
        reserved = device.friendly_name.split("/")[0] == "bridge"
        if not device.disabled and not reserved and publishable(f"{base}/{device.friendly_name}/set"):
            yield device


def _feature(told: object) -> Feature | None:
    try:
        return Feature.model_validate(told)
    except ValidationError:
        return None
