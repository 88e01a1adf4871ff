"""Shelly devices of both generations. Pure.

Gen1 (https://shelly-api-docs.shelly.cloud/gen1/#mqtt) has a topic for each output:
``shellies/<id>/relay/0/command`` takes ``on`` and ``off``, ``shellies/<id>/light/0/set`` takes JSON. Gen2 and later
(https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Mqtt) take calls on ``<prefix>/rpc``. There an output
that is switched on goes off by itself after ``toggle_after`` seconds, so it goes dark without us and the broker.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from yulelight.mqtt.devices.device import (
    FoundLight,
    Message,
    Shown,
    Told,
    compact,
    decoded,
    percent,
    publishable,
    read,
    within,
)

ANNOUNCE = "shellies/announce"
COMMAND = "shellies/command"
"""Takes ``announce``, from devices of all generations, and in Gen1 ``update``."""
STATES = (
    "shellies/+/relay/+",
    "shellies/+/light/+/status",
    "shellies/+/white/+/status",
    "shellies/+/color/+/status",
)
"""What Gen1 devices report of their outputs."""
METHODS: Mapping[str, str] = MappingProxyType(
    {"switch": "Switch.Set", "light": "Light.Set", "rgb": "RGB.Set", "rgbw": "RGBW.Set", "cct": "CCT.Set"}
)
"""The call that sets each component."""
OFF_AFTER = 2.4
"""Seconds after which an output of Gen2 goes off by itself."""
RENEW = 1.0
_SOFTLY = 1000
"""Milliseconds in which a light comes back to what it showed before."""
_BRIGHTNESS: Mapping[str, str] = MappingProxyType(
    {"light": "brightness", "white": "brightness", "color": "gain"}
)
_STATE = re.compile(r"shellies/([^/]+)/(relay|light|white|color)/(\d)(/status)?")
_COMPONENT = re.compile(r"(switch|light|rgb|rgbw|cct):(\d{1,3})")


class Announcement(Told):
    """Who answers ``announce``."""

    id: Annotated[str, Field(min_length=1, max_length=128)]
    name: Annotated[str, Field(max_length=128)] | None = None
    model: Annotated[str, Field(max_length=64)] = ""
    gen: int = 1


def announced(payload: bytes) -> Announcement | None:
    """The device that announces itself."""
    told = read(payload, Announcement)
    return told if told is not None and publishable(told.id) else None


def found_first(topic: str) -> FoundLight | None:
    """The light whose state a Gen1 device reports on ``topic``."""
    match = _STATE.fullmatch(topic)
    if match is None or not publishable(topic) or (match[2] == "relay") == bool(match[4]):
        return None
    device, kind, number = match[1], match[2], match[3]
    return FoundLight(
        f"shelly/{device}/{kind}/{number}", f"{device} {kind} {number}", "shelly", kind != "relay", "Gen1"
    )


def ask_components(prefix: str, answer_to: str) -> Message:
    """Asks a Gen2 device for its components; it answers on ``<answer_to>/rpc``."""
    return Message(f"{prefix}/rpc", compact({"id": 1, "src": answer_to, "method": "Shelly.GetStatus"}))


def found_components(payload: bytes, prefix: str, name: str) -> Iterator[FoundLight]:
    """The lights in the answer of the Gen2 device with this prefix."""
    told = decoded(payload)
    result = told.get("result") if isinstance(told, dict) else None
    for key in sorted(map(str, result))[:256] if isinstance(result, dict) else ():
        match = _COMPONENT.fullmatch(key)
        if match is not None:
            yield FoundLight(
                f"shelly/{prefix}/{key}", f"{name} {key}", "shelly", match[1] != "switch", "Gen2 or later"
            )


class FirstShelly:
    """See Device. An output of a Gen1 device: ``kind`` is relay, light, white or color."""

    radio = False
    renew = None

    def __init__(self, device: str, kind: str, number: int, place: int) -> None:
        self.places = (place,)
        self._base, self._kind = f"shellies/{device}", kind
        self._topic = f"{self._base}/{kind}/{number}/{'command' if kind == 'relay' else 'set'}"
        self._online: bool | None = None
        self._state = f"{self._base}/{kind}/{number}{'' if kind == 'relay' else '/status'}"
        self._shown: Shown | None = None

    @property
    def topics(self) -> Sequence[str]:
        """See Listener."""
        return f"{self._base}/online", self._state

    def hear(self, topic: str, payload: bytes) -> None:
        """See Listener."""
        if topic == self._state:
            self._shown = self._read(payload) or self._shown
        else:
            self._online = _online(payload)
            self._shown = self._shown if self._online else None

    def _read(self, payload: bytes) -> Shown | None:
        if self._kind == "relay":
            return {b"on": Shown(True), b"off": Shown(False)}.get(payload)
        told = decoded(payload)
        if not isinstance(told, dict) or not isinstance(told.get("ison"), bool):
            return None
        return Shown(told["ison"], within(told.get(_BRIGHTNESS[self._kind]), 100))

    @property
    def shown(self) -> Mapping[int, Shown]:
        """See Device."""
        return _at(self.places, self._shown)

    def ask(self) -> Message | None:
        """See Device."""
        return Message(f"{self._base}/command", b"update")

    def give_back(self, shown: Mapping[int, Shown]) -> Message | None:
        """See Device."""
        before = shown.get(self.places[0])
        if before is None or not (before.on or before.level):
            return None
        if self._kind == "relay":
            return Message(self._topic, b"on")
        told: dict[str, object] = {"turn": "on" if before.on else "off", "transition": _SOFTLY}
        if before.level:
            told[_BRIGHTNESS[self._kind]] = before.level
        return Message(self._topic, compact(told))

    @property
    def problem(self) -> str:
        """See Device."""
        return _problem(self._online)

    def show(self, levels: Sequence[int], on: Sequence[bool], fade: float) -> Message | None:
        """See Device."""
        (place,) = self.places
        if self._kind == "relay":
            return Message(self._topic, b"on" if on[place] else b"off")
        if not levels[place]:
            return self._off(fade)
        lit = {
            "turn": "on",
            _BRIGHTNESS[self._kind]: percent(levels[place]),
            "transition": round(1000 * fade),
        }
        return Message(self._topic, compact(lit))

    def dark(self) -> Message | None:
        """See Device."""
        return Message(self._topic, b"off") if self._kind == "relay" else self._off(0.0)

    def _off(self, fade: float) -> Message:
        return Message(self._topic, compact({"turn": "off", "transition": round(1000 * fade)}))


class Shelly:
    """See Device. A component of a Gen2 device, such as switch 0."""

    radio = False
    renew = RENEW

    def __init__(self, prefix: str, component: str, number: int, place: int) -> None:
        self.places = (place,)
        self._prefix, self._component, self._number = prefix, component, number
        self._online: bool | None = None
        self._key = f"{component}:{number}"
        self._inbox = f"yulelight/{prefix}/{self._key}"
        self._shown: Shown | None = None

    @property
    def topics(self) -> Sequence[str]:
        """See Listener."""
        own = f"{self._prefix}/online", f"{self._prefix}/events/rpc", f"{self._prefix}/status/{self._key}"
        return (*own, f"{self._inbox}/rpc")

    def hear(self, topic: str, payload: bytes) -> None:
        """See Listener."""
        if topic == f"{self._prefix}/online":
            self._online = _online(payload)
            self._shown = self._shown if self._online else None
            return
        told = decoded(payload)
        if topic == f"{self._prefix}/events/rpc":
            told = _part(_part(told, "params"), self._key)
        elif topic == f"{self._inbox}/rpc":
            told = _part(told, "result")
        self._learn(told)

    def _learn(self, told: object) -> None:
        """A status, or what changed of it."""
        before = self._shown
        on = _part(told, "output")
        if not isinstance(on, bool):
            if before is None:
                return
            on = before.on
        level = within(_part(told, "brightness"), 100)
        self._shown = Shown(on, before.level if level is None and before else level)

    @property
    def shown(self) -> Mapping[int, Shown]:
        """See Device."""
        return _at(self.places, self._shown)

    def ask(self) -> Message | None:
        """See Device."""
        method = METHODS[self._component].replace("Set", "GetStatus")
        call = {"id": 1, "src": self._inbox, "method": method, "params": {"id": self._number}}
        return Message(f"{self._prefix}/rpc", compact(call))

    def give_back(self, shown: Mapping[int, Shown]) -> Message | None:
        """See Device."""
        before = shown.get(self.places[0])
        if before is None or not (before.on or before.level):
            return None
        return self._call({"on": before.on, **({"brightness": before.level} if before.level else {})})

    @property
    def problem(self) -> str:
        """See Device."""
        return _problem(self._online)

    def show(self, levels: Sequence[int], on: Sequence[bool], fade: float) -> Message | None:
        """See Device."""
        (place,) = self.places
        if self._component == "switch":
            return self._call({"on": True, "toggle_after": OFF_AFTER}) if on[place] else self.dark()
        if not levels[place]:
            return self.dark()
        return self._call({"on": True, "brightness": percent(levels[place]), "toggle_after": OFF_AFTER})

    def dark(self) -> Message | None:
        """See Device."""
        return self._call({"on": False})

    def _call(self, params: Mapping[str, object]) -> Message:
        call = {
            "id": 1,
            "src": "yulelight",
            "method": METHODS[self._component],
            "params": {"id": self._number, **params},
        }
        return Message(f"{self._prefix}/rpc", compact(call))


def _at(places: Sequence[int], shown: Shown | None) -> Mapping[int, Shown]:
    return {} if shown is None else {places[0]: shown}


def _part(told: object, key: str) -> object:
    return told.get(key) if isinstance(told, dict) else None


def _online(payload: bytes) -> bool | None:
    return {b"true": True, b"false": False}.get(payload)


def _problem(online: bool | None) -> str:
    if online is None:
        return "has not been heard (Shelly: MQTT on, the same broker)"
    return "" if online else "is not there"
