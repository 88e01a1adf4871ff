"""Perceptual volume, changed without clicks. Arithmetic for the sound card's callback."""

import numpy as np

from yulelight.dsp.samples import Floats

RAMP = 0.1
"""Seconds from silence to full volume; a step would be heard as a click."""


def factor(level: float) -> float:
    """The gain for a volume of 0..1: its square, so that half sounds about half as loud."""
    return max(0.0, min(1.0, level)) ** 2


class Ramp:
    """A gain that moves to ``target`` in a ramp. ``target`` may be set from any thread."""

    def __init__(self, target: float, rate: int) -> None:
        self.target = target
        self._now = target
        self._step = 1 / (RAMP * rate)

    def apply(self, out: Floats) -> None:
        """Scales the (n, 2) samples in place."""
        target, now = self.target, self._now
        if now == target == 1.0 or not len(out):
            return
        if now == target:
            out *= np.float32(now)
            return
        steps = now + np.sign(target - now) * self._step * np.arange(1, len(out) + 1)
        factors = np.minimum(steps, target) if target > now else np.maximum(steps, target)
        out *= factors[:, None].astype(np.float32)
        self._now = float(factors[-1])
