"""A look: the numbers that give a show its character."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How codes become light. Times in seconds, levels 0..1, loudness in dBFS."""

    range: tuple[float, float] = (0.08, 0.97)
    """Quantiles of a channel's code that read as dark and as bright."""
    release: float = 0.22
    gamma: float = 1.2
    """Above 1 dark passages stay darker."""
    gate_floor: float = -62.0
    gate_span: float = 14.0
    switch: tuple[float, float] = (0.5, 0.62)
    """Quantiles of a channel's level below which it goes off and above which it goes on."""
    minimum: tuple[float, float] = (0.15, 0.12)
    """Shortest times on and off, kind to relays."""
    memory: float = 25.0
    """Live: how long the ranges remember."""


LIVELY = Look()
