"""Tasmota, found by its retained ``tasmota/discovery/<MAC>/config`` (SetOption19 0, from version 9.3.1). Pure.

The fields are described in Tasmota's ``xdrv_12_discovery.ino``; commands at https://tasmota.github.io/docs/Commands/.
``Backlog0`` takes several commands in one message and runs them without the pause of ``Backlog``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from yulelight.mqtt.devices.device import (
    FoundLight,
    Message,
    Shown,
    Told,
    decoded,
    percent,
    publishable,
    read,
    within,
)

DISCOVERY = "tasmota/discovery/+/config"
_RELAY, _LIGHT = 1, 2
_CHANNELS = "68"
"""The option that makes each PWM channel a dimmer of its own."""

_Text = Annotated[str, Field(max_length=256)]


class Config(Told):
    """The announcement of a device."""

    dn: _Text = ""
    """Device name."""
    fn: list[_Text | None] = Field([], max_length=64)
    """Names of its outputs."""
    hn: _Text = ""
    mac: str = Field(pattern=r"^[0-9A-F]{12}$")
    md: _Text = ""
    """Module."""
    ofln: _Text = "Offline"
    onln: _Text = "Online"
    t: _Text
    """Topic."""
    ft: _Text = "%prefix%/%topic%/"
    """Full topic."""
    tp: list[_Text] = Field(["cmnd", "stat", "tele"], min_length=3, max_length=3)
    """Prefixes of commands, results and telemetry."""
    rl: list[int] = Field([], max_length=64)
    """Kinds of its outputs: 0 none, 1 relay, 2 light, 3 shutter."""
    state: list[_Text] = Field(["OFF", "ON"], min_length=2, max_length=8)
    """Its words for off and on."""
    so: dict[str, int] = Field({}, max_length=256)
    """Options."""
    lk: int = 1
    """Whether colour and white are one light."""
    lt_st: int = 0
    """Kind of the light: 0 none, 1 one channel, 2 cold and warm, 3 to 5 colour."""
    dslp: int = 0
    """Whether it sleeps most of the time."""

    def topic(self, prefix: int, command: str) -> str:
        """The topic of ``command`` with one of the prefixes."""
        full = self.ft if self.ft.endswith("/") else f"{self.ft}/"
        for name, value in (
            ("prefix", self.tp[prefix]),
            ("topic", self.t),
            ("hostname", self.hn),
            ("id", self.mac),
        ):
            full = full.replace(f"%{name}%", value)
        return full + command

    def dimmer(self, number: int) -> str:
        """The command that sets the brightness of output ``number``; empty if it has none."""
        lights = [n for n, kind in enumerate(self.rl, 1) if kind == _LIGHT]
        if number not in lights or self.lt_st == 0:
            return ""
        if self.so.get(_CHANNELS):
            return f"Channel{number}"
        return "Dimmer" if len(lights) == 1 else f"Dimmer{lights.index(number) + 1}"

    @property
    def usable(self) -> bool:
        """Whether commands can be sent to it."""
        return not self.dslp and publishable(self.topic(0, "Backlog0"))


def found(payload: bytes) -> Iterator[FoundLight]:
    """The lights in an announcement."""
    config = read(payload, Config)
    if config is None or not config.usable:
        return
    for number, kind in enumerate(config.rl, 1):
        if kind not in (_RELAY, _LIGHT):
            continue
        dims = bool(config.dimmer(number))
        own = config.fn[number - 1] if number <= len(config.fn) else None
        yield FoundLight(
            f"tasmota/{config.mac}/{'dimmer' if dims else 'relay'}/{number}",
            own or config.dn or config.t,
            "tasmota",
            dims,
            config.md,
        )


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a device: the light ``place`` of ours is its output ``number``."""

    place: int
    number: int
    dims: bool


def _told_on(config: Config) -> tuple[str, ...]:
    """Where a device tells what its lights show: after a change, when asked, and from time to time."""
    return config.topic(1, "RESULT"), config.topic(1, "STATE"), config.topic(2, "STATE")


