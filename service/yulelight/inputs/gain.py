"""Automatic gain for what a microphone or a line-in records. Pure: samples in, samples out.

Only what is louder than the threshold, and so is no noise, says how much gain there is; while it is quieter, gain is
taken back. So noise is never made louder than it came, but for the seconds after music has stopped.
"""

from dataclasses import dataclass, field

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.gate import level

TARGET = -16.0
"""Target RMS level of loud passages in dBFS, as in mastered music."""
MAX_GAIN = 30.0
"""Maximum gain in dB."""
UP, DOWN, BACK = 3.0, 30.0, 15.0
"""dB a second: gain rises; falls, since it is too loud; falls, since nothing sounds."""
FORGET = 1.0
"""dB per second by which the memory of the loudest passage decays."""
CEILING = 0.98


@dataclass(slots=True)
class Gain:
    """``threshold``: dB of full scale from which on it is sound."""

    threshold: float
    db: float = field(default=0.0, init=False)
    """The gain at the end of the last samples."""
    _loudest: float = field(default=-120.0, init=False)

    def push(self, samples: Floats) -> Floats:
        """The (k, 2) samples with gain applied."""
        if not len(samples):
            return samples
        seconds, loud = len(samples) / RATE, level(samples)
        self._loudest = max(loud, self._loudest - FORGET * seconds)
        if loud < self.threshold:
            wanted, rise, fall = 0.0, 0.0, BACK
        else:
            wanted, rise, fall = min(MAX_GAIN, max(0.0, TARGET - self._loudest)), UP, DOWN
        before = self.db
        self.db = max(before - fall * seconds, min(before + rise * seconds, wanted))
        if not self.db and not before:
            return samples
        factors = 10 ** (np.linspace(before, self.db, len(samples), dtype=np.float32) / 20)
        return (
            np.clip(samples * factors[:, None], -CEILING, CEILING).astype(np.float32)
            if self.db or before
            else samples
        )
