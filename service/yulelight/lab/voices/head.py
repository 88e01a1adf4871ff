"""The voice head: a small causal network that tells from a spectrum how bright a voice in it is.

It sees mel bands in dB, how they were lately and over seconds, and how restless they are: a voice glides and trembles
where instruments hold. These leaky means need no training, so that the network behind them, one hidden layer, learns
from single frames (``teaching``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.lab.voices.mixing import BANDS, FLOOR_DB, SPAN_DB

TIMES = (0.06, 0.4, 3.0, 25.0)
"""Seconds of the leaky means: of now, of a note, of a phrase and of the song; restlessness is taken over a note's."""
SEEN = (len(TIMES) + 1) * BANDS
"""Numbers that the network sees of a frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """voice = sigmoid(relu(seen @ into + offset) @ out + bias)."""

    into: Floats
    """(SEEN, units)."""
    offset: Floats
    """(units,)."""
    out: Floats
    """(units, 1)."""
    bias: Floats
    """(1,)."""

    def voice(self, decibels: Floats) -> Floats:
        """(n,) in [0, 1] of a song's mel spectra in dB (n, BANDS)."""
        seen = np.concatenate(list(remembered(decibels[None])))
        hidden = np.maximum(seen @ self.into + self.offset, 0)
        return np.asarray(1 / (1 + np.exp(-(hidden @ self.out + self.bias)[:, 0])), np.float32)


def keeps() -> Floats:
    """(len(TIMES) + 1,): what the leaky means keep from frame to frame; the last is that of restlessness."""
    return np.asarray(np.exp(-1 / (np.array([*TIMES, TIMES[1]]) * FRAME_RATE)), np.float32)


def remembered(decibels: Floats) -> Iterator[Floats]:
    """What is seen of each frame, (songs, SEEN), of spectra in dB (songs, frames, BANDS)."""
    heard = np.maximum(decibels - FLOOR_DB, 0) / np.float32(SPAN_DB)
    now, note, phrase, song, restless = (np.zeros_like(heard[:, 0]) for _ in range(5))
    known = np.float32(0)
    fast, middle, slow, slowest, rest = keeps()
    for frame in np.moveaxis(heard, 1, 0):
        now = frame + (now - frame) * fast
        note = frame + (note - frame) * middle
        phrase = frame + (phrase - frame) * slow
        song = frame + (song - frame) * slowest
        known = 1 + (known - 1) * slowest
        away = np.abs(frame - note)
        restless = away + (restless - away) * rest
        # Of the song as far as it was heard: its mean begins at 0 as the others do, but takes too long to forget that.
        yield np.concatenate([now, note, phrase, song / known, restless], axis=1)
