"""The parts of a WLED device's JSON that we need, validated.

The names are WLED's (``/json/si``, versions 0.13 to 16): https://kno.wled.ge/interfaces/json-api/. Pure.
"""

import json
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from yulelight.core.errors import NetworkError
from yulelight.core.text import plain

MOST_LEDS = 65_536
MOST_SEGMENTS = 256
MAX_BYTES = 65_536
"""Maximum bytes of an answer; a device with 32 segments needs about 15,000."""

_Text = Annotated[str, Field(max_length=256), AfterValidator(plain)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, allow_inf_nan=False)


class Matrix(_Answer):
    """The size of a panel."""

    w: int = Field(ge=1, le=MOST_LEDS)
    h: int = Field(ge=1, le=MOST_LEDS)


class Leds(_Answer):
    """``info.leds``."""

    count: int = Field(ge=1, le=MOST_LEDS)
    rgbw: bool = False
    matrix: Matrix | None = None


class Info(_Answer):
    """``info``."""

    name: _Text = "WLED"
    ver: _Text = ""
    mac: _Text = ""
    leds: Leds
    live: bool = False
    """Whether it receives a stream."""
    lm: _Text = ""
    """By which protocol."""
    lip: _Text = ""
    """From which address."""
    liveseg: int = Field(-1, ge=-1, le=MOST_SEGMENTS)
    """The only segment that shows streams; -1 for the whole strip."""
    uptime: int = Field(0, ge=0)
    """Seconds."""


class Segment(_Answer):
    """``state.seg[]``. ``stop`` is the first LED after it."""

    id: int = Field(0, ge=0, le=MOST_SEGMENTS)
    start: int = Field(0, ge=0, le=MOST_LEDS)
    stop: int = Field(0, ge=0, le=MOST_LEDS)
    n: _Text = ""


class Nightlight(_Answer):
    """``state.nl``."""

    on: bool = False


class State(_Answer):
    """``state``."""

    on: bool
    bri: int = Field(ge=0, le=255)
    """The brightness when on, also while it is off."""
    pl: int = Field(-1, ge=-1, le=65_535)
    """The active playlist; -1 for none."""
    nl: Nightlight = Nightlight()
    lor: int = Field(0, ge=0, le=255)
    """Above 0 if it was set to ignore streams."""
    seg: list[Segment] = Field([], max_length=MOST_SEGMENTS)


class Device(_Answer):
    """``/json/si``."""

    state: State
    info: Info


def read(data: bytes) -> Device:
    """The device that ``data`` describes. Raises NetworkError."""
    try:
        return Device.model_validate(json.loads(data))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise NetworkError(f"its answer is none of WLED's: {where}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise NetworkError("its answer is not WLED's JSON; is this a WLED device?") from None
