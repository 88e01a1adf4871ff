"""The settings of a custom look: ``[looks.NAME]``."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from yulelight.core.group import Group
from yulelight.show.look import LOOKS, Look

_Share = Annotated[float, Field(ge=0, le=1)]
_Relay = Annotated[float, Field(ge=0.1, le=60)]
"""Pulses shorter than a tenth of a second are hardly visible."""


class OwnLook(Group):
    """A custom look: a bundled one with the changes given here; yulelight.show.look describes each setting."""

    base: str = "lively"
    bright: float | None = Field(None, ge=0.5, le=1)
    release: float | None = Field(None, ge=0, le=10)
    steady: float | None = Field(None, ge=0, le=10)
    vivid: float | None = Field(None, ge=0, le=5)
    swell: float | None = Field(None, ge=0, le=3)
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
        return replace(LOOKS[self.base], **self.model_dump(exclude={"base"}, exclude_none=True))
