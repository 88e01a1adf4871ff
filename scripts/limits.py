"""Where the default encoder loses explained variance, and what would win it back: python scripts/limits.py FOLDER.

FOLDER holds music with a manifest.csv; only its songs with role train are used, in FOLDS parts: fitted to the others,
measured on the songs of the part, so that nothing here was chosen by the songs that judge. Prints the table of
docs/findings.md. Needs the extras [service,train,torch]; takes minutes.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from rich.console import Console

from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import loudness, magnitudes
from yulelight.encoder import decoder
from yulelight.encoder.model import load
from yulelight.lab.evaluation.models import Figures, judge, mean
from yulelight.lab.evaluation.reference import Reference, hear
from yulelight.lab.evaluation.systems import samples_of
from yulelight.lab.training import glide
from yulelight.lab.training.architectures import AUDIBLE_DB, SHORTEST
from yulelight.lab.training.dataset import Track, find_tracks, trim
from yulelight.lab.training.graph import Description, write
from yulelight.lab.training.linear import components

FOLDS = 5
WARPS = (0.85, 0.925, 1.075, 1.15)
TRIALS: dict[str, dict[str, float]] = {
    "`glide` as it is": {},
    "`glide`, step 0.2 instead of 0.3": {"STEP": 0.2},
    "`glide`, step 0.4": {"STEP": 0.4},
    "`glide`, step 0.6": {"STEP": 0.6},
    "`glide`, step 1: no gliding": {"STEP": 0.999},
    "`glide`, dark 8 dB below silence": {"SILENCE": -0.1},
    "`glide`, also fitted to songs of stretched spectra": {"warp": 1},
    "the last two at once, step 0.4": {"warp": 1, "SILENCE": -0.1, "STEP": 0.4},
}
Song = tuple[Floats, Reference]


@contextmanager
def changed(values: dict[str, float]) -> Iterator[None]:
    """The constants of the encoder by name, for as long as it takes to draw one."""
    before = {name: getattr(glide, name) for name in values if name != "warp"}
    try:
        for name in before:
            setattr(glide, name, values[name])
        yield
    finally:
        for name, value in before.items():
            setattr(glide, name, value)


def warped(spectra: Floats, factor: float) -> Floats:
    """``spectra`` (n, bands) with the mel axis stretched: other instruments, other keys."""
    at = np.clip(np.arange(spectra.shape[1]) * factor, 0, spectra.shape[1] - 1)
    low = at.astype(int)
    high = np.minimum(low + 1, spectra.shape[1] - 1)
    part = (at - low).astype(np.float32)
    return np.asarray(spectra[:, low] * (1 - part) + spectra[:, high] * part, np.float32)


def trial(values: dict[str, float], others: list[Song], songs: list[Song], folder: Path) -> list[Figures]:
    heard = [decoder.scaled_mel(song[loudness(song) > AUDIBLE_DB]) for song, _ in others]
    known = [song for song in heard if len(song) >= SHORTEST]
    if values.get("warp"):
        known += [warped(song[::4], factor) for song in known for factor in WARPS]
    path = folder / "trial.onnx"
    with changed(values):
        anyone = Track(Path(), "songs", "", "", "train")
        write(path, glide.fit(known), Description("trial", "private", [anyone], {}))
    encoder = load(path)
    pairs = [(encoder.encode(song), decoder.scaled_mel(song)) for song in (trim(one) for one, _ in others)]
    rebuild = decoder.fit(pairs)
    return [judge(encoder.stream().hear(song), song, reference, None, rebuild) for song, reference in songs]


def bounds(others: list[Song], songs: list[Song]) -> dict[str, list[float]]:
    """Explained variance of components alone, without an encoder's range and memory."""
    mu, most = components(np.concatenate([decoder.scaled_mel(trim(song)) for song, _ in others]), 9)
    found: dict[str, list[float]] = {}
    for song, _ in songs:
        there = decoder.scaled_mel(trim(song)) - mu
        eight = there @ most[:, 1:] @ most[:, 1:].T
        for name, guess in (
            ("eight components", eight),
            ("nine components", there @ most @ most.T),
            ("eight, and what they miss on the song's average", eight + (there - eight).mean(0)),
        ):
            found.setdefault(name, []).append(
                1 - float(np.square(there - guess).sum() / np.square(there).sum())
            )
    return found


def main() -> None:
    tracks = find_tracks([Path(sys.argv[1])])
    console = Console(stderr=True)
    songs: list[Song] = []
    for track in tracks:
        console.print(track.title)
        sound = np.asarray(mono(samples_of(track.path)), np.float32)
        songs.append((magnitudes(sound), hear(track.path)))
    print(
        "| songs of the training set it was not fitted to | explained variance | onset F | beat gain | rank |"
    )
    print("|---|---:|---:|---:|---:|")
    parts = [(songs[k::FOLDS], [s for n, s in enumerate(songs) if n % FOLDS != k]) for k in range(FOLDS)]
    limits: dict[str, list[float]] = {}
    for part, others in parts:
        for name, values in bounds(others, part).items():
            limits.setdefault(name, []).extend(values)
    for name, values in limits.items():
        print(f"| {name} | {np.mean(values):.3f} | - | - | - |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, changes in TRIALS.items():
            one = mean(
                [figures for part, rest in parts for figures in trial(changes, rest, part, Path(folder))]
            )
            print(
                f"| {name} | {one.explained_variance:.3f} | {one.onset_f:.3f} | {one.beat_gain:.3f} | {one.rank:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
