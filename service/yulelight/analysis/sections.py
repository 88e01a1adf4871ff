"""Sections of a song: sudden changes of loudness, and novelty of the self-similarity matrix (Foote 2000, ICME)."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

WINDOW = 4.0
"""Seconds over which the mean loudness is compared with the same time before."""
STEP_DB = 4.0
DEPTH_DB = 50.0
"""Levels below the loudest moment by more than this count as silence."""


def novelty(features: Array, half: int) -> Array:
    """Checkerboard novelty of ``features`` (steps, n), compared ``half`` steps before and after each step."""
    unit = features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)
    alike = np.pad(unit @ unit.T, half, mode="edge")
    side = np.arange(-half, half) + 0.5
    taper = np.exp(-((side / half) ** 2) * 2)
    kernel = np.outer(np.sign(side) * taper, np.sign(side) * taper)
    size = 2 * half
    return np.array(
        [(alike[i : i + size, i : i + size] * kernel).sum() for i in range(len(features))], np.float32
    )


def boundaries(
    codes: Array, rate: float, *, loudness: Array | None = None, shortest: float = 8.0
) -> list[float]:
    """Start times in seconds of the sections of a song, the first always 0.

    ``codes`` (frames, channels) and ``loudness`` (frames,) in dB at ``rate`` frames per second. First, sections begin
    at large changes of loudness, the largest first. Then steps of half a second are compared over eight seconds to
    either side; a boundary is a peak of the novelty that stands out from its spread within the song. Sections are at
    least ``shortest`` seconds long, those between changes of loudness at least WINDOW.
    """
    step = max(1, round(rate / 2))
    steps = len(codes) // step
    if steps < 4:
        return [0.0]
    grouped = codes[: steps * step].reshape(steps, step, -1)
    features = np.concatenate([grouped.mean(1), grouped.std(1)], axis=1)
    features = (features - features.mean(0)) / (features.std(0) + 1e-6)
    curve = novelty(features.astype(np.float32), half=min(16, steps // 2))
    least = float(curve.mean() + 0.7 * curve.std())
    starts = [0.0]
    length = len(codes) / rate

    def add(at: float, apart: float) -> None:
        if all(abs(at - start) >= apart for start in starts) and length - at >= apart / 2:
            starts.append(at)

    for at in sudden(loudness, rate) if loudness is not None else []:
        add(at, WINDOW)
    for k in np.argsort(curve)[::-1]:
        if curve[k] < least:
            break
        add(int(k) * step / rate, shortest)
    return sorted(starts)


def sudden(loudness: Array, rate: float) -> list[float]:
    """Times in seconds at which the mean ``loudness`` (frames,) over WINDOW seconds differs by STEP_DB or more from
    that of the WINDOW before, the largest change first.
    """
    size = int(WINDOW * rate)
    if len(loudness) <= 2 * size:
        return []
    level = np.maximum(loudness, loudness.max() - DEPTH_DB).astype(np.float64)
    sums = np.concatenate([[0.0], np.cumsum(level)])
    middle = np.arange(size, len(level) - size + 1)
    change = np.abs(sums[middle + size] - 2 * sums[middle] + sums[middle - size]) / size
    found: list[int] = []
    for k in np.argsort(-change):
        if change[k] < STEP_DB:
            break
        if all(abs(int(k) - other) > 2 * size for other in found):
            found.append(int(k))
    return [float(middle[k]) / rate for k in found]
