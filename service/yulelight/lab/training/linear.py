"""Encoders that are one matrix on 96 mel bands: eight bands, principal components, non-negative factors."""

from collections.abc import Sequence

import numpy as np

from yulelight.core.messages import CHANNELS
from yulelight.dsp.samples import Floats
from yulelight.lab.training.calibrate import calibrate
from yulelight.lab.training.graph import Graph

BANDS = 96


def bands(songs: Sequence[Floats]) -> Graph:
    """Eight bands of equal width in mel, like a spectrum analyser: the control."""
    weights = np.repeat(np.eye(CHANNELS), BANDS // CHANNELS, axis=0) * CHANNELS / BANDS
    return _straight(songs, weights.astype(np.float32))


def pca(songs: Sequence[Floats]) -> Graph:
    """The directions in which the spectra of ``songs``, scaled mel (n, 96) each, vary most."""
    frames = np.concatenate(songs)
    return _straight(songs, components(frames, CHANNELS)[1])


def components(frames: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean (bands,) and the first principal components (bands, count) of ``frames`` (n, bands)."""
    mean = frames.mean(axis=0, dtype=np.float64).astype(np.float32)
    scatter = np.zeros((frames.shape[1],) * 2)
    for start in range(0, len(frames), 8192):
        centred = frames[start : start + 8192] - mean
        scatter += centred.T @ centred
    return mean, np.linalg.eigh(scatter)[1][:, -count:].astype(np.float32)


def nmf(songs: Sequence[Floats], limit: int = 3000, seed: int = 0) -> Graph:
    """Non-negative matrix factorization (Lee and Seung 1999), and the matrix that best approximates its encoding."""
    rng = np.random.default_rng(seed)
    frames = np.concatenate([rng.permutation(song)[:limit] for song in songs]).astype(np.float64)
    amounts, _ = factors(frames, CHANNELS, rng)
    known = np.column_stack([frames, np.ones(len(frames))])
    weights = np.linalg.solve(known.T @ known + 1e-3 * len(frames) * np.eye(BANDS + 1), known.T @ amounts)
    graph = Graph()
    code = graph.op("Relu", graph.gemm(graph.scaled_mel(BANDS), "code", weights[:-1], weights[-1]))
    drives = [np.maximum(song @ weights[:-1] + weights[-1], 0).astype(np.float32) for song in songs]
    return calibrate(np.concatenate(drives), np.concatenate(songs), "clip").apply(graph, code)


def factors(
    frames: np.ndarray, count: int, rng: np.random.Generator, rounds: int = 120
) -> tuple[np.ndarray, np.ndarray]:
    """Non-negative amounts (n, count) and parts (count, bands) whose product is nearest to ``frames`` >= 0."""
    amounts = rng.random((len(frames), count)) + 0.1
    parts = rng.random((count, frames.shape[1])) + 0.1
    for _ in range(rounds):
        amounts *= (frames @ parts.T) / (amounts @ (parts @ parts.T) + 1e-9)
        parts *= (amounts.T @ frames) / ((amounts.T @ amounts) @ parts + 1e-9)
    size = amounts.mean(axis=0) + 1e-12
    return amounts / size, parts * size[:, None]


def _straight(songs: Sequence[Floats], weights: Floats) -> Graph:
    graph = Graph()
    code = graph.gemm(graph.scaled_mel(BANDS), "code", weights, np.zeros(weights.shape[1]))
    frames = np.concatenate(songs)
    return calibrate(np.asarray(frames @ weights, np.float32), frames, "clip").apply(graph, code)
