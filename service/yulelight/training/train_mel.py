"""``python -m yulelight.training.train_mel FOLDER``: fits the linear mel encoder and writes models/mel.*."""

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np

from yulelight.audio.decode import blocks, mono
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import loudness, magnitudes
from yulelight.encoder.model import load
from yulelight.errors import ModelError, YulelightError
from yulelight.training import measure
from yulelight.training.dataset import Track, read_manifest
from yulelight.training.export import Description, export_mel
from yulelight.training.mel import BANDS, MelEncoder, decibels, fit

AUDIBLE_DB = -55.0
SHORTEST = 1500
"""Frames; a shorter excerpt would weigh as much as a song."""

HOW = f"""The linear encoder: eight whitened principal components of {BANDS} mel bands in dB, turned so that silence
is dark in every channel and each channel belongs to few bands (`yulelight/training/mel.py` says how and after whom).
One spectrum frame at a time, no memory, no latency. Deterministic; seconds to fit."""


def main() -> int:
    """Exit status as of the command line."""
    parser = argparse.ArgumentParser(prog="python -m yulelight.training.train_mel", description=__doc__)
    parser.add_argument(
        "folder", type=Path, help="music with a manifest.csv (file,title,artist,licence,role)"
    )
    parser.add_argument("--out", type=Path, default=Path("models/mel.onnx"), help="default: %(default)s")
    options = parser.parse_args()
    try:
        _run(options.folder, options.out)
    except YulelightError as error:
        print(f"train: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_status
    return 0


def _run(folder: Path, out: Path) -> None:
    tracks = read_manifest(folder)
    training = [track for track in tracks if track.role == "train"]
    held_out = [track for track in tracks if track.role == "validate"]
    spectra = [song for track in training if len(song := audible(track)) >= SHORTEST]
    encoder = fit([decibels(song) for song in spectra])
    unseen = {track.title: audible(track) for track in held_out}
    description = Description("mel", "Apache-2.0", training, _metrics(encoder, unseen))
    export_mel(out, encoder, description)
    _verify(out, encoder, next(iter(unseen.values())))
    out.with_suffix(".md").write_text(_card(description, held_out), encoding="utf-8")


def audible(track: Track) -> Floats:
    """Magnitudes (n, 513) of the song's frames that are not silence."""
    frames = magnitudes(np.concatenate([mono(block) for block in blocks(track.path)]))
    return frames[loudness(frames) > AUDIBLE_DB]


def _metrics(encoder: MelEncoder, unseen: dict[str, Floats]) -> dict[str, Any]:
    shows = [encoder.levels(decibels(song)) for song in unseen.values()]
    levels = np.concatenate(shows)
    return {
        "channel_std": [round(float(x), 3) for x in levels.std(0)],
        "smallest_channel_std_in_a_song": round(min(float(show.std(0).min()) for show in shows), 3),
        "mean_abs_correlation": round(measure.mean_correlation(levels), 3),
        "participation_ratio": round(measure.participation(levels), 2),
    }


def _verify(path: Path, encoder: MelEncoder, song: Floats) -> None:
    difference = float(np.abs(load(path).encode(song) - encoder.levels(decibels(song))).max())
    if difference > 1e-4:
        raise ModelError(f"{path} answers differently from the encoder it was made from ({difference:.1e})")


def _card(description: Description, held_out: list[Track]) -> str:
    metrics = description.metrics
    rows = [
        f"| {t.title} | {t.artist} | {t.licence} | {t.role} |" for t in (*description.training_set, *held_out)
    ]
    return "\n".join(
        [
            "# mel",
            "",
            HOW,
            "",
            f"Licence of the weights: {description.licence}.",
            "",
            "Measured on the songs of the role validate, which it never saw:",
            "",
            f"- standard deviation of each channel's level: {', '.join(map(str, metrics['channel_std']))}",
            f"- the smallest of them in one song: {metrics['smallest_channel_std_in_a_song']}",
            f"- mean |correlation| of two channels: {metrics['mean_abs_correlation']}",
            f"- channels really used (participation ratio, at most 8): {metrics['participation_ratio']}",
            "",
            "| title | artist | licence | role |",
            "|---|---|---|---|",
            *rows,
            "",
            "Made by `scripts/train-mel FOLDER`.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
