"""A look: the numbers that give a show its character."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Look:
    """How codes become light. Times in seconds, levels 0..1, loudness in dBFS."""

    bright: float = 0.99
    """Quantile of a channel's code that reads as fully bright."""
    release: float = 0.0
    """Time in which light fades to 1/e after the sound."""
    steady: float = 0.0
    """Time over which the brightness of the whole house is evened out, channels moving against each other."""
    vivid: float = 0.0
    """How far a level is moved away from its own mean of some seconds: more contrast, and less that can be read."""
    swell: float = 0.0
    """By how many dB of level light grows with each dB of loudness, over seconds; 0: not at all."""
    smooth: float = 0.0
    """Time over which a channel's level is smoothed; 0 leaves it as it is."""
    attack: float = 0.0
    """Live: time in which light rises; 0 is at once, for smoothing would come late."""
    gate_floor: float = -75.0
    gate_span: float = 10.0
    levels: Literal["dimmed", "switched"] = "dimmed"
    """Whether levels follow the music or the switched states (at once when ``smooth`` is 0)."""
    events: Literal["onsets", "beats", "bars"] = "onsets"
    """When lights may come on: at notes and beats, at beats, or at bars and sections. But for notes, they also go
    off only then (and in silence)."""
    apart: float = 0.1
    """Least time between events."""
    reluctance: float = 0.001
    """How much a light that changes has to tell, in seconds of the song: more makes the lights steadier."""
    live_switch: tuple[float, float] = (0.3, 0.5)
    """Live: quantiles of a channel's level below which it goes off and above which it comes on."""
    minimum: tuple[float, float] = (0.1, 0.1)
    """Shortest times on and off, kind to relays."""
    memory: float = 25.0
    """Live: how long the ranges remember."""


# A tenth of a second of smoothing costs nothing that people see, and keeps a single lamp from flickering.
LIVELY = Look(smooth=0.12, vivid=0.4, swell=0.2)
LOOKS = {
    "lively": LIVELY,
    "classic": Look(levels="switched", minimum=(0.2, 0.2)),
    "calm": Look(
        release=0.5,
        vivid=0.3,
        smooth=0.8,
        attack=0.25,
        events="beats",
        apart=1.0,
        minimum=(1.0, 1.0),
    ),
    "elegant": Look(
        levels="switched",
        smooth=0.6,
        attack=0.15,
        events="bars",
        apart=1.2,
        minimum=(1.0, 1.0),
    ),
}
