"""The settings of live inputs: ``[[input]]``, a group for each type."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from yulelight.app.broker_url import BrokerUrl
from yulelight.audio.pcm import PcmFormat, SampleFormat
from yulelight.core.group import Group
from yulelight.core.messages import MAX_DELAY, Song
from yulelight.core.reach import Reach
from yulelight.inputs.base import Input
from yulelight.inputs.choices import Choices
from yulelight.inputs.device import DeviceInput
from yulelight.inputs.gain import Gain
from yulelight.inputs.listener import Wanted
from yulelight.inputs.pipe import Opened, PipeInput, from_command, from_connection, from_fifo, from_sender
from yulelight.inputs.radio import RadioInput
from yulelight.inputs.sendspin import SendspinInput
from yulelight.inputs.sendspin_config import PORT as SENDSPIN_PORT
from yulelight.inputs.sendspin_config import SendspinConfig
from yulelight.inputs.snapcast import SnapcastInput
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.leader import LeaderInput
from yulelight.mqtt.topics import is_id

_Word = Annotated[str, Field(max_length=4096, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True, slots=True)
class InputContext:
    """The context of the service that inputs need."""

    data: Path
    """Its data folder, where inputs may store state."""
    name: str
    announce: bool = True
    """Whether the service may be announced on the network (zeroconf)."""
    interfaces: Sequence[str] = ()
    """Addresses on which to announce it; empty for all."""
    choices: Choices = field(default_factory=lambda: Choices(None))
    """What people chose for the inputs."""
    id: str = ""
    """That of the service."""
    clock: Callable[[], float] = time.monotonic


_NAME = r"^[^\x00-\x1f/]{1,40}$"
"""The name is part of API addresses."""


class _Named(Group):
    name: str = Field(pattern=_NAME)
    priority: int = Field(0, ge=-100, le=100)
    """If two inputs have sound, the one with the higher value is shown."""


class _AnyInput(_Named):
    threshold: float = Field(-50.0, ge=-100, le=0)
    """Level in dBFS above which the input counts as active."""
    silence: float = Field(20.0, ge=1, le=3600)
    """Seconds of silence after which its show ends."""
    delay: float = Field(0.0, ge=0, le=MAX_DELAY)
    """Seconds from its arrival at the service to its playback."""


class Pipe(_AnyInput):
    """A named pipe, a TCP connection or a command; one of ``fifo``, ``connect``, ``listen`` and ``command``."""

    type: Literal["pipe"]
    fifo: Path | None = None
    connect: str | None = None
    """Address of a server that sends the sound, such as mpd.local:8000."""
    listen: str | None = None
    """Port on which the service receives it, only on this machine unless preceded by an address."""
    command: list[_Word] | None = Field(None, min_length=1, max_length=64)
    """A program and its arguments, run without a shell; its standard output is the sound."""
    format: SampleFormat | Literal["container"] = "s16le"
    """Format of raw samples; ``container``: WAV, FLAC, Ogg, MP3 and other self-describing formats."""
    rate: int = Field(44_100, ge=8_000, le=192_000)
    channels: int = Field(2, ge=1, le=8)

    @model_validator(mode="after")
    def _one(self) -> Self:
        ways = [self.fifo, self.connect, self.listen, self.command]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("give one of fifo, connect, listen and command")
        if self.connect is not None:
            _place(self.connect)
        if self.listen is not None:
            _place(self.listen)
        return self

    def wanted(self, context: InputContext) -> Wanted:
        """As the manager of inputs knows it."""
        pcm = None if self.format == "container" else PcmFormat(self.rate, self.channels, self.format)
        opened, song = self._opened(), Song("", self.name)
        return _wanted(self, lambda: PipeInput(song, opened, pcm))

    def _opened(self) -> Opened:
        if self.fifo is not None:
            return from_fifo(self.fifo)
        if self.connect is not None:
            return from_connection(*_place(self.connect))
        if self.listen is not None:
            return from_sender(*_place(self.listen))
        return from_command(self.command or [])


class Snapcast(_AnyInput):
    """A Snapcast server."""

    type: Literal["snapcast"]
    host: str | None = Field(None, min_length=1, max_length=255)
    """Its address; without it, the first server found on the network."""
    port: int = Field(1704, ge=1, le=65535)
    control: int = Field(1705, ge=0, le=65535)
    """Port on which the server tells what its streams play; 0: titles are not asked for."""

    def wanted(self, context: InputContext) -> Wanted:
        """As the manager of inputs knows it."""
        song, interfaces = Song("", self.name), context.interfaces
        return _wanted(
            self,
            lambda: SnapcastInput(song, self.host, self.port, interfaces=interfaces, control=self.control),
        )


class Radio(_AnyInput):
    """An internet radio station."""

    type: Literal["radio"]
    url: str = Field(min_length=8, max_length=2000)
    """Address of its stream, or of a playlist (.m3u, .pls) that names it."""
    reach: Reach = "public"
    """As urls.reach, for this one."""

    def wanted(self, context: InputContext) -> Wanted:
        """As the manager of inputs knows it."""
        return _wanted(self, lambda: RadioInput(Song("", self.name), self.url, self.reach))


class Device(_AnyInput):
    """A recording device of this machine."""

    type: Literal["device"]
    device: str | None = Field(None, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
    """Its number, or part of its name; without it, the machine's default."""
    gain: Literal["auto", "none"] = "auto"
    """``auto``: quiet music is amplified, but not sound below ``threshold``."""

    def wanted(self, context: InputContext) -> Wanted:
        """As the manager of inputs knows it."""
        auto = self.gain == "auto"
        return _wanted(
            self,
            lambda: DeviceInput(
                Song("", self.name),
                context.choices.of(self.name).device or self.device,
                Gain(self.threshold) if auto else None,
            ),
        )


