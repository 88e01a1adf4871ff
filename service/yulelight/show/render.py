"""A song file to a show: decode, spectrum, encode, map. Blocking; the service runs it in an executor."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from yulelight.analysis.bars import bars
from yulelight.analysis.beats import beats
from yulelight.analysis.sections import boundaries
from yulelight.audio.decode import Decoder
from yulelight.dsp.onsets import band_power, peaks, strength
from yulelight.dsp.pan import HELD, SidesStream, pan
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, SpectrumStream, loudness
from yulelight.encoder.model import Encoder
from yulelight.show.envelope import smooth
from yulelight.show.look import LIVELY, Look
from yulelight.show.mapping import Music, map_song
from yulelight.show.pan import in_steps
from yulelight.show.show import Show

QUIETEST = -60.0
"""dBFS: below it, the ends of a song count as silence."""
MARGIN = (0.05, 0.5)
"""Seconds kept before the first and after the last sound: a soft attack, and what rings out."""


def render(
    song: Path,
    encoder: Encoder,
    look: Look = LIVELY,
    progress: Callable[[float], None] | None = None,
    gain: float = 0.0,
) -> Show:
    """The show of the song at ``song``; raises AudioError when it cannot be read.

    Decoding, spectrum and encoding go through the song together in large blocks, so that a song of hours needs
    little memory. ``progress`` hears the seconds done after each block; what it raises ends the rendering.
    ``gain`` in dB is added to the song first.
    """
    factor = np.float32(10 ** (gain / 20))
    spectrum, sides, encode = SpectrumStream(), SidesStream(), encoder.stream()
    codes: list[Floats] = []
    loud: list[Floats] = []
    power: list[Floats] = []
    aside: list[Floats] = []
    done = 0

    def take(magnitudes: Floats) -> None:
        nonlocal done
        codes.append(encode.step(magnitudes))
        loud.append(loudness(magnitudes))
        power.append(band_power(magnitudes))
        done += len(magnitudes)
        if progress:
            progress(done / FRAME_RATE)

    with Decoder(song) as decoder:
        for block in decoder:
            take(spectrum.push(mono(block) * factor))
            aside.append(sides.push(block * factor))
    take(spectrum.flush())
    aside.append(sides.flush())
    all_loud = np.concatenate(loud)
    all_codes, all_power = np.concatenate(codes), np.concatenate(power)
    flux = strength(all_power)
    beat = beats(flux, FRAME_RATE)
    sections = tuple(boundaries(all_codes, FRAME_RATE))
    music = Music(
        all_codes,
        all_loud,
        tuple(peaks(flux)),
        tuple(beat),
        FRAME_RATE,
        encoder.rest,
        tuple(bars(beat, flux)),
        tuple(round(start * FRAME_RATE) for start in sections if start > 0),
        all_power,
    )
    levels, switched = map_song(music, look)
    return Show(
        levels,
        switched,
        FRAME_RATE,
        sections,
        encoder.manifest.name,
        tuple(decoder.warnings),
        _audible(all_loud),
        tuple(frame / FRAME_RATE for frame in music.beats),
        tuple(frame / FRAME_RATE for frame in music.bars),
        in_steps(pan(smooth(np.concatenate(aside), HELD * FRAME_RATE))),
    )


def _audible(loud: Floats) -> tuple[float, ...]:
    """(first, last) moment of sound in seconds, with its margins; empty when there is none."""
    heard = np.flatnonzero(loud > QUIETEST)
    if not len(heard):
        return ()
    first, last = heard[0] / FRAME_RATE - MARGIN[0], heard[-1] / FRAME_RATE + MARGIN[1]
    return max(0.0, float(first)), min(len(loud) / FRAME_RATE, float(last))
