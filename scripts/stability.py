"""How alike the encoders are when trained again: python scripts/stability.py FOLDER writes models/stability.json.

FOLDER holds music with a manifest.csv. Networks are trained on all its songs with role train from other seeds; the
fitted ones, which have none, on random halves of them. Their levels on the songs with role validate are matched,
channel by channel (Hungarian method on |r| within songs), for every pair of runs; a flip is a matched pair with
r < 0. --keep DIR keeps the networks' files, so that a run that was stopped goes on; --seeds N (3) how many of each;
--only NAME… measures these and leaves the rest as they are.
Needs the extras [service,train,torch] and scipy. `scripts/bench models` puts the result in docs/models.md and the
cards.
"""

import argparse
import json
import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
from rich.console import Console
from scipy.optimize import linear_sum_assignment

from yulelight.dsp.samples import Floats
from yulelight.encoder.catalogue import bundled
from yulelight.encoder.model import load
from yulelight.lab.training.architectures import ARCHITECTURES, Options, Task
from yulelight.lab.training.command import run_training
from yulelight.lab.training.dataset import Track, listen, read_manifest
from yulelight.lab.training.graph import Description, write

MAX_FRAMES = 70_000
"""Frames of a song, the part of each that `yulelight train` uses when given fourteen songs."""


ANY = Track(Path(), "half of the songs", "", "", "train")


def alike(first: list[Floats], second: list[Floats]) -> tuple[list[float], int]:
    """Correlations r of the matched channels of two encoders, and how many kept their place."""
    one, two = (np.concatenate([song - song.mean(0) for song in run]) for run in (first, second))
    size = np.sqrt((one**2).sum(0)[:, None] * (two**2).sum(0)) + 1e-12
    matrix = one.T @ two / size
    rows, columns = linear_sum_assignment(-np.abs(matrix))
    return [float(matrix[r, c]) for r, c in zip(rows, columns, strict=True)], int((rows == columns).sum())


def networks(name: str, folder: Path, keep: Path, seeds: int) -> list[Path]:
    paths = [keep / f"{name}.{seed}.onnx" for seed in range(seeds)]
    for seed, path in enumerate(paths):
        if not path.is_file():
            options = Options(seeds=1, seed=seed)
            run_training(
                [folder],
                path,
                architecture=name,
                options=options,
                start=None,
                licence="private",
                console=Console(),
            )
    return paths


def fitted(name: str, songs: list[Floats], keep: Path, draws: int) -> list[Path]:
    rng = np.random.default_rng(0)
    paths = [keep / f"{name}.{draw}.onnx" for draw in range(draws)]
    for path in paths:
        half = [songs[k] for k in sorted(rng.permutation(len(songs))[: len(songs) // 2])]
        made = ARCHITECTURES[name].fit(Task(half, Options(), lambda *_: None))
        write(path, made.graph, Description(path.stem, "private", [ANY], {}))
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=list(ARCHITECTURES), metavar="NAME")
    asked = parser.parse_args()
    tracks = read_manifest(asked.folder)
    songs = {
        role: [listen(t, MAX_FRAMES) for t in tracks if t.role == role] for role in ("train", "validate")
    }
    target = bundled() / "stability.json"
    found = json.loads(target.read_text(encoding="utf-8")) if target.is_file() else {}
    with tempfile.TemporaryDirectory() as temporary:
        keep = asked.keep or Path(temporary)
        for name in asked.only:
            kind = ARCHITECTURES[name]
            if kind.network:
                paths = networks(name, asked.folder, keep, asked.seeds)
            else:
                paths = fitted(name, songs["train"], Path(temporary), asked.seeds)
            runs = [[encoder.encode(song) for song in songs["validate"]] for encoder in map(load, paths)]
            pairs = [alike(a, b) for a, b in combinations(runs, 2)]
            r = np.array([one for matched, _ in pairs for one in matched])
            found[name] = {
                "varied": f"{len(paths)} seeds"
                if kind.network
                else f"{len(paths)} random halves of the songs",
                "matched": round(float(np.abs(r).mean()), 3),
                "flips": int((r < 0).sum()),
                "pairs": len(r),
                "same": sum(same for _, same in pairs),
            }
            print(name, found[name], flush=True)
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
