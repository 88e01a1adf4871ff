"""The linear encoder on the mel scale: the first eight principal components of music's spectrum, rotated so that
silence is dark.

Principal components of mel spectra in decibels (Roche et al. 2018 found that shallow autoencoders do no better),
whitened, so that channels are uncorrelated and have equal variance. Whitened components may be rotated freely; two
rotations are applied. The first moves silence to the corner in which all channels are equally low, so that rests are
dark. The second keeps that corner and makes each channel depend on few bands (varimax; Kaiser 1958), so that a
channel follows an instrument rather than the whole sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from yulelight.core.messages import CHANNELS
from yulelight.dsp.mel import mel_filters
from yulelight.dsp.samples import Floats
from yulelight.lab.training.graph import Graph

BANDS = 40
FLOOR_DB = -68.0
"""Power per 100 Hz below this, re a full-scale sine, is silence: about 60 dB below loud music."""
BRIGHT = 0.999
"""Quantile of the training frames that maps to full, with this much headroom:"""
ROOM = 1.15


@dataclass(frozen=True, slots=True)
class MelEncoder:
    """levels = clip(decibels(magnitudes) @ weights + bias, 0, 1); weights (bands, channels), bias (channels,)."""

    weights: Floats
    bias: Floats

    def levels(self, bands: Floats) -> Floats:
        """Levels (n, channels) of mel spectra in dB (n, bands)."""
        return np.asarray(np.clip(bands @ self.weights + self.bias, 0, 1), np.float32)


def decibels(magnitudes: Floats) -> Floats:
    """Mel spectra in dB (n, bands) of magnitudes (n, 513)."""
    power = np.square(magnitudes) @ mel_filters(BANDS)
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10))), np.float32)


def fit(songs: Sequence[Floats]) -> MelEncoder:
    """The encoder for ``songs``, mel spectra in dB (n, bands) of their audible frames."""
    return MelEncoder(*turned(songs, FLOOR_DB))


def draw(encoder: MelEncoder) -> Graph:
    """The encoder as a graph, from magnitudes on."""
    graph = Graph()
    return graph.finish(graph.clip(graph.gemm(bands(graph), "code", encoder.weights, encoder.bias)))


def bands(graph: Graph) -> str:
    """``decibels`` as nodes of a graph."""
    power = graph.op(
        "MatMul", graph.op("Mul", "magnitudes", "magnitudes"), graph.constant("filters", mel_filters(BANDS))
    )
    audible = graph.op("Max", power, graph.constant("quietest", 10 ** (FLOOR_DB / 10)))
    return graph.op("Mul", graph.op("Log", audible), graph.constant("decibel", 10 / log(10)))


def turned(
    songs: Sequence[Floats], silence: float, limit: int = 4000, seed: int = 0
) -> tuple[Floats, Floats]:
    """Weights (bands, channels) and bias (channels,) of the rotated components of ``songs``, (n, bands) each.

    All bands at ``silence`` map to 0 in every channel. ``limit`` frames of each song are used, drawn with ``seed``.
    """
    rng = np.random.default_rng(seed)
    frames = np.concatenate([rng.permutation(song)[:limit] for song in songs]).astype(np.float64)
    mean = frames.mean(0)
    _, scales, directions = np.linalg.svd(frames - mean, full_matrices=False)
    spread = scales[:CHANNELS] / np.sqrt(len(frames))
    whiten, loadings = directions[:CHANNELS].T / spread, directions[:CHANNELS].T * spread
    corner = -np.ones(CHANNELS) / np.sqrt(CHANNELS)
    turn = reflection((silence - mean) @ whiten, corner)
    turn = turn @ simplest(loadings @ turn, corner)
    whiten, loadings = whiten @ turn, loadings @ turn
    centroids = np.abs(loadings).T @ np.arange(len(mean)) / np.abs(loadings).sum(0)
    whiten = whiten[:, np.argsort(centroids)]
    dark = (silence - mean) @ whiten
    bright = np.quantile((frames - mean) @ whiten, BRIGHT, axis=0)
    weights = whiten / (ROOM * (bright - dark))
    return weights.astype(np.float32), (-silence * weights.sum(0)).astype(np.float32)


def reflection(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The orthogonal (n, n) matrix R with source @ R parallel to target (Householder)."""
    difference = source / np.linalg.norm(source) - target / np.linalg.norm(target)
    length = float(np.linalg.norm(difference))
    if length < 1e-12:
        return np.eye(len(source))
    unit = difference / length
    return np.asarray(np.eye(len(source)) - 2 * np.outer(unit, unit))


def simplest(loadings: np.ndarray, fixed: np.ndarray, rounds: int = 300) -> np.ndarray:
    """The rotation (k, k) that keeps the direction ``fixed`` (k,) and makes ``loadings`` (n, k) simplest by varimax.

    Gradient ascent, projected onto the orthogonal matrices of the free directions.
    """
    count = len(fixed)
    basis = np.linalg.qr(np.column_stack([fixed, np.eye(count)[:, : count - 1]]))[0]
    turned, rotation = loadings @ basis, np.eye(count)
    for _ in range(rounds):
        simple = turned @ rotation @ basis.T
        slope = simple**3 - simple * np.square(simple).mean(0)
        left, _, right = np.linalg.svd((turned.T @ slope @ basis)[1:, 1:])
        rotation[1:, 1:] = left @ right
    return np.asarray(basis @ rotation @ basis.T)
