"""The light of the voice: whether anybody sings, and how a channel then shows it instead of its own code.

``voice`` is what an encoder's head says of each frame: how bright the voice is, in [0, 1]. It is more certain of some
singers than of others, so the light shows how it compares with the rest of the song, and it finds traces of a voice in
many instruments, so a channel is given to the voice only where it is certain at times.
"""

import numpy as np
import numpy.typing as npt

from yulelight.show.envelope import fade, smooth
from yulelight.show.normalise import RunningQuantiles

Array = npt.NDArray[np.float32]

EVEN, EVEN_LIVE = 0.7, 0.15
"""Seconds over which the voice is averaged in a song, and with which it decays live."""
DIM, FULL = 0.3, 0.7
"""Quantiles of the song's voice at which the light is dark, and full."""
LEAST_RANGE = 0.15
"""Between them, so that no traces are shown as a voice."""
LOUDEST = 0.9
"""The quantile that tells how certain the head is at times."""
UNSUNG, SUNG = 0.35, 0.45
"""A song is sung if it reaches the second. Live, the channel is its own up to the first, and then more and more the
voice's."""
BRIGHT, OFF_BELOW = 0.5, 0.35
"""Levels from which the voice's on/off light is on, and, live, below which it goes off."""
ALONE = 0.8
"""How far the other channels are dimmed, at most, while a voice sings."""
FAITHFUL = -0.5
"""Look.voice from which on the voice is a reason for its light to be on."""
MEMORY, PRIOR = 60.0, 15.0
"""Live: seconds that are compared with, and for how many it is assumed that the voice is anything from 0 to UP_TO."""
UP_TO = 0.35
RELEARN = 8
"""Live: frames between new quantiles."""


def of_song(voice: Array, audible: npt.NDArray[np.bool_], rate: float) -> Array | None:
    """Levels (n,) of the voice in a song of which ``audible`` (n,) frames are heard; None if nobody sings."""
    even = smooth(voice[:, None], EVEN * rate)[:, 0]
    if not audible.any():
        return None
    dim, full, loudest = np.quantile(even[audible], (DIM, FULL, LOUDEST)).tolist()
    if loudest < SUNG:
        return None
    return np.asarray(np.clip((even - dim) / max(full - dim, LEAST_RANGE), 0, 1), np.float32)


class Presence:
    """The voice in a stream of ``rate`` frames a second."""

    def __init__(self, rate: float) -> None:
        self._keep, self._even = fade(EVEN_LIVE, rate), 0.0
        self._usual = RunningQuantiles(1, MEMORY * rate, prior=PRIOR * rate, up_to=UP_TO)
        self._count = 0
        self._learn()

    def _learn(self) -> None:
        between = self._usual.range((DIM, FULL))
        self._dim = float(between.low[0])
        self._range = max(float(between.high[0]) - self._dim, LEAST_RANGE)
        loudest = float(self._usual.range((LOUDEST, LOUDEST)).high[0])
        self._share = min(max((loudest - UNSUNG) / (SUNG - UNSUNG), 0.0), 1.0)

    def step(self, voice: float) -> tuple[float, float]:
        """The level of the next frame's ``voice``, and to which share the channel shows it, both in [0, 1]."""
        self._even = voice + (self._even - voice) * self._keep
        self._usual.add(np.array([self._even], np.float32))
        self._count += 1
        if self._count % RELEARN == 0:
            self._learn()
        return min(max((self._even - self._dim) / self._range, 0.0), 1.0), self._share

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
