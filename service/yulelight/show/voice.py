"""The light of the voice: whether anybody sings, and how a channel then shows it instead of its own code.

``voice`` is what an encoder's head says of each frame: how bright the voice is, in [0, 1]. It is wrong now and then, so
a channel is given to the voice only where the voice is bright for a good share of a song, or live of the last seconds.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

BRIGHT = 0.5
"""Somebody sings where the voice is brighter than this."""
OFF_BELOW = 0.3
"""A light that is on for the voice goes off below this."""
DIM, FULL = 0.2, 0.8
"""What the head says where the light is dark, and where it is full."""
LEAST_SHARE = 0.12
"""A song is sung if the voice is bright for at least this share of its audible time."""
ALONE = 0.8
"""How far the other channels are dimmed, at most, while a voice sings."""
FAITHFUL = -0.5
"""Look.voice from which on the voice is a reason for its light to be on."""
MEMORY = 20.0
"""Live: seconds over which that share is taken."""
NO_SHARE, ALL_SHARE = 0.08, 0.2
"""Live: up to the first share the channel shows its own code, from the second on the voice, between them both."""


def level(voice: Array) -> Array:
    """Levels in [0, 1] of what the head says."""
    return np.asarray(np.clip((voice - DIM) / (FULL - DIM), 0, 1), np.float32)


def of_song(voice: Array, audible: npt.NDArray[np.bool_]) -> Array | None:
    """Levels (n,) of the voice in a song of which ``audible`` (n,) frames are heard; None if nobody sings."""
    if not audible.any() or float((voice[audible] > BRIGHT).mean()) < LEAST_SHARE:
        return None
    return level(voice)


class Presence:
    """Whether somebody sings in a stream of ``rate`` frames a second."""

    def __init__(self, rate: float) -> None:
        self._keep = float(np.exp(-1 / (MEMORY * rate)))
        self._share = 0.0

    def step(self, voice: float) -> tuple[float, float]:
        """The level of the next frame's ``voice``, and to which share the channel shows it, both in [0, 1]."""
        self._share = self._keep * self._share + (1 - self._keep) * (voice > BRIGHT)
        share = (self._share - NO_SHARE) / (ALL_SHARE - NO_SHARE)
        return min(max((voice - DIM) / (FULL - DIM), 0.0), 1.0), min(max(share, 0.0), 1.0)

    def steps(self, voice: Array) -> Array:
        """(n, 2): as ``step``, of each frame of ``voice`` (n, 1); zeros where it is (n, 0)."""
        if not voice.shape[1]:
            return np.zeros((len(voice), 2), np.float32)
        return np.array([self.step(one) for one in voice[:, 0].tolist()], np.float32).reshape(-1, 2)


def blended(
    levels: Array, channel: int, voice: Array | float, share: Array | float, weight: float = 0.0
) -> Array:
    """``levels`` (…, channels) of which ``channel`` shows ``voice`` (…) to that ``share`` (…).

    ``weight``: as Look.voice.
    """
    shown = np.asarray(share, np.float32) * np.float32(1 + min(weight, 0.0))
    made = levels * (1 - ALONE * max(weight, 0.0) * np.asarray(share * voice, np.float32)[..., None])
    made[..., channel] = levels[..., channel] + (voice - levels[..., channel]) * shown
    return np.asarray(made, np.float32)
