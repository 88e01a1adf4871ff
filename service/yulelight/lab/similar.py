"""`yulelight similar`: finds songs with similar codes, and orders songs so that each is similar to the one before.

A song's fingerprint is the mean, standard deviation and mean change of each channel of its codes. It distinguishes
timbre, density and activity, not melodies; docs/findings.md has measurements.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from yulelight.audio.decode import blocks
from yulelight.core import storage
from yulelight.core.errors import AudioError, UsageError
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, loudness, magnitudes
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import Encoder, load
from yulelight.lab.progress import Steps
from yulelight.library.songs import Library

AUDIBLE_DB = -60.0
STEP = max(1, round(FRAME_RATE / 10))
"""Frames over which change is measured: a tenth of a second."""


def fingerprint(codes: Floats) -> Floats:
    """(24,) of a song's codes (frames, 8): mean, standard deviation and mean change in a tenth of a second."""
    if len(codes) <= STEP:
        return np.zeros(3 * codes.shape[1], np.float32)
    change = np.abs(codes[STEP:] - codes[:-STEP]).mean(axis=0)
    return np.concatenate([codes.mean(axis=0), codes.std(axis=0), change]).astype(np.float32)


def distances(prints: Floats) -> Floats:
    """Distances (songs, songs) between fingerprints (songs, n), each feature divided by its standard deviation."""
    even = (prints - prints.mean(axis=0)) / (prints.std(axis=0) + 1e-6)
    return np.asarray(np.sqrt(np.square(even[:, None] - even[None]).mean(axis=2)), np.float32)


def flowing(apart: Floats, first: int) -> list[int]:
    """An order of all songs from ``first`` on: the next is always the most similar of the rest. ``apart`` (n, n)."""
    order, left = [first], set(range(len(apart))) - {first}
    while left:
        order.append(min(left, key=lambda song: float(apart[order[-1], song])))
        left.remove(order[-1])
    return order


def run_similar(
    song: Path,
    folders: Sequence[Path],
    *,
    count: int,
    playlist: Path | None,
    model: str,
    models: Sequence[Path],
    console: Console,
) -> None:
    """Prints the songs most similar to ``song`` and, if requested, writes a playlist. Raises YulelightError."""
    if not song.is_file():
        raise UsageError(f"there is no song {song}; check the name")
    if playlist and not playlist.parent.is_dir():
        raise UsageError(f"there is no folder {playlist.parent}; make it, or choose another place")
    encoder = load(find(model, models))
    paths = [path for path in _songs(folders) if not path.samefile(song)]
    prints, heard = [_of(song, encoder)], [song]
    errors = Console(stderr=True)
    with Steps(errors) as steps:
        for done, path in enumerate(paths):
            steps.at("listening to", done, len(paths), path.name)
            try:
                prints.append(_of(path, encoder))
                heard.append(path)
            except AudioError as error:
                errors.print(f"left out: {error}", markup=False)
    if len(heard) < 2:
        raise UsageError("there is no other song to compare with; name a folder with music")
    apart = distances(np.array(prints))
    for index in np.argsort(apart[0])[1 : count + 1]:
        console.print(
            f"{apart[0, index]:5.2f}  {heard[index]}", markup=False, highlight=False, soft_wrap=True
        )
    if playlist:
        lines = ["#EXTM3U", *(str(heard[index].resolve()) for index in flowing(apart, 0))]
        storage.save(playlist, "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))


def _songs(folders: Sequence[Path]) -> list[Path]:
    missing = [folder for folder in folders if not folder.exists()]
    if missing:
        raise UsageError(f"there is no song and no folder {missing[0]}; check the name")
    library = Library([one for one in folders if one.is_dir()], [one for one in folders if one.is_file()])
    return [found.path for found in library.scan()]


def _of(song: Path, encoder: Encoder) -> Floats:
    frames = magnitudes(np.concatenate([mono(block) for block in blocks(song)]))
    return fingerprint(encoder.encode(frames)[loudness(frames) > AUDIBLE_DB])
