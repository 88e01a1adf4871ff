"""The settings of lights that the service drives itself, one group for each kind of output."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from yulelight.app.group import Group
from yulelight.core.messages import CHANNELS
from yulelight.outputs.base import Output
from yulelight.outputs.ddp import PORT as DDP_PORT
from yulelight.outputs.ddp import Ddp
from yulelight.outputs.driven import Driven
from yulelight.outputs.network import RATE, NetworkDriver
from yulelight.outputs.pixels import Colour, Order, Range, Strip, evenly
from yulelight.outputs.wled.answers import Device
from yulelight.outputs.wled.output import WledOutput
from yulelight.outputs.wled.parts import parted, reach

MAX_PIXELS = 65_536
_Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
_Host = Annotated[str, Field(min_length=1, max_length=255)]
_Port = Annotated[int, Field(ge=1, le=65535)]


class PixelRange(Group):
    """Pixels of a strip that show a channel."""

    channel: int = Field(ge=1, le=CHANNELS)
    first: int = Field(ge=0, le=MAX_PIXELS)
    """The first of them; the strip begins with 0."""
    count: int = Field(ge=1, le=MAX_PIXELS)
    colour: _Colour = "#ffffff"


class _AnyOutput(Group):
    """What all kinds have in common. Without ``ranges``, pixels are parted evenly among the channels."""

    name: str = Field(pattern=r"^[A-Za-z0-9 _-]{1,40}$")
    ranges: list[PixelRange] = Field([], max_length=64)
    colours: list[_Colour] = Field(
        ["#ffb14a", "#e2231a", "#2fb350", "#3c6df0"], min_length=1, max_length=CHANNELS
    )
    """Of the channels in their order, used in turn, where no ranges are given."""
    order: Order = "rgb"
    """The slots of a pixel in the order in which the controller expects them; w is a plain dimmer of one slot."""
    gamma: float = Field(2.2, ge=1, le=4)
    rate: float = Field(RATE, ge=1, le=60)
    """Frames a second at most."""

    def strip(self, pixels: int, usual: Callable[[list[Colour]], tuple[Range, ...]]) -> Strip:
        """The map of ``pixels``; ``usual`` parts them where no ranges are given. Raises ValueError."""
        for one in self.ranges:
            if one.first + one.count > pixels:
                raise ValueError(
                    f"pixels {one.first} to {one.first + one.count - 1} are named, but there are {pixels}; "
                    "count from 0"
                )
        named = tuple(Range(one.channel, one.first, one.count, rgb(one.colour)) for one in self.ranges)
        colours = [rgb(colour) for colour in self.colours]
        return Strip(pixels, named or usual(colours), self.gamma, self.order)


class _Pixels(_AnyOutput):
    """An output that does not say how many pixels it has."""

    pixels: int = Field(ge=1, le=MAX_PIXELS)
    """How many there are."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        self._map()
        return self

    def _map(self) -> Strip:
        return self.strip(self.pixels, lambda colours: evenly(self.pixels, range(1, CHANNELS + 1), colours))


class DdpOutput(_Pixels):
    """Pixels that speak DDP."""

    type: Literal["ddp"]
    host: _Host
    """Address of the controller: FPP, Falcon, Kulp, ESPixelStick, WLED."""
    port: _Port = DDP_PORT

    def made(self, folder: Path) -> Output:
        """The output; ``folder`` is for what outputs keep."""
        strip = self._map()
        wire = Ddp(len(strip.order))
        return Driven(
            self.name, NetworkDriver(self.name, self.host, wire, strip, port=self.port, rate=self.rate)
        )


class WledOutputSettings(_AnyOutput):
    """A WLED device, which is asked how many LEDs and which segments it has."""

    type: Literal["wled"]
    host: _Host
    """Its address; `yulelight lights --find` lists those of the network."""
    http_port: _Port = 80
    port: _Port = DDP_PORT
    """Of its DDP."""
    release: float = Field(10.0, ge=0, le=86_400)
    """Seconds of darkness after a show until it does again what it did before."""

    def made(self, folder: Path) -> Output:
        """The output; in ``folder`` it keeps what the device did before the show."""
        return WledOutput(
            self.name,
            self.host,
            self._map,
            folder,
            release=self.release,
            http_port=self.http_port,
            port=self.port,
            rate=self.rate,
        )

    def _map(self, device: Device) -> Strip:
        return self.strip(reach(device), lambda colours: parted(device, colours))


DirectOutput = Annotated[DdpOutput | WledOutputSettings, Field(discriminator="type")]


def rgb(colour: str) -> Colour:
    """``#rrggbb`` as numbers."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue
