"""Detects whether an input has sound, by level with hysteresis. Pure."""

import math
from dataclasses import dataclass, field

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE

FLOOR = -120.0
"""dB of full scale, of digital silence."""
ATTACK = 0.3
"""Seconds of sound that open the gate; shorter ones, such as a click, do not."""
HYSTERESIS = 6.0
"""dB below the threshold from which a level counts as silence."""


def level(samples: Floats) -> float:
    """The level of (k, 2) samples in dB of full scale (a square wave of full scale is 0), not below FLOOR."""
    if not len(samples):
        return FLOOR
    with np.errstate(over="ignore", invalid="ignore"):
        power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(FLOOR, 10 * math.log10(power)) if 0 < power < math.inf else FLOOR


@dataclass(slots=True)
class Gate:
    """Open from ATTACK seconds of sound over ``threshold`` dB on, until ``silence`` seconds are HYSTERESIS below it.

    What lies between the two levels leaves it as it is.
    """

    threshold: float
    silence: float
    open: bool = field(default=False, init=False)
    level: float = field(default=FLOOR, init=False)
    """The level of the last block in dBFS."""
    _seconds: float = field(default=0.0, init=False)
    """Seconds for which the level has contradicted the present state."""

    def push(self, samples: Floats) -> bool:
        """Adds (k, 2) samples; returns whether the gate is open."""
        return self.count(level(samples), len(samples) / RATE)

    def set(self, opened: bool) -> None:
        """Opens or shuts it, whatever the level."""
        self.open, self.level, self._seconds = opened, FLOOR, 0.0

    def nothing(self, seconds: float) -> bool:
        """Adds seconds without any data."""
        return self.count(FLOOR, seconds)

    def count(self, level: float, seconds: float) -> bool:
        """Adds seconds at this level in dBFS."""
        self.level = level
        return self._pass(seconds)

    def _pass(self, seconds: float) -> bool:
        if self.open:
            against = self.level < self.threshold - HYSTERESIS
            back, needed = self.level >= self.threshold, self.silence
        else:
            against, back, needed = self.level >= self.threshold, True, ATTACK
        if against:
            self._seconds += seconds
        elif back:
            self._seconds = 0.0
        if self._seconds >= needed:
            self.open, self._seconds = not self.open, 0.0
        return self.open
