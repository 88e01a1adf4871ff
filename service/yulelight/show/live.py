"""Live sound to light, block by block: what is heard in it, and what it looks like."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from yulelight.core.messages import CHANNELS
from yulelight.dsp.pan import HELD, SidesStream, pan
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, SpectrumStream, loudness
from yulelight.dsp.trigger import Trigger
from yulelight.encoder.model import Encoder
from yulelight.safety.limiter import LightFrame
from yulelight.show.envelope import fade
from yulelight.show.look import Look
from yulelight.show.mapping import LiveMapping


class Analysed(NamedTuple):
    """What is heard in a spectrum frame."""

    codes: Floats
    """(channels,)"""
    loudness: float
    """dBFS."""
    begins: bool
    """Whether a note begins with it."""
    pan: float
    """Where the sound is, from -1 (left) to 1 (right)."""


class LiveAnalysis:
    """Spectrum, codes, onsets and pan of (k, 2) samples at 44.1 kHz as they come."""

    def __init__(self, encoder: Encoder) -> None:
        self._spectrum, self._sides, self._trigger = SpectrumStream(), SidesStream(), Trigger()
        self._keep, self._power = fade(HELD, FRAME_RATE), np.zeros(2, np.float32)
        self.encode_with(encoder)

    def encode_with(self, encoder: Encoder) -> None:
        """Codes are this encoder's from now on."""
        self._encode = encoder.stream()

    def push(self, samples: Floats) -> list[Analysed]:
        """The frames that became whole."""
        return self._analysed(self._spectrum.push(mono(samples)), self._sides.push(samples))

    def flush(self) -> list[Analysed]:
        """The last frames: the sound is over."""
        return self._analysed(self._spectrum.flush(), self._sides.flush())

    def _analysed(self, magnitudes: Floats, powers: Floats) -> list[Analysed]:
        frames = []
        loud, begins = loudness(magnitudes).tolist(), self._trigger.step(magnitudes)
        for code, level, new, came in zip(self._encode.step(magnitudes), loud, begins, powers, strict=True):
            self._power = self._keep * self._power + (1 - self._keep) * came
            frames.append(Analysed(code, level, new, float(pan(self._power))))
        return frames


def analysed(blocks: Iterator[Floats], encoder: Encoder) -> Iterator[Analysed]:
    """Each frame of the (k, 2) ``blocks`` at 44.1 kHz, to the end."""
    analysis = LiveAnalysis(encoder)
    for block in blocks:
        yield from analysis.push(block)
    yield from analysis.flush()


class LiveShow:
    """Light for live sound. The encoder and the look can change at any block; ranges are then learned anew."""

    def __init__(self, encoder: Encoder, look: Look) -> None:
        self._encoder, self._look = encoder, look
        self._analysis, self._mapping = LiveAnalysis(encoder), _mapping(encoder, look)

    def restyle(self, encoder: Encoder, look: Look) -> None:
        """From the next block on. Does nothing when both are as they were."""
        if (encoder, look) != (self._encoder, self._look):
            self._encoder, self._look = encoder, look
            self._analysis.encode_with(encoder)
            self._mapping = _mapping(encoder, look)

    def push(self, samples: Floats) -> list[tuple[LightFrame, float]]:
        """(frame, pan) for each spectrum frame that became whole."""
        return self._lit(self._analysis.push(samples))

    def flush(self) -> list[tuple[LightFrame, float]]:
        """The last frames: the sound is over."""
        return self._lit(self._analysis.flush())

    def _lit(self, frames: list[Analysed]) -> list[tuple[LightFrame, float]]:
        return [(self._mapping.step(codes, loud, begins), side) for codes, loud, begins, side in frames]


def _mapping(encoder: Encoder, look: Look) -> LiveMapping:
    return LiveMapping(CHANNELS, FRAME_RATE, look, encoder.rest, encoder.manifest.sparse)
