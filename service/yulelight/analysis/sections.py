"""Where a song changes character: novelty of its self-similarity (Foote 2000, ICME)."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


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


def boundaries(codes: Array, rate: float, *, shortest: float = 8.0) -> list[float]:
    """Start times in seconds of the sections of a song, the first always 0.

    ``codes`` (frames, channels) at ``rate`` frames a second. Steps of half a second are compared over eight
    seconds to either side; a boundary is a peak of the novelty that stands out from the song's own spread,
    and sections are at least ``shortest`` seconds long.
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
    apart = shortest * rate / step
    starts: list[int] = [0]
    for k in np.argsort(curve)[::-1]:
        if curve[k] < least:
            break
        if all(abs(int(k) - s) >= apart for s in starts) and steps - k >= apart / 2:
            starts.append(int(k))
    return [s * step / rate for s in sorted(starts)]
