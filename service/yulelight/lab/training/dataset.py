"""The training data: folders of songs, turned into spectrum frames.

A folder may have a ``manifest.csv`` with a header line and at least the columns file, title, artist, licence and role;
``role`` is ``train`` or ``validate``. Songs with the role ``validate`` are used neither for training nor for choosing
between models. Without a manifest, every song of the folder is used for training.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from yulelight.audio.decode import blocks, mono
from yulelight.core.errors import UsageError
from yulelight.dsp.spectrum import FRAME_RATE, magnitudes
from yulelight.library.songs import Library

FLOOR_DB = -80.0
"""Level that the scaling maps to 0; 0 dB (a full-scale sine) maps to 1."""
SILENCE = 10 ** (-60 / 20)
"""A song begins and ends with the first and last frame that holds a magnitude above this."""
BLOCK_SECONDS = 5.0

Floats = npt.NDArray[np.float32]


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
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"{manifest} is not a text table in UTF-8; save it as CSV (UTF-8)") from error
    try:
        return tuple(
            Track(folder / Path(r["file"] or "").name, r["title"], r["artist"], r["licence"], r["role"])
            for r in rows
        )
    except KeyError as error:
        raise UsageError(
            f"{manifest} lacks the column {error}; it needs file,title,artist,licence,role"
        ) from error


def find_tracks(folders: Sequence[Path]) -> tuple[Track, ...]:
    """The training songs. Raises UsageError if there are none."""
    tracks: list[Track] = []
    for folder in folders:
        if (folder / "manifest.csv").is_file():
            tracks += [track for track in read_manifest(folder) if track.role == "train"]
        elif folder.is_dir() or folder.is_file():
            tracks += [
                Track(song.path, song.path.stem, "unknown artist", "private", "train")
                for song in _library(folder).scan()
            ]
        else:
            raise UsageError(f"there is no folder {folder}; name one that holds music")
    if not tracks:
        raise UsageError(
            f"no songs to learn from in {', '.join(map(str, folders))}; name a folder with music"
        )
    return tuple(tracks)


def _library(path: Path) -> Library:
    return Library([path]) if path.is_dir() else Library([], [path])


def listen(track: Track, limit: int) -> Floats:
    """Magnitudes (n, 513) of a song without its silent ends, in 5-second blocks spread over it when it is longer than
    ``limit`` frames. Raises AudioError.
    """
    return thinned(trim(magnitudes(np.concatenate([mono(block) for block in blocks(track.path)]))), limit)


def thinned(song: Floats, limit: int) -> Floats:
    """At most about ``limit`` frames of a song (n, …), in whole 5-second blocks evenly spread over it."""
    if len(song) <= limit:
        return song
    block = round(BLOCK_SECONDS * FRAME_RATE)
    wanted = max(1, limit // block)
    starts = np.linspace(0, len(song) - block, wanted).astype(int)
    return np.concatenate([song[start : start + block] for start in starts])


def trim(spectrum: Floats) -> Floats:
    """``spectrum`` (frames, 513) without the silence at its ends; empty if it is silent throughout."""
    loud = np.flatnonzero(spectrum.max(axis=1) > SILENCE)
    return spectrum[loud[0] : loud[-1] + 1] if loud.size else spectrum[:0]


def scale(frames: npt.NDArray[np.floating]) -> Floats:
    """Decibels to a model's input: (dB + 80) / 80, clipped to [0, 1]. Nothing is fitted, so no data can leak."""
    return np.asarray(np.clip((frames.astype(np.float32) - FLOOR_DB) / -FLOOR_DB, 0.0, 1.0), np.float32)


def bins(spectrum: Floats) -> Floats:
    """(dB + 80) / 80 of magnitudes, clipped to [0, 1]. Nothing is fitted, so no data can leak. Any shape."""
    quietest = np.float32(10 ** (FLOOR_DB / 20))
    return np.asarray(1 + np.log10(np.clip(spectrum, quietest, 1)) / 4, np.float32)


def held_back(frames: int, index: int, every: int = 10) -> npt.NDArray[np.bool_]:
    """Which frames of song number ``index`` are held out for early stopping: every tenth 5-second block.

    The blocks are spread over the whole song, because its beginning or end (a fade-out) is not representative.
    """
    block = round(BLOCK_SECONDS * FRAME_RATE)
    return np.asarray((np.arange(frames) // block + index) % every == every // 2, np.bool_)
