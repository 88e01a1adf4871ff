"""What a model is worth, on songs it has not seen, next to principal components of the same training frames."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Reconstruct = Callable[[Floats], npt.NDArray[np.floating]]

_BLOCK = 8192


def components(frames: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean (bins,) and the first principal components (bins, count) of ``frames`` (n, bins)."""
    mean = frames.mean(axis=0, dtype=np.float64).astype(np.float32)
    scatter = np.zeros((frames.shape[1],) * 2)
    for start in range(0, len(frames), _BLOCK):
        centred = frames[start : start + _BLOCK] - mean
        scatter += centred.T @ centred
    return mean, np.linalg.eigh(scatter)[1][:, -count:].astype(np.float32)


def explained(songs: Mapping[str, Floats], mean: Floats, reconstruct: Reconstruct) -> dict[str, float]:
    """Explained variance 1 - SSE(reconstruct) / SSE(mean) of each song (n, bins), and of all frames as ``all``."""
    errors = {
        title: (_squares(frames - reconstruct(frames)), _squares(frames - mean))
        for title, frames in songs.items()
    }
    errors["all"] = (sum(error for error, _ in errors.values()), sum(total for _, total in errors.values()))
    return {title: round(1 - error / total, 4) for title, (error, total) in errors.items()}


def projection(mean: Floats, basis: Floats) -> Reconstruct:
    """Rebuilds spectra (n, bins) from their projection on ``basis`` (bins, count)."""
    return lambda frames: (frames - mean) @ basis @ basis.T + mean


def correlations(levels: Floats, loudness: Floats) -> Floats:
    """Correlation of each channel of ``levels`` (n, channels) with ``loudness`` (n,): (channels,)."""
    return np.asarray([np.corrcoef(channel, loudness)[0, 1] for channel in levels.T], np.float32)


def mean_correlation(levels: Floats) -> float:
    """Mean of |r| over all pairs of channels of ``levels`` (n, channels)."""
    r = np.abs(np.corrcoef(levels.T))
    return float(r[~np.eye(len(r), dtype=bool)].mean())


def participation(levels: Floats) -> float:
    """How many channels a show of ``levels`` (n, channels) really has, 1 to channels: (sum l)^2 / sum l^2 over the
    eigenvalues l of their covariance.
    """
    spread = np.linalg.eigvalsh(np.cov(levels.T))
    return float(spread.sum() ** 2 / (spread**2).sum())


def _squares(values: npt.NDArray[np.floating]) -> float:
    return float(np.square(values, dtype=np.float64).sum())
