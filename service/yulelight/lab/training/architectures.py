"""The architectures by name: each turns songs into a finished graph that fulfils the contract."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from yulelight.core.errors import ModelError, UsageError
from yulelight.core.extras import how_to_install
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import loudness
from yulelight.encoder.decoder import scaled_mel
from yulelight.lab.training import glide, linear, mel, wide
from yulelight.lab.training.calibrate import calibrate
from yulelight.lab.training.dataset import bins
from yulelight.lab.training.graph import Graph, weights_of

if TYPE_CHECKING:
    from yulelight.lab.training.loop import Progress, Recipe

AUDIBLE_DB = -55.0
SHORTEST = 1500
"""Frames; shorter excerpts are left out, as they would weigh as much as a song in the fitted encoders."""


@dataclass(frozen=True, eq=False)
class Task:
    """What to train. ``songs``: magnitudes (n, 513) each. ``start``: a model file to continue from."""

    songs: Sequence[Floats]
    options: "Options"
    progress: "Progress"
    checkpoint: Path | None = None
    start: Path | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the user; None and False select the architecture's default."""

    epochs: int | None = None
    seeds: int | None = None
    seed: int = 0
    loss: str = "mse"
    per_bin: bool = False
    """Scales each bin to its own range on the training songs, as the blog did."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A finished graph, and a description of how it was made."""

    graph: Graph
    how: str


@dataclass(frozen=True, slots=True)
class Architecture:
    """``about`` in a few words; ``weak``: known weaknesses, a sentence each; ``network``: whether it
    learns in epochs, from a seed, and needs PyTorch.
    """

    about: str
    fit: Callable[[Task], Fitted]
    weak: tuple[str, ...]
    network: bool = False


def _fitted(
    make: Callable[[Sequence[Floats]], Graph], view: Callable[[Floats], Floats]
) -> Callable[[Task], Fitted]:
    def fit(task: Task) -> Fitted:
        songs = [view(song) for song in task.songs]
        return Fitted(make(songs), "Fitted in one step; deterministic.")

    return fit


def _audible(song: Floats) -> Floats:
    return song[loudness(song) > AUDIBLE_DB]


def _heard(
    make: Callable[[Sequence[Floats]], Graph], view: Callable[[Floats], Floats]
) -> Callable[[Task], Fitted]:
    """As ``_fitted``, on the audible frames of songs that are long enough."""

    def fit(task: Task) -> Fitted:
        audible = [_audible(song) for song in task.songs]
        longest = max(map(len, audible))
        if longest < 2 * mel.BANDS:
            raise ModelError("too little music to learn from; name songs that are longer than a few seconds")
        kept = [song for song in audible if len(song) >= min(SHORTEST, longest)]
        return _fitted(make, view)(replace(task, songs=kept))

    return fit


def _network(kind: str) -> Callable[[Task], Fitted]:
    def fit(task: Task) -> Fitted:
        try:
            import torch

            from yulelight.lab.training import loop, networks
        except ModuleNotFoundError as error:
            raise UsageError(
                f"a network needs {error.name}; install it (about 1.4 GB): {how_to_install('torch')}"
            ) from error
        recipe = _recipe(kind, task.options)
        ranges = _ranges(task.songs) if task.options.per_bin and kind == "dense" else None
        songs = [bins(song) if kind == "dense" else scaled_mel(song) for song in task.songs]
        if ranges:
            songs = [np.asarray((song - ranges[0]) / ranges[1], np.float32) for song in songs]
        known = weights_of(task.start) if task.start else None

        def make() -> Any:
            network: Any
            match kind:
                case "dense":
                    network = networks.Frames((513, 128, 64, 32, 16, 8), "tanh", "tanh")
                case "ae-mel":
                    network = networks.Frames((96, 128, 64, 8), "gelu", "sigmoid")
                case _:
                    network = networks.Convolutions()
            if known and not networks.load_weights(network, known):
                raise UsageError(
                    f"{task.start} is no {kind} model; leave --from out, or choose its architecture"
                )
            return network

        trained = loop.best(make, songs, recipe, task.checkpoint, task.progress)
        with torch.no_grad():
            drive = np.concatenate(
                [trained.network.drive(torch.from_numpy(s[None]))[0].numpy() for s in songs]
            )
        spectra = np.concatenate([scaled_mel(song) for song in task.songs])
        graph = Graph()
        frames = graph.scaled_bins() if kind == "dense" else graph.scaled_mel(96)
        if ranges:
            shifted = graph.op("Sub", frames, graph.constant("low", ranges[0]))
            frames = graph.clip(graph.op("Div", shifted, graph.constant("span", ranges[1])))
        # Tanh and sigmoid are monotonic, so their inputs are calibrated; then no output saturates on other songs.
        done = calibrate(drive, spectra, "sigmoid").apply(graph, trained.network.draw(graph, frames))
        chosen = f"seed {trained.seed}" + (f", best of {recipe.seeds}" if recipe.seeds > 1 else "")
        return Fitted(
            done,
            f"Adam, {recipe.loss} loss, gain changed by up to {recipe.gain_db:g} dB; {chosen}, epoch {trained.epochs} "
            "by the loss on 5-second blocks held back from its songs.",
        )

    return fit


