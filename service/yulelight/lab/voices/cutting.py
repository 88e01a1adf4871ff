"""What the voice head is taught with: voices cut out of songs by a separator, and what is left of the songs."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import soxr

from yulelight.audio.decode import blocks
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import RATE
from yulelight.encoder.voices import BINS, FRAMES, HOP, WINDOW, Voices
from yulelight.lab.voices.mixing import Sound

SPEEDS = (0.85, 1.0, 1.17)
"""At which voices are played: so they are other people's, three semitones lower or higher."""
PAUSE, QUIET_DB = 1.2, -42.0
"""Seconds; longer pauses of a voice are shortened to this. A pause is so much fainter than its loud moments."""
SECONDS = 100.0
"""Of the accompaniment of one song, from its middle: enough of it, and all songs count alike."""
_HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)


def heard(song: Path) -> Floats:
    """(n, 2) samples at 44.1 kHz. Raises AudioError."""
    return np.concatenate(list(blocks(song)))


def cut(separator: Voices, samples: Floats) -> tuple[Floats, Floats]:
    """The voice in ``samples`` (n, 2), and the rest, both (n, 2)."""
    size = WINDOW + (FRAMES - 1) * HOP
    padded = np.concatenate(
        [np.zeros((WINDOW, 2), np.float32), samples, np.zeros((size + WINDOW, 2), np.float32)]
    )
    voice, weight = np.zeros_like(padded), np.zeros(len(padded), np.float32)
    for start in range(0, WINDOW + len(samples), FRAMES * HOP):
        part = padded[start : start + size]
        part = np.pad(part, ((0, size - len(part)), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(part, WINDOW, axis=0)[::HOP]
        spectrum = np.fft.rfft(windows * _HANN, axis=2)
        magnitudes = np.abs(spectrum).astype(np.float32).transpose(1, 0, 2)
        spectrum[:, :, :BINS] *= separator.share(magnitudes).transpose(1, 0, 2)
        spectrum[:, :, BINS:] = 0
        made = np.fft.irfft(spectrum, WINDOW, axis=2) * _HANN
        for k, frame in enumerate(made):
            at = slice(start + k * HOP, min(start + k * HOP + WINDOW, len(voice)))
            voice[at] += frame.T[: at.stop - at.start]
            weight[at] += np.square(_HANN)[: at.stop - at.start]
    found = (voice / np.maximum(weight, 1e-3)[:, None])[WINDOW : WINDOW + len(samples)]
    return found.astype(np.float32), (samples - found).astype(np.float32)


def learnt_from(songs: Iterable[Path], separator: Voices) -> Iterator[tuple[list[Sound], Sound]]:
    """Of each song the voice at all SPEEDS, empty if nobody sings, and its accompaniment. Raises AudioError."""
    for song in songs:
        samples = heard(song)
        sung = separator.levels([samples]) is not None
        voice, rest = cut(separator, samples) if sung else (samples[:0], samples)
        yield (at_speeds(mono(voice)) if sung else []), Sound.of(_middle(mono(rest)))


def at_speeds(voice: Floats) -> list[Sound]:
    """A voice, (n,) samples, at all SPEEDS and with short pauses; empty if it is silent."""
    short = without_pauses(voice)
    if not len(short):
        return []
    return [Sound.of(np.asarray(soxr.resample(short, RATE, RATE / speed), np.float32)) for speed in SPEEDS]


def without_pauses(voice: Floats) -> Floats:
    """``voice`` (n,) with its pauses shortened to PAUSE."""
    count = len(voice) // HOP
    parts = voice[: count * HOP].reshape(count, HOP)
    loud = np.sqrt(np.square(parts).mean(1)) if count else np.zeros(0)
    if not loud.any():
        return voice[:0]
    quiet = loud < np.quantile(loud, 0.98) * 10 ** (QUIET_DB / 20)
    begins = np.maximum.accumulate(np.where(quiet, -1, np.arange(count)))
    return np.asarray(parts[np.arange(count) - begins <= PAUSE * RATE / HOP].reshape(-1), np.float32)


def _middle(samples: Floats) -> Floats:
    extra = max(0, len(samples) - round(SECONDS * RATE)) // 2
    return samples[extra : len(samples) - extra]
