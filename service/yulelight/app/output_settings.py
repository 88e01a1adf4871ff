"""The settings of lights that the service drives itself, one group for each kind of output."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from yulelight.app.group import Group
from yulelight.core.messages import CHANNELS
from yulelight.outputs.base import Output
from yulelight.outputs.ddp import DdpDriver
from yulelight.outputs.driven import Driven
from yulelight.outputs.pixels import Range, evenly

MAX_PIXELS = 65_536
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class PixelRange(Group):
    """Pixels of a strip that show a channel."""

    channel: int = Field(ge=1, le=CHANNELS)
    first: int = Field(ge=0, le=MAX_PIXELS)
    """The first of them; the strip begins with 0."""
    count: int = Field(ge=1, le=MAX_PIXELS)
    colour: Colour = "#ffffff"


class DirectOutput(Group):
    """Lights that the service drives itself, without a node."""

    type: Literal["ddp"]
    name: str = Field(pattern=r"^[A-Za-z0-9 _-]{1,40}$")
    host: str = Field(min_length=1, max_length=255)
    """Address of the controller: WLED, FPP, Falcon, Kulp, ESPixelStick."""
    port: int = Field(4048, ge=1, le=65535)
    pixels: int = Field(ge=1, le=MAX_PIXELS)
    """How many there are; parted evenly among the channels where no ranges are given."""
    ranges: list[PixelRange] = Field([], max_length=64)
    colours: list[Colour] = Field(
        ["#ffb14a", "#e2231a", "#2fb350", "#3c6df0"], min_length=1, max_length=CHANNELS
    )
    """Of the channels in their order, used in turn, where no ranges are given."""
    gamma: float = Field(2.2, ge=1, le=4)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for one in self.ranges:
            if one.first + one.count > self.pixels:
                raise ValueError(
                    f"pixels {one.first} to {one.first + one.count - 1} are named, but there are {self.pixels}; "
                    "count from 0"
                )
        return self

    def made(self) -> Output:
        """The output."""
        ranges = tuple(
            Range(one.channel, one.first, one.count, rgb(one.colour)) for one in self.ranges
        ) or evenly(self.pixels, range(1, CHANNELS + 1), [rgb(colour) for colour in self.colours])
        driver = DdpDriver(self.name, self.host, ranges, pixels=self.pixels, gamma=self.gamma, port=self.port)
        return Driven(self.name, driver)


def rgb(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as numbers."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue
