"""The music a model learns from: a folder with a ``manifest.csv``, turned into spectrum frames in decibels.

The manifest has a header line and at least the columns file, title, artist, licence and role; ``role`` is ``train`` or
``validate``. Songs with the role ``validate`` are never learnt from and never choose between models.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from yulelight.audio.decode import blocks, mono
from yulelight.dsp.spectrum import FRAME_RATE, magnitudes
from yulelight.errors import UsageError

FLOOR_DB = -80.0
"""Level that the scaling maps to 0; 0 dB (a full-scale sine) maps to 1."""
HEADROOM_DB = 20.0
"""Decibels kept below the floor, so that a gain augmentation can lift them above it."""
SILENCE = 10 ** (-60 / 20)
"""A song begins and ends with the first and last frame that holds a magnitude above this."""
BLOCK_SECONDS = 5.0

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Track:
    """One song of the manifest."""

    path: Path
    title: str
    artist: str
    licence: str
    role: str


def read_manifest(folder: Path) -> tuple[Track, ...]:
    """The songs of ``folder/manifest.csv``. Raises UsageError when it cannot be used."""
    manifest = folder / "manifest.csv"
    try:
        with manifest.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise UsageError(
            f"cannot read {manifest} ({error.strerror}); name a folder that holds music and it"
        ) from error
    try:
        return tuple(
            Track(folder / Path(r["file"]).name, r["title"], r["artist"], r["licence"], r["role"])
            for r in rows
        )
    except KeyError as error:
        raise UsageError(
            f"{manifest} lacks the column {error}; it needs file,title,artist,licence,role"
        ) from error


def decibels(track: Track) -> Halves:
    """Frames of a song in dB (frames, 513), silence at both ends trimmed, at least FLOOR_DB - HEADROOM_DB."""
    spectrum = trim(magnitudes(np.concatenate([mono(block) for block in blocks(track.path)])))
    lowest = 10 ** ((FLOOR_DB - HEADROOM_DB) / 20)
    return np.asarray(20 * np.log10(np.maximum(spectrum, lowest)), dtype=np.float16)


def trim(spectrum: Floats) -> Floats:
    """``spectrum`` (frames, 513) without the silence at its ends; empty if it is silent throughout."""
    loud = np.flatnonzero(spectrum.max(axis=1) > SILENCE)
    return spectrum[loud[0] : loud[-1] + 1] if loud.size else spectrum[:0]


def scale(frames: npt.NDArray[np.floating]) -> Floats:
    """Decibels to what a model sees: (dB + 80) / 80, clipped to [0, 1]; nothing is fitted, so nothing can leak."""
    return np.asarray(np.clip((frames.astype(np.float32) - FLOOR_DB) / -FLOOR_DB, 0.0, 1.0), np.float32)


def split(songs: Iterable[Halves], every: int = 10) -> tuple[Halves, Halves]:
    """Frames to learn from and frames to stop by: every tenth 5-second block of each song is held back.

    Blocks spread over the whole song, as its end (a fade-out) or its beginning alone would stop training too early.
    """
    block = round(BLOCK_SECONDS * FRAME_RATE)
    learn: list[Halves] = []
    stop: list[Halves] = []
    for index, song in enumerate(songs):
        held_back = (np.arange(len(song)) // block + index) % every == every // 2
        learn.append(song[~held_back])
        stop.append(song[held_back])
    return np.concatenate(learn), np.concatenate(stop)
