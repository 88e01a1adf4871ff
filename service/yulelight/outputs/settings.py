"""The settings of pixels and dimmers on the network, for service and nodes: one group for each protocol."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, Self
from uuid import NAMESPACE_OID, getnode, uuid5

from pydantic import Field, model_validator

from yulelight.core.group import Group
from yulelight.core.messages import CHANNELS
from yulelight.outputs.artnet import MOST_UNIVERSE, ArtNet
from yulelight.outputs.artnet import PORT as ARTNET_PORT
from yulelight.outputs.base import Output
from yulelight.outputs.ddp import PORT as DDP_PORT
from yulelight.outputs.ddp import Ddp
from yulelight.outputs.driven import Driven
from yulelight.outputs.e131 import E131, PRIORITY
from yulelight.outputs.e131 import PORT as E131_PORT
from yulelight.outputs.network import RATE, NetworkDriver
from yulelight.outputs.pixels import Effect, Order, Range, Strip, evenly
from yulelight.outputs.universes import Universes
from yulelight.safety.colour import Colour, lamp_colour

MAX_PIXELS = 65_536
_LAST_UNIVERSE = 63_999
"""Of E1.31."""
NAME = r"^[A-Za-z0-9 _-]{1,40}$"
ColourCode = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Host = Annotated[str, Field(min_length=1, max_length=255)]
Port = Annotated[int, Field(ge=1, le=65535)]


class PixelRange(Group):
    """Pixels of a strip that show a channel."""

    channel: int = Field(ge=1, le=CHANNELS)
    first: int = Field(ge=0, le=MAX_PIXELS)
    """The first pixel, counted from 0."""
    count: int = Field(ge=1, le=MAX_PIXELS)
    colour: ColourCode = "#ffffff"
    effect: Effect | None = None
    """As for the output, for this range."""


class AnyOutput(Group):
    """Settings common to all kinds. Without ``ranges``, pixels are divided evenly among the channels."""

    name: str = Field(pattern=NAME)
    ranges: list[PixelRange] = Field([], max_length=64)
    colours: list[ColourCode] = Field(
        ["#ffb14a", "#e2231a", "#2fb350", "#3c6df0"], min_length=1, max_length=CHANNELS
    )
    """Colours of the channels in order, repeated as needed, if no ranges are given."""
    order: Order = "rgb"
    """The slots of a pixel in the order in which the controller expects them; w is a plain dimmer of one slot."""
    effect: Effect = "dim"
    """How a level is shown: as the brightness of all pixels (dim), or as the number of lit pixels, in a row, scattered,
    or in a row that moves on with each beat (chase)."""
    palette: bool | None = None
    """Whether it takes the colours of the show; by default unless colours or ranges are named here."""
    gamma: float = Field(2.2, ge=1, le=4)
    rate: float = Field(RATE, ge=1, le=60)
    """Maximum frames a second."""

    def strip(self, pixels: int, usual: Callable[[list[Colour]], tuple[Range, ...]]) -> Strip:
        """The map of ``pixels``; ``usual`` divides them if no ranges are given. Raises ValueError."""
        for one in self.ranges:
            if one.first + one.count > pixels:
                raise ValueError(
                    f"pixels {one.first} to {one.first + one.count - 1} are named, but there are {pixels}; "
                    "count from 0"
                )
        follows = self.follows
        rgb: Callable[[str], Colour] = lamp_colour if follows else _rgb
        named = tuple(
            Range(one.channel, one.first, one.count, rgb(one.colour), one.effect or self.effect)
            for one in self.ranges
        )
        colours = [rgb(colour) for colour in self.colours]
        ranges = named or usual(colours)
        if not ranges:
            raise ValueError("has no LEDs that show a stream")
        return Strip(pixels, ranges, self.gamma, self.order, follows)

    @property
    def targets(self) -> frozenset[str]:
        """What it sends to, each of which can show one output only."""
        return frozenset()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        ordered = sorted(self.ranges, key=lambda one: one.first)
        for one, other in pairwise(ordered):
            if other.first < one.first + one.count:
                raise ValueError(f"pixel {other.first} is in two ranges; it can show one channel")
        return self

    @property
    def follows(self) -> bool:
        """Whether it takes the colours of the show."""
        if self.order == "w":
            return False
        named = {"ranges", "colours"} & self.model_fields_set
        return not named if self.palette is None else self.palette


class PixelsOutput(AnyOutput):
    """An output that does not report its number of pixels."""

    pixels: int = Field(ge=1, le=MAX_PIXELS)
    """The number of pixels."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        self._map()
        return self

    @abstractmethod
    def driver(self) -> NetworkDriver:
        """The driver of these pixels."""

    def made(self, folder: Path) -> Output:
        """The output; ``folder`` is for what outputs keep."""
        return Driven(self.name, self.driver())

    def _map(self) -> Strip:
        return self.strip(
            self.pixels, lambda colours: evenly(self.pixels, range(1, CHANNELS + 1), colours, self.effect)
        )