def _recipe(kind: str, options: Options) -> "Recipe":
    from yulelight.lab.training.loop import Recipe

    recipe = Recipe(seed=options.seed, loss="bce" if options.loss == "bce" else "mse")
    if kind == "conv-show":
        recipe = replace(recipe, apart=0.01, onsets=0.01, lively=True, epochs=25, batch=4096)
    if kind == "ae-mel":
        recipe = replace(recipe, apart=0.001, lively=True)
    return replace(recipe, epochs=options.epochs or recipe.epochs, seeds=options.seeds or recipe.seeds)


def _ranges(songs: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Minimum and range of each bin, (513,) each; a constant bin has the range 1."""
    low = np.min([bins(song).min(axis=0) for song in songs], axis=0)
    span = np.max([bins(song).max(axis=0) for song in songs], axis=0) - low
    return low.astype(np.float32), np.where(span > 1e-6, span, 1).astype(np.float32)


ARCHITECTURES = {
    "mel": Architecture(
        "eight whitened principal components of 40 mel bands, turned so that silence is dark and each channel belongs "
        "to few bands",
        _heard(lambda songs: mel.draw(mel.fit(songs)), mel.decibels),
        (
            "Has no memory: it trembles with every frame, which a look has to smooth away.",
            "Follows spectra, not instruments: two instruments of one colour share their channels.",
        ),
    ),
    "glide": Architecture(
        "eight whitened principal components of 96 mel bands, turned as in mel, that keep still between notes and "
        "move at onsets",
        _heard(glide.fit, scaled_mel),
        (
            "Between onsets a level lags its sound by about 33 ms; slow swells are smoothed.",
            "Takes any sudden rise of the whole spectrum for an onset: applause, breath and clicks, too.",
            "Follows spectra, not instruments: two instruments of one colour share their channels.",
        ),
    ),
    "wide": Architecture(
        "eight whitened principal components of 40 mel bands, turned as in mel and with nothing cut off, that glide "
        "from onset to onset",
        _heard(wide.fit, mel.decibels),
        (
            "Silence reads 0.2 in every channel, and most levels are half up: it needs `scripts/sparse.py`.",
            "Between onsets a level lags its sound by about 17 ms.",
            "Follows spectra, not instruments: two instruments of one colour share their channels.",
        ),
    ),
    "dense": Architecture(
        "the blog's autoencoder, 513-128-64-32-16-8 with tanh, one frame at a time",
        _network("dense"),
        (
            "Has no memory, and sees linear bins: three quarters of what it rebuilds lies above 5 kHz.",
            "Another seed gives other channels; only the shipped weights mean what their show was tuned to.",
        ),
        True,
    ),
    "ae-mel": Architecture(
        "an autoencoder of 96 mel bands, GELU and a sigmoid code, one frame at a time",
        _network("ae-mel"),
        (
            "Has no memory: it trembles with every frame, which a look has to smooth away.",
            "Another seed gives other channels; only the shipped weights mean what their show was tuned to.",
        ),
        True,
    ),
    "conv-show": Architecture(
        "causal convolutions over 15 frames, trained to rebuild, to move at onsets and to tell different stories",
        _network("conv-show"),
        (
            "Tells onsets at the cost of the spectrum: it rebuilds less than any other.",
            "Another seed gives other channels; only the shipped weights mean what their show was tuned to.",
        ),
        True,
    ),
    "bands": Architecture(
        "eight bands of equal width in mel: a control",
        _fitted(linear.bands, scaled_mel),
        ("Loud music lights all channels at once: they tell one story, not eight.",),
    ),
    "pca": Architecture(
        "eight principal components of 96 mel bands: a control",
        _fitted(linear.pca, scaled_mel),
        (
            "A component has two signs: a channel may be bright at one timbre and dark at another as loud.",
            "Has no memory, and small components tremble.",
        ),
    ),
    "nmf": Architecture(
        "eight non-negative parts of 96 mel bands",
        _fitted(linear.nmf, scaled_mel),
        ("Parts are found from a random start: other songs give other parts.", "Has no memory."),
    ),
}
