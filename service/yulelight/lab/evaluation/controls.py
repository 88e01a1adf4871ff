"""Control conditions for the encoder: the same look with random codes, or with the song's codes shifted in time.

If a control reaches the same score, the score is no evidence for the encoder.
"""

from collections.abc import Callable

import numpy as np

from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, magnitudes
from yulelight.encoder.model import Encoded, Encoder

SEED = 15
SHIFT = 30.0
"""Seconds by which ``shifted`` delays the codes."""
HELD = 4
"""Frames for which the noise is held: about the correlation time of a code."""

Control = Callable[[Floats], Floats]
"""Replaces the codes (frames, channels) of a song by others of the same shape."""


def noise(codes: Floats) -> Floats:
    """White noise with each channel's own mean and spread, always the same."""
    random = np.random.default_rng(SEED).standard_normal((len(codes) // HELD + 1, codes.shape[1]))
    held = np.repeat(random, HELD, axis=0)[: len(codes)]
    return np.asarray(np.clip(codes.mean(0) + codes.std(0) * held, 0, 1), np.float32)


def shifted(codes: Floats) -> Floats:
    """The song's codes, half a minute late (in a short song, by half its length)."""
    return np.roll(codes, min(round(SHIFT * FRAME_RATE), len(codes) // 2), axis=0)


CONTROLS: dict[str, Control] = {"noise": noise, "shifted": shifted}
"""By the name that `yulelight evaluate --baseline` knows."""


class Replaced(Encoder):
    """An encoder that returns precomputed codes, whatever its input."""

    def __init__(self, encoder: Encoder, codes: Floats) -> None:
        self.manifest, self.mark = encoder.manifest, f"{encoder.mark}-replaced"
        self._codes, self._next = codes, 0
        self._silent, self.voices = encoder.rest, None

    @property
    def rest(self) -> Floats:
        """As of the encoder that it replaces."""
        return self._silent

    def stream(self) -> "Replaced":  # type: ignore[override]
        """Itself, at the song's start."""
        self._next = 0
        return self

    def hear(self, frames: Floats) -> Encoded:
        """The next codes, one for each of ``frames``, and no voice: it would be the song's own."""
        begin, self._next = self._next, self._next + len(frames)
        return Encoded(self._codes[begin : self._next], np.zeros((len(frames), 0), np.float32))


def replaced(encoder: Encoder, control: Control, samples: Floats) -> Encoder:
    """``encoder`` for the song of these ``samples`` (n, 2), its codes replaced."""
    return Replaced(encoder, control(encoder.encode(magnitudes(mono(samples)))))
