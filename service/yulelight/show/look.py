"""Looks: the parameters that determine the style of a show."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Look:
    """The parameters for mapping codes to light. Times in seconds, levels 0..1, loudness in dBFS."""

    bright: float = 0.99
    """Quantile of a channel's code that is mapped to full brightness."""
    release: float = 0.0
    """Time in which light decays to 1/e."""
    steady: float = 0.0
    """Time over which the total brightness is smoothed, with channels moving against each other."""
    vivid: float = 0.0
    """How far a level is moved away from its mean over some seconds: more contrast, but less information. Below 0,
    towards it."""
    swell: float = 0.0
    """dB of level per dB of slowly varying loudness; 0 for none, below 0 for the opposite."""
    lit: float = 0.32
    """Share of the time for which a switched light is on, apart from what loudness and events add (by hand: .24 to
    .30)."""
    climb: float = 0.3
    """How much more switched light there is where the song is louder by its own spread: e to this power."""
    voice: float = 0.0
    """Where a voice is known, from -1 to 1: above 0, how far the other channels are dimmed while it sings; below 0, how
    far its channel returns to its own code, which it has at -1."""
    smooth: float = 0.0
    """Smoothing time of levels; 0 for none."""
    attack: float = 0.0
    """Live: attack time; 0 for instant, since smoothing would add delay."""
    gate_floor: float = -75.0
    gate_span: float = 10.0
    levels: Literal["dimmed", "switched"] = "dimmed"
    """Whether levels follow the music or the states (instantly if ``smooth`` is 0)."""
    events: Literal["onsets", "beats", "bars"] = "onsets"
    """When lights may come on: at notes and beats, at beats, or at bars and sections. But for notes, they also go
    off only then (and in silence)."""
    apart: float = 0.1
    """Minimum time between events."""
    reluctance: float = 0.001
    """Cost of a change in seconds of the song: higher values make the lights steadier."""
    live_switch: tuple[float, float] = (0.3, 0.5)
    """Live: quantiles of a channel's level below which it goes off, and above which it comes on."""
    minimum: tuple[float, float] = (0.1, 0.1)
    """Shortest times on and off, to spare relays."""
    memory: float = 25.0
    """Live: time constant of the ranges."""


# A tenth of a second of smoothing costs nothing that people see, and keeps a single lamp from flickering.
LIVELY = Look(smooth=0.12, reluctance=0.01)
LOOKS = {
    "lively": LIVELY,
    "classic": Look(levels="switched", minimum=(0.2, 0.2), reluctance=0.008),
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