class Tasmota:
    """See Device. ``outputs`` of the device with this ``mac``."""

    radio = False
    renew = None

    def __init__(self, mac: str, outputs: Sequence[Output]) -> None:
        self.places = tuple(one.place for one in outputs)
        self._outputs, self._mac = tuple(outputs), mac
        self._config: Config | None = None
        self._offline = False
        self._shown: dict[int, Shown] = {}

    @property
    def topics(self) -> Sequence[str]:
        """See Listener."""
        own, config = DISCOVERY.replace("+", self._mac), self._config
        return (own,) if config is None else (own, config.topic(2, "LWT"), *_told_on(config))

    def hear(self, topic: str, payload: bytes) -> None:
        """See Listener."""
        if topic == self.topics[0]:
            config = read(payload, Config)
            fits = config is not None and config.mac == self._mac and config.usable
            self._config = config if fits else None
        elif self._config is not None and topic == self._config.topic(2, "LWT"):
            self._offline = payload == self._config.ofln.encode()
            if self._offline:
                self._shown = {}
        elif self._config is not None:
            told = decoded(payload)
            if isinstance(told, dict):
                for one in self._outputs:
                    self._learn(self._config, one, told)

    def _learn(self, config: Config, one: Output, told: Mapping[object, object]) -> None:
        """A result or a state tells of some outputs."""
        before = self._shown.get(one.place)
        # The first of a device that has a single one goes without its number.
        word = told.get(f"POWER{one.number}", told.get("POWER") if one.number == 1 else None)
        level = within(told.get(config.dimmer(one.number)), 100) if one.dims else None
        if word in config.state[:2]:
            on = word == config.state[1]
        elif before is not None:
            on = before.on
        else:
            return
        self._shown[one.place] = Shown(on, before.level if level is None and before else level)

    @property
    def shown(self) -> Mapping[int, Shown]:
        """See Device."""
        return self._shown

    def ask(self) -> Message | None:
        """See Device."""
        return None if self._config is None else Message(self._config.topic(0, "State"), b"")

    def give_back(self, shown: Mapping[int, Shown]) -> Message | None:
        """See Device. It has no command for the brightness of a light that stays off."""
        config = self._config
        if config is None:
            return None
        commands: list[str] = []
        for one in self._outputs:
            before = shown.get(one.place)
            if before is not None and before.on:
                dimmer = config.dimmer(one.number) if one.dims else ""
                commands += [f"{dimmer} {before.level}"] if dimmer and before.level else []
                commands.append(f"Power{one.number} ON")
        return self._told(iter(commands)) if commands else None

    @property
    def problem(self) -> str:
        """See Device."""
        if self._config is None:
            return "has not announced itself (Tasmota: MQTT on, SetOption19 0)"
        if wrong := [one for one in self._outputs if not self._has(self._config, one)]:
            kind = "dimmer" if wrong[0].dims else "relay"
            return f"has no {kind} {wrong[0].number} any more; `yulelight lights --find` lists what it has"
        return "is not there" if self._offline else ""

    def show(self, levels: Sequence[int], on: Sequence[bool], fade: float) -> Message | None:
        """See Device."""
        if self._config is None:
            return None
        return self._told(
            command
            for one in self._outputs
            for command in self._commands(self._config, one, levels[one.place], on[one.place])
        )

    def dark(self) -> Message | None:
        """See Device."""
        return self._told(f"Power{one.number} OFF" for one in self._outputs)

    def _told(self, commands: Iterator[str]) -> Message | None:
        if self._config is None:
            return None
        return Message(self._config.topic(0, "Backlog0"), ";".join(commands).encode())

    @staticmethod
    def _commands(config: Config, one: Output, level: int, on: bool) -> Iterator[str]:
        dimmer = config.dimmer(one.number) if one.dims else ""
        lit = bool(level) if one.dims else on
        if lit and dimmer:
            yield f"{dimmer} {percent(level)}"
        # With SetOption20, a dimmer does not switch on by itself.
        yield f"Power{one.number} {'ON' if lit else 'OFF'}"

    @staticmethod
    def _has(config: Config, one: Output) -> bool:
        if one.dims:
            return bool(config.dimmer(one.number))
        return one.number <= len(config.rl) and config.rl[one.number - 1] in (_RELAY, _LIGHT)
