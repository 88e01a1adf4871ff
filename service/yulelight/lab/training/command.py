"""`yulelight train`: trains a model file, its decoder and its card on folders of music."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from yulelight.core import storage
from yulelight.core.errors import AudioError, ModelError, UsageError
from yulelight.dsp.samples import Floats
from yulelight.encoder import decoder
from yulelight.encoder.model import Encoder, load
from yulelight.lab.progress import Steps
from yulelight.lab.training.architectures import ARCHITECTURES, Options, Task
from yulelight.lab.training.card import card
from yulelight.lab.training.dataset import Track, find_tracks, held_back, listen
from yulelight.lab.training.graph import Description, weights_of, write

MAX_FRAMES = 1_000_000
"""Of all songs together: three hours and a quarter, and 2 GB. Larger collections give shorter parts of each song."""
STILL = 0.02
"""Standard deviation of a level, over all songs, below which a channel counts as collapsed."""


def run_training(
    folders: Sequence[Path],
    out: Path,
    *,
    architecture: str,
    options: Options,
    start: Path | None,
    licence: str,
    console: Console,
) -> None:
    """Trains and writes ``out`` (.onnx), its decoder and its card. Raises YulelightError.

    Existing files are replaced only on success; until then, a network's progress is kept next to ``out`` in files
    .checkpoint.SEED.
    """
    if architecture not in ARCHITECTURES:
        raise UsageError(f"no architecture is called '{architecture}'; there are: {', '.join(ARCHITECTURES)}")
    if out.suffix != ".onnx" or not out.parent.is_dir():
        raise UsageError(f"{out} must be a file .onnx in a folder that exists; choose another place with -o")
    kind = ARCHITECTURES[architecture]
    if start and not kind.network:
        networks = ", ".join(name for name, one in ARCHITECTURES.items() if one.network)
        raise UsageError(
            f"{architecture} is fitted in one step and cannot go on from a model: leave --from out; "
            f"--architecture {networks} can"
        )
    if start and not start.is_file():
        raise UsageError(f"there is no model file {start}; name a .onnx file after --from")
    if start:
        weights_of(start)  # reports a wrong file before the songs are read
    tracks = find_tracks(folders)
    with Steps(console) as steps:
        heard = list(_listen(tracks, steps, console))
        if not heard:
            raise AudioError("none of the songs could be read; name others")
        songs = [song for _, song in heard]
        steps.at("fitting", 0, doing=f"{architecture} to {len(songs)} songs")

        def progress(seed: int, epoch: int, epochs: int, loss: float) -> None:
            steps.at(f"seed {seed}", epoch, epochs, f"loss {loss:.5f}")

        checkpoint = out.with_suffix(".checkpoint") if kind.network else None
        fitted = kind.fit(Task(songs, options, progress, checkpoint, start))
        steps.at("measuring", 0)
        description = Description(out.stem, licence, [track for track, _ in heard], {})
        draft = out.with_suffix(".draft.onnx")
        try:
            write(draft, fitted.graph, description)
            encoder = load(draft)
            rebuild, metrics = measure(encoder, songs)
        finally:
            draft.unlink(missing_ok=True)
    rebuild.save(out)
    write(out, fitted.graph, replace(description, metrics=metrics))
    text = card(replace(description, metrics=metrics), architecture, kind, fitted.how, options)
    storage.save(out.with_suffix(".md"), text.encode())
    console.print(
        f"{out}: {metrics['explained_variance']:.3f} of the variance of {len(songs)} songs explained"
    )
    console.print(_how_to_use(out), markup=False, highlight=False, soft_wrap=True)


def measure(encoder: Encoder, songs: Sequence[Floats]) -> tuple[decoder.Decoder, dict[str, Any]]:
    """The model's decoder, and figures on the held-out blocks of its songs.

    Raises ModelError if a channel is constant: such a model is unusable.
    """
    pairs = [(encoder.encode(song), decoder.scaled_mel(song)) for song in songs]
    kept = [held_back(len(song), index) for index, song in enumerate(songs)]
    levels = np.concatenate([one for one, _ in pairs])
    spread = levels.std(axis=0)
    if float(spread.min()) < STILL:
        still = ", ".join(str(k + 1) for k in np.flatnonzero(spread < STILL))
        raise ModelError(
            f"channels {still} hardly move; train on more songs, or with another seed or architecture"
        )
    rebuild = decoder.fit([(one[~back], two[~back]) for (one, two), back in zip(pairs, kept, strict=True)])
    # A song too short for a held-out block is evaluated as a whole.
    judged = [
        rebuild.explained(one[back], two[back]) if back.any() else rebuild.explained(one, two)
        for (one, two), back in zip(pairs, kept, strict=True)
    ]
    moving = np.abs(np.corrcoef(levels.T))
    return rebuild, {
        "explained_variance": round(float(np.mean(judged)), 4),
        "channel_std": [round(float(one), 3) for one in spread],
        "mean_abs_correlation": round(float(moving[~np.eye(len(moving), dtype=bool)].mean()), 3),
    }


def _listen(tracks: Sequence[Track], steps: Steps, console: Console) -> Iterator[tuple[Track, Floats]]:
    for done, track in enumerate(tracks):
        steps.at("listening to", done, len(tracks), track.title)
        try:
            song = listen(track, max(1000, MAX_FRAMES // len(tracks)))
        except AudioError as error:
            console.print(f"left out: {error}", markup=False)
        else:
            if len(song):
                yield track, song


def _how_to_use(out: Path) -> str:
    """Next steps with a new model, and how to evaluate it."""
    folder, name = shlex.quote(str(out.parent.absolute())), shlex.quote(out.stem)
    return (
        f"play with it:        yulelight serve --models {folder} --model {name}\n"
        f"see it on a house:   yulelight preview SONG -o show.mp4 --models {folder} --model {name}\n"
        f"compare it:          yulelight evaluate SONG… --models {folder} --model {name}\n"
        f"what it is:          {out.with_suffix('.md')}"
    )