class DdpOutput(PixelsOutput):
    """Pixels controlled by DDP."""

    type: Literal["ddp"]
    host: Host
    """Address of the controller: FPP, Falcon, Kulp, ESPixelStick, WLED."""
    port: Port = DDP_PORT

    @property
    def targets(self) -> frozenset[str]:
        """See AnyOutput."""
        return ddp_target(self.host, self.port)

    def driver(self) -> NetworkDriver:
        """See PixelsOutput."""
        strip = self._map()
        wire = Ddp(len(strip.order))
        return NetworkDriver(self.name, self.host, wire, strip, port=self.port, rate=self.rate)


class _Dmx(PixelsOutput):
    """An output with slots in DMX universes."""

    address: int = Field(1, ge=1, le=512)
    """The first slot of the first pixel in the first universe."""
    universe_size: int | None = Field(None, ge=1, le=512)
    """Slots of a universe; without it, as many as fit whole pixels: 510 for RGB, 512 for RGBW and dimmers."""

    @property
    @abstractmethod
    def _span(self) -> tuple[str, int, int]:
        """Where its universes are, the first of them, and the last that there is."""

    @property
    def targets(self) -> frozenset[str]:
        """See AnyOutput."""
        where, first, last = self._span
        strip = self._map()
        count = self._universes(first, strip, last).count(strip.size)
        return frozenset(f"universe {first + number} of {where}" for number in range(count))

    @model_validator(mode="after")
    def _there(self) -> Self:
        _, first, last = self._span
        self._universes(first, self._map(), last)
        return self

    def _universes(self, first: int, strip: Strip, last: int) -> Universes:
        made = Universes.whole_pixels(first, len(strip.order), self.address)
        if self.universe_size is not None:
            made = replace(made, size=self.universe_size)
        if self.address > made.size:
            raise ValueError(f"address: a universe of {made.size} slots has no slot {self.address}")
        if first + made.count(strip.size) - 1 > last:
            raise ValueError(f"universe: these pixels need universes beyond {last}, the last that there is")
        return made


class E131Output(_Dmx):
    """Pixels or dimmers controlled by E1.31, also called streaming ACN."""

    type: Literal["e131"]
    host: Host | None = None
    """Address of the controller; without it, each universe is sent to its multicast group."""
    port: Port = E131_PORT
    universe: int = Field(1, ge=1, le=_LAST_UNIVERSE)
    """The first universe."""
    priority: int = Field(PRIORITY, ge=0, le=200)
    """If a universe has two sources, receivers show the one with the higher priority."""
    full: bool = False
    """Whether to always send 512 slots, which some old receivers require."""

    def driver(self) -> NetworkDriver:
        """See PixelsOutput."""
        strip = self._map()
        # The same after every start, but different on every machine.
        cid = uuid5(NAMESPACE_OID, f"yulelight {getnode()} {self.name}")
        wire = E131(
            self._universes(self.universe, strip, _LAST_UNIVERSE),
            cid,
            f"Yulelight {self.name}",
            priority=self.priority,
            full=self.full,
            multicast=self.host is None,
        )
        return NetworkDriver(self.name, self.host, wire, strip, port=self.port, rate=self.rate)

    @property
    def _span(self) -> tuple[str, int, int]:
        where = f"{self.host.lower()}:{self.port}" if self.host else "its multicast group"
        return f"E1.31 at {where}", self.universe, _LAST_UNIVERSE


class ArtNetOutput(_Dmx):
    """Pixels or dimmers controlled by Art-Net."""

    type: Literal["artnet"]
    host: Host
    port: Port = ARTNET_PORT
    universe: int = Field(0, ge=0, le=MOST_UNIVERSE)
    """The first port address: net, subnet and universe as one number, from 0."""
    sync: bool = True
    """Whether receivers are told to show all universes of a frame together."""

    def driver(self) -> NetworkDriver:
        """See PixelsOutput."""
        strip = self._map()
        wire = ArtNet(self._universes(self.universe, strip, MOST_UNIVERSE), sync=self.sync)
        return NetworkDriver(self.name, self.host, wire, strip, port=self.port, rate=self.rate)

    @property
    def _span(self) -> tuple[str, int, int]:
        return f"Art-Net at {self.host.lower()}:{self.port}", self.universe, MOST_UNIVERSE


NetworkOutput = Annotated[DdpOutput | E131Output | ArtNetOutput, Field(discriminator="type")]
"""An output that needs nothing but UDP, so that a light node can drive it, too."""


def ddp_target(host: str, port: int) -> frozenset[str]:
    """The one target of pixels over DDP."""
    return frozenset([f"DDP at {host.lower()}:{port}"])


def two_on_one(outputs: Iterable[AnyOutput]) -> str:
    """Names two outputs that would show different pictures in turns on the same lights; empty if there are none."""
    owners: dict[str, str] = {}
    for output in outputs:
        for target in sorted(output.targets):
            owner = owners.setdefault(target, output.name)
            if owner != output.name:
                return (
                    f"{owner} and {output.name} send to the same lights ({target}); "
                    "one output with ranges can show what both do"
                )
    return ""


def _rgb(colour: str) -> Colour:
    """``#rrggbb`` as pixels are driven, without a palette."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue
