"""Causal onset detection, for live input, which cannot wait to see whether a rise is a peak.

The flux is that of ``onsets`` without its smoothing, which would look ahead. A frame is an onset if its flux exceeds
that of the last second by a multiple of its spread and is not falling yet (an adaptive threshold as in Dixon 2006,
"Onset detection revisited", but decided at the first frame that exceeds it).
"""

import math

import numpy as np

from .onsets import LAG, band_power
from .samples import Floats
from .spectrum import FRAME_RATE

RANGE_DB = 60.0
"""Levels below the loudest band so far by more than this are clipped."""
LEAST_DB = 0.6
"""The minimum by which the flux must exceed its mean."""
SPREADS = 0.7
APART = 0.08
"""Minimum seconds between two onsets."""
_MEMORY = 1.0
_FADE = math.exp(-1 / (_MEMORY * FRAME_RATE))
_FORGET_DB = 0.02
"""Decay of the loudest level per frame, so that a quiet song after a loud one has onsets again after about a
minute."""


class Trigger:
    """The onsets of one stream; keeps the state that later frames depend on."""

    def __init__(self) -> None:
        self._past: list[Floats] = []
        self._loudest = -60.0
        self._mean = self._square = self._last = 0.0
        self._since = math.inf

    def step(self, magnitudes: Floats) -> list[bool]:
        """Whether each of the next frames (frames, 513) is an onset."""
        power = band_power(magnitudes)
        return [self._next(row) for row in 10 * np.log10(np.maximum(power, 1e-10))]

    def _next(self, decibels: Floats) -> bool:
        self._loudest = max(float(decibels.max()), self._loudest - _FORGET_DB)
        heard = np.maximum(decibels, self._loudest - RANGE_DB)
        self._past.append(heard)
        if len(self._past) <= LAG:
            return False
        flux = float(np.maximum(heard - self._past.pop(0), 0).mean())
        spread = math.sqrt(max(0.0, self._square - self._mean**2))
        self._since += 1 / FRAME_RATE
        begins = (
            flux > self._mean + SPREADS * spread + LEAST_DB and flux >= self._last and self._since >= APART
        )
        self._mean = _FADE * self._mean + (1 - _FADE) * flux
        self._square = _FADE * self._square + (1 - _FADE) * flux**2
        self._last = flux
        if begins:
            self._since = 0.0
        return begins