class Sendspin(_AnyInput):
    """A silent player for Music Assistant."""

    type: Literal["sendspin"]
    name: str = Field("Music Assistant", pattern=_NAME)
    player: str | None = Field(None, pattern=r"^[^\x00-\x1f]{1,60}$")
    """Its name in Music Assistant; without it, the service's name."""
    port: int = Field(SENDSPIN_PORT, ge=1, le=65535)
    """Port on which servers reach it."""
    server: str | None = Field(None, min_length=1, max_length=300, pattern=r"^[^\s/]+$")
    """Address of a server to connect to instead, or auto for the one found on the network."""
    unpaired: bool = True
    """Whether unpaired servers may send sound."""

    def wanted(self, context: InputContext) -> Wanted:
        """As the manager of inputs knows it."""
        config = SendspinConfig(
            self.player or context.name,
            context.data,
            self.port,
            server=self.server,
            unpaired=self.unpaired,
            announce=context.announce,
            interfaces=context.interfaces,
        )

        def make() -> SendspinInput:
            chosen = context.choices.of(self.name).unpaired
            unpaired = self.unpaired if chosen is None else chosen
            return SendspinInput(Song("", self.name), replace(config, unpaired=unpaired))

        return replace(_wanted(self, make), unpaired=self.unpaired)


class Yulelight(_Named):
    """Another Yulelight, whose show these lights follow."""

    type: Literal["yulelight"]
    name: str = Field("Neighbour", pattern=_NAME)
    broker: BrokerUrl = Field(repr=False)
    """mqtt://user:password@host:1883 or mqtts://…: its broker, or one that a bridge connects with it."""
    service: str = ""
    """Its id; without it, the only other service on that broker."""
    calendar: Literal["always", "away"] = "always"
    """When the calendar of this service plays: always, or only while the other one is away."""

    @field_validator("service")
    @classmethod
    def _an_id(cls, service: str) -> str:
        if service and not is_id(service):
            raise ValueError("this is no id of a service; `yulelight doctor` says it there")
        return service

    def wanted(self, context: InputContext) -> Wanted:
        """As the manager of inputs knows it."""
        song, address = Song("", self.name), BrokerAddress.parse(self.broker)
        return Wanted(
            self.name,
            lambda: LeaderInput(song, address, self.service, own=context.id, clock=context.clock),
            self.priority,
            silence=0.0,
            kind=self.type,
            led=True,
            before_calendar=self.calendar == "away",
        )


LiveInput = Annotated[Pipe | Snapcast | Radio | Device | Sendspin | Yulelight, Field(discriminator="type")]


def _wanted(group: "Pipe | Snapcast | Radio | Device | Sendspin", make: Callable[[], Input]) -> Wanted:
    return Wanted(
        group.name,
        make,
        group.priority,
        group.threshold,
        group.silence,
        kind=group.type,
        delay=group.delay,
    )


def _place(text: str) -> tuple[str, int]:
    """Host and port of ``host:port`` or ``port``, on this machine without a host. Raises ValueError."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise ValueError('write an address and a port, such as "127.0.0.1:4953", or a port alone')
    return host.strip("[]") or "127.0.0.1", int(port)
