"""A voice separator for a model: determines the loudness of vocals when songs are rendered in advance.

``NAME.voices.onnx`` beside ``NAME.onnx`` is used with it (docs/voices.md). It is large and slow beside an
encoder (a song takes a tenth of its length on one x86 core), so live light does without.
"""

from collections.abc import Iterable
from hashlib import blake2s
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError
from yulelight.core.messages import CHANNELS
from yulelight.encoder import runtime

Floats = npt.NDArray[np.float32]

CONTRACT, CHANNEL = "yulelight.voices", "yulelight.channel"
INPUT, OUTPUT = "magnitudes", "voice"
WINDOW, HOP = 4096, 1024
"""Samples at 44.1 kHz."""
FRAMES, BINS = 512, 1024
"""Frames per run, and the number of lowest bins, which are its only input."""
MAX_FILE_BYTES = 100_000_000
"""Bytes."""
PER_FRAME = 2
"""Spectrum frames of an encoder for each of these."""
BELOW_DB, RANGE_DB = 26.0, 20.0
"""The voice channel is dark this far below the song's loud moments, and fully bright RANGE_DB above that."""
SILENT_DB = -20.0
"""Of a frame's power; a full-scale sine has 66."""
SMOOTH = 7
"""Frames over which the loudness is averaged: a sixth of a second."""
SUNG, OVER_DB, HEARD = 0.8, -6.0, 0.12
"""A song has vocals if for at least the share HEARD of the time the voice channel has the level SUNG and the voice at
least OVER_DB of the power of all. Of the songs with role train, the two with singing have .29 and more, the others .08
and less; by a level of one half alone, a dozen of them would count as sung."""

_HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


class Voices:
    """A valid separator."""

    def __init__(self, session: Any, channel: int, checksum: str) -> None:
        self._session = session
        self.channel = channel
        """The channel of the voice, numbered from 0."""
        self.mark = checksum

    def levels(self, blocks: Iterable[Floats]) -> Floats | None:
        """How bright the voice is, 0 to 1, at each spectrum frame of a song; None when nobody sings.

        ``blocks``: stereo samples (n, 2) at 44.1 kHz, one after the other. Frame k belongs to sample 512 k.
        """
        power = [self._power(spectrum) for spectrum in _spectra(blocks)]
        return shown(np.concatenate(power)) if power else None

    def share(self, spectrum: Floats) -> Floats:
        """(2, frames, BINS) in [0, 1]: the voice's share of magnitudes (2, frames, bins) with up to FRAMES frames."""
        frames = spectrum.shape[1]
        padded = np.zeros((1, 2, FRAMES, BINS), np.float32)
        padded[0, :, :frames] = spectrum[:, :, :BINS]
        (share,) = self._session.run([OUTPUT], {INPUT: padded})
        return np.asarray(np.clip(np.nan_to_num(share[0, :, :frames]), 0, 1), np.float32)

    def _power(self, spectrum: Floats) -> Floats:
        """(frames, 2): power of the voice and of all, of magnitudes (2, frames, bins) with up to FRAMES frames."""
        voice = self.share(spectrum) * spectrum[:, :, :BINS]
        powers = [np.square(part).sum(axis=(0, 2)) for part in (voice, spectrum)]
        return np.asarray(np.stack(powers, axis=1), np.float32)


def shown(power: Floats) -> Floats | None:
    """Levels (PER_FRAME frames,) of the ``power`` (frames, 2) of voice and of all; None when nobody sings."""
    kernel = np.hanning(SMOOTH + 2)[1:-1]
    even = [np.convolve(column, kernel / kernel.sum(), "same") for column in power.T]
    voice, whole = (10 * np.log10(np.maximum(column, 1e-12)) for column in even)
    loud = float(np.quantile(whole, 0.95))
    level = np.clip((voice - (loud - BELOW_DB)) / RANGE_DB, 0, 1)
    sung = (level > SUNG) & (voice - whole > OVER_DB)
    if loud < SILENT_DB or sung.mean() < HEARD:
        return None
    at = np.arange(PER_FRAME * len(level)) / PER_FRAME
    return np.asarray(np.interp(at, np.arange(len(level)), level), np.float32)


def _spectra(blocks: Iterable[Floats]) -> Iterable[Floats]:
    """Magnitudes (2, up to FRAMES, WINDOW // 2 + 1) of a song; frame k is centred on sample HOP k."""
    pending = np.zeros((WINDOW // 2, 2), np.float32)
    size = WINDOW + (FRAMES - 1) * HOP
    for block in blocks:
        pending = np.concatenate([pending, block])
        while len(pending) >= size:
            yield _magnitudes(pending[:size])
            pending = pending[FRAMES * HOP :]
    rest = np.concatenate([pending, np.zeros((WINDOW // 2, 2), np.float32)])
    while len(rest) >= WINDOW:
        part = rest[:size]
        yield _magnitudes(part)
        rest = rest[FRAMES * HOP :]


def _magnitudes(samples: Floats) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW, axis=0)[::HOP]
    made = [np.abs(np.fft.rfft(windows[:, side] * _HANN, axis=1)) for side in range(2)]
    return np.asarray(np.stack(made), np.float32)


def beside(model: Path) -> Path:
    """The path of the separator of ``model``."""
    return model.with_name(f"{model.stem}.voices.onnx")


def load(path: Path) -> Voices | None:
    """The separator at ``path``; None if there is none. Raises ModelError, without the model's name."""
    if not path.is_file():
        return None
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else b""
        session = runtime.opened(data)
        props = session.get_modelmeta().custom_metadata_map
        channel = int(props.get(CHANNEL, "0"))
        shapes = [(one.name, list(one.shape)) for one in (*session.get_inputs(), *session.get_outputs())]
    except Exception as error:  # onnxruntime's exceptions have no common base but this
        raise ModelError(
            f"has a voice separator, {path.name}, that cannot be opened; make it again"
        ) from error
    expected = [(name, [1, 2, FRAMES, BINS]) for name in (INPUT, OUTPUT)]
    if props.get(CONTRACT) != "1" or shapes != expected or not 1 <= channel <= CHANNELS:
        raise ModelError(f"has a voice separator, {path.name}, that is not what it must be; make it again")
    return Voices(session, channel - 1, blake2s(data).hexdigest()[:16])
