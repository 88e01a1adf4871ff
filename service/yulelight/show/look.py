"""A look: the numbers that give a show its character."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How codes become light. Times in seconds, levels 0..1, loudness in dBFS."""

    bright: float = 0.99
    """Quantile of a channel's code that reads as fully bright."""
    release: float = 0.0
    """Time in which light fades to 1/e after the sound."""
    steady: float = 0.3
    """Time over which the brightness of the whole house is evened out; channels move against each other within it."""
    gate_floor: float = -75.0
    gate_span: float = 10.0
    switch: tuple[float, float] = (0.35, 0.5)
    """Levels, on the footing of the song, below which a channel goes off and above which it comes on."""
    live_switch: tuple[float, float] = (0.5, 0.62)
    """Live: quantiles of a channel's level for the same."""
    minimum: tuple[float, float] = (0.1, 0.1)
    """Shortest times on and off, kind to relays."""
    memory: float = 25.0
    """Live: how long the ranges remember."""


LIVELY = Look()
LOOKS = {"lively": LIVELY}
