"""The settings of a custom look: ``[looks.NAME]``."""

from dataclasses import fields, replace
from typing import Annotated, Literal

from pydantic import Field

from yulelight.core.group import Group
from yulelight.show.look import LOOKS, Look
from yulelight.show.sliders import Sliders, adjusted

_Share = Annotated[float, Field(ge=0, le=1)]
_Slider = Annotated[float, Field(ge=-1, le=1)]
_Relay = Annotated[float, Field(ge=0.1, le=60)]
"""Pulses shorter than a tenth of a second are hardly visible."""


SLIDERS = tuple(field.name for field in fields(Sliders))


class OwnLook(Group):
    """A custom look: a bundled one with the sliders moved and the numbers given here.

    yulelight.show.sliders describes the sliders, yulelight.show.look each number; numbers have the last word.
    """

    base: str = "lively"
    drama: _Slider | None = None
    calm: _Slider | None = None
    contrast: _Slider | None = None
    voice: _Slider | None = None
    bright: float | None = Field(None, ge=0.5, le=1)
    release: float | None = Field(None, ge=0, le=10)
    steady: float | None = Field(None, ge=0, le=10)
    vivid: float | None = Field(None, ge=-1, le=5)
    swell: float | None = Field(None, ge=-1, le=3)
    lit: float | None = Field(None, ge=0.05, le=0.9)
    climb: float | None = Field(None, ge=-1, le=2)
    smooth: float | None = Field(None, ge=0, le=10)
    attack: float | None = Field(None, ge=0, le=5)
    gate_floor: float | None = Field(None, ge=-120, le=0)
    gate_span: float | None = Field(None, ge=1, le=60)
    levels: Literal["dimmed", "switched"] | None = None
    events: Literal["onsets", "beats", "bars"] | None = None
    apart: float | None = Field(None, ge=0.1, le=60)
    reluctance: float | None = Field(None, ge=-0.1, le=10)
    live_switch: tuple[_Share, _Share] | None = None
    minimum: tuple[_Relay, _Relay] | None = None
    memory: float | None = Field(None, ge=1, le=3600)

    def made(self) -> Look:
        """The look; raises ValueError."""
        if self.base not in LOOKS:
            raise ValueError(f"base: there is no look {self.base!r}; use one of {', '.join(LOOKS)}")
        if self.live_switch and self.live_switch[0] > self.live_switch[1]:
            raise ValueError("live_switch: a channel must go off below where it comes on; swap the two")
        sliders = self.model_dump(include=set(SLIDERS), exclude_none=True)
        numbers = self.model_dump(exclude={"base", *SLIDERS}, exclude_none=True)
        return replace(adjusted(LOOKS[self.base], Sliders(**sliders)), **numbers)
