"""``python -m yulelight.training FOLDER``: trains the dense encoder on a folder of music and writes models/dense.*."""

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from yulelight.dsp.spectrum import RATE, WINDOW
from yulelight.encoder.model import load
from yulelight.errors import ModelError, YulelightError
from yulelight.training import measure
from yulelight.training.calibrate import Calibration, calibrate, centroids
from yulelight.training.card import card
from yulelight.training.dataset import FLOOR_DB, Floats, decibels, read_manifest, scale, split
from yulelight.training.dense import Dense, Recipe, Trained, collapsed, train
from yulelight.training.export import Description, export

HOW = """A dense autoencoder, 513-128-64-32-16-8 and back with tanh between the layers, one spectrum frame at a time
(after Michael C. Johnson, "Christmas lights and autoencoders", 2018), trained in float32 with Adam on the mean
squared error and a small term against correlated channels; each frame's gain is changed by up to {gain:g} dB. The
decoder is only used in training. Best of {seeds} seeds by the loss on 5-second blocks held back from its songs;
this one is seed {seed}, epoch {epochs}."""


def main() -> int:
    options = _options()
    torch.set_num_threads(1)  # more threads change the order of sums, and so the model
    try:
        return _run(options)
    except YulelightError as error:
        print(f"train: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_status


def _run(options: argparse.Namespace) -> int:
    tracks = read_manifest(options.folder)
    training, held_out = ([t for t in tracks if t.role == role] for role in ("train", "validate"))
    songs = [decibels(track) for track in training]
    learn, stop = split(songs)
    _say(f"{len(learn)} frames of {len(training)} songs to learn from, {len(stop)} to stop by")
    recipe = Recipe(epochs=options.epochs)
    best = _best(learn, stop, recipe, range(options.seeds))

    frames = scale(learn)
    drive = _drive(best.network, frames)
    calibration = calibrate(drive, frames.mean(axis=1), lambda code: _decode(best.network, code))
    unseen = {track.title: scale(decibels(track)) for track in held_out}
    metrics = _metrics(best.network, calibration, frames, drive, unseen)
    description = Description("dense", "Apache-2.0", training, metrics)
    layers = [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in best.network.encoder]
    export(options.out, layers, calibration, description)
    _verify(options.out, best.network, calibration, next(iter(unseen.values())))
    how = HOW.format(gain=recipe.gain_db, seeds=options.seeds, seed=best.seed, epochs=best.epochs)
    options.out.with_suffix(".md").write_text(card(description, held_out, how), encoding="utf-8")
    _say(f"{options.out}: {metrics}")
    return 0


def _best(learn: Any, stop: Any, recipe: Recipe, seeds: range) -> Trained:
    """The network with the lowest loss on ``stop`` of those that did not collapse."""
    candidates = []
    for seed in seeds:
        begin = time.monotonic()
        trained = train(learn, stop, recipe, seed)
        dead = collapsed(trained.network, stop)
        _say(
            f"seed {seed}: loss {trained.loss:.6f} at epoch {trained.epochs}, {time.monotonic() - begin:.0f} s"
            + (", refused: a channel has collapsed" if dead else "")
        )
        candidates += [] if dead else [trained]
    if not candidates:
        raise ModelError("every seed collapsed; train on more songs or with a lower learning rate")
    return min(candidates, key=lambda trained: trained.loss)


def _metrics(
    network: Dense, calibration: Calibration, frames: Floats, drive: Floats, unseen: Mapping[str, Floats]
) -> dict[str, Any]:
    mean, basis = measure.components(frames, len(calibration.order))
    shows = {title: calibration.levels(_drive(network, song)) for title, song in unseen.items()}
    levels = np.concatenate(list(shows.values()))
    follows = [measure.correlations(show, unseen[title].mean(axis=1)) for title, show in shows.items()]
    acts = centroids(drive, lambda code: _decode(network, code))[calibration.order]
    return {
        "explained_variance": measure.explained(unseen, mean, lambda song: _rebuild(network, song)),
        "explained_variance_pca": measure.explained(unseen, mean, measure.projection(mean, basis)),
        "channel_std": _rounded(levels.std(axis=0)),
        "smallest_channel_std_in_a_song": round(
            min(float(show.std(axis=0).min()) for show in shows.values()), 3
        ),
        "mean_abs_correlation": round(measure.mean_correlation(levels), 3),
        "participation_ratio": round(measure.participation(levels), 2),
        "loudness_correlation": _rounded(np.mean(follows, axis=0)),
        "centroid_hz": [round(float(value) * RATE / WINDOW) for value in acts],
    }


def _rounded(values: npt.NDArray[np.floating]) -> list[float]:
    return [round(float(value), 3) for value in values]


def _verify(path: Path, network: Dense, calibration: Calibration, frames: Floats) -> None:
    """The file answers as the network does, on magnitudes as the service sees them."""
    magnitudes = np.asarray(10 ** ((frames * -FLOOR_DB + FLOOR_DB) / 20), np.float32)
    difference = float(
        np.abs(load(path).encode(magnitudes) - calibration.levels(_drive(network, frames))).max()
    )
    _say(f"the file differs from the network by {difference:.1e} at most")
    if difference > 1e-4:
        raise ModelError(f"{path} answers differently from the network it was made from; do not use it")


def _drive(network: Dense, frames: Floats) -> Floats:
    with torch.no_grad():
        return np.asarray(network.drive(torch.from_numpy(frames)).numpy(), np.float32)


def _decode(network: Dense, code: Floats) -> Floats:
    with torch.no_grad():
        return np.asarray(network.decode(torch.from_numpy(code)).numpy(), np.float32)


def _rebuild(network: Dense, frames: Floats) -> Floats:
    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(frames)).numpy(), np.float32)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m yulelight.training", description=__doc__)
    parser.add_argument(
        "folder", type=Path, help="folder of music with a manifest.csv (file,title,artist,licence,role)"
    )
    parser.add_argument("--out", type=Path, default=Path("models/dense.onnx"), help="default: %(default)s")
    parser.add_argument(
        "--seeds", type=int, default=3, help="networks to train, the best is kept; default: %(default)s"
    )
    parser.add_argument(
        "--epochs", type=int, default=Recipe().epochs, help="at most, each; default: %(default)s"
    )
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
