"""Renders a song file to a show: decode, spectrum, encode, map. Blocking; the service runs it in an executor."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from yulelight.audio.decode import Decoder
from yulelight.dsp.onsets import band_power
from yulelight.dsp.pan import SidesStream
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, SpectrumStream, loudness
from yulelight.encoder.model import Encoder
from yulelight.show.look import LIVELY, Look
from yulelight.show.pieces import Frames, Pieces
from yulelight.show.show import Show
from yulelight.show.sung import stretches

QUIETEST = -60.0
"""dBFS: below it, the ends of a song count as silence."""
MARGIN = (0.05, 0.5)
"""Seconds kept before the first and after the last sound, for a soft attack and the reverberation."""


def render(
    song: Path,
    encoder: Encoder,
    look: Look = LIVELY,
    progress: Callable[[float], None] | None = None,
    gain: float = 0.0,
) -> Show:
    """The show of the song at ``song``; raises AudioError when it cannot be read.

    Decoding, spectrum and encoding go through the song together in large blocks, and a long song is mapped in pieces:
    memory does not grow with its length but for the show itself, 17 bytes a frame. ``progress`` hears the seconds done
    after each block; what it raises ends the rendering. ``gain`` in dB is added to the song first.
    """
    factor = np.float32(10 ** (gain / 20))
    spectrum, sides, encode = SpectrumStream(), SidesStream(), encoder.stream()
    voices = encoder.voices
    pieces = Pieces(
        look,
        encoder.rest,
        sparse=encoder.manifest.sparse,
        meaning=encoder.manifest.meaning,
        voice_channel=voices.channel if voices else encoder.manifest.voice_channel or 0,
        guessed=voices is None,
    )
    sung = voices.levels(_heard(song, factor, progress)) if voices else None
    done = 0

    def take(magnitudes: Floats, aside: Floats) -> None:
        nonlocal done
        codes, voice = encode.hear(magnitudes)
        if voices:
            voice = _part(sung, done, len(magnitudes))
        pieces.push(Frames(codes, loudness(magnitudes), band_power(magnitudes), aside, voice))
        done += len(magnitudes)
        if progress:
            progress(done / FRAME_RATE)

    with Decoder(song) as decoder:
        for block in decoder:
            take(spectrum.push(mono(block) * factor), sides.push(block * factor))
    take(spectrum.flush(), sides.flush())
    pieces.finish()
    return Show(
        np.concatenate(pieces.levels),
        np.concatenate(pieces.switched),
        FRAME_RATE,
        tuple(pieces.sections),
        encoder.manifest.name,
        tuple(decoder.warnings),
        _audible(np.concatenate(pieces.loudness)),
        tuple(pieces.beats),
        tuple(pieces.downbeats),
        np.concatenate(pieces.pan),
        stretches(sung, FRAME_RATE),
    )


def _heard(song: Path, factor: np.float32, progress: Callable[[float], None] | None) -> Iterator[Floats]:
    """The song's samples (n, 2), before it is rendered: progress says that it is still at the beginning."""
    with Decoder(song) as decoder:
        for block in decoder:
            if progress:
                progress(0.0)
            yield block * factor


def _part(sung: Floats | None, start: int, count: int) -> Floats:
    """(count, 1) of the voice's levels, dark beyond their end; (count, 0) where there are none."""
    if sung is None:
        return np.zeros((count, 0), np.float32)
    part = sung[start : start + count]
    return np.pad(part, (0, count - len(part)))[:, None]


def _audible(loud: Floats) -> tuple[float, ...]:
    """(first, last) moment of sound in seconds, with its margins; empty when there is none."""
    heard = np.flatnonzero(loud > QUIETEST)
    if not len(heard):
        return ()
    first, last = heard[0] / FRAME_RATE - MARGIN[0], heard[-1] / FRAME_RATE + MARGIN[1]
    return max(0.0, float(first)), min(len(loud) / FRAME_RATE, float(last))
