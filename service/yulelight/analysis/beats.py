"""Beat tracking: the evenly spaced sequence with the most onset strength (Ellis 2007, J. New Music Res. 36)."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

TEMPO = 120.0
"""Preferred tempo in beats per minute; other tempi are weighted by their distance from it in octaves."""
TIGHTNESS = 100.0
"""Weight of uneven spacing relative to onset strength."""
_EXCERPT = 90.0
_SLOWEST = 4.0


def beats(strength: Array, rate: float) -> list[int]:
    """Frames of the beats in onset ``strength`` (frames,) at ``rate`` frames per second; empty without onsets."""
    if len(strength) < _SLOWEST * rate:
        return []
    deviation = float(strength.std())
    if deviation < 1e-6:
        return []
    scaled = strength.astype(np.float64) / deviation
    period = _period(scaled, rate)
    width = rate / 32
    reach = np.arange(-30, 31)
    local = np.convolve(scaled, np.exp(-0.5 * (reach / width) ** 2), "same")
    score, before = best_chain(local, period)
    return _follow(score, before)


def _period(strength: npt.NDArray[np.float64], rate: float) -> int:
    """Frames between beats: the largest autocorrelation of the strength, near TEMPO rather than far."""
    excerpt = strength[: int(_EXCERPT * rate)]
    size = 1 << (2 * len(excerpt) - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(excerpt, size)) ** 2
    autocorrelation = np.fft.irfft(spectrum)[1 : int(_SLOWEST * rate)]
    lags = np.arange(1, len(autocorrelation) + 1)
    octaves = np.log2(60 * rate / lags / TEMPO)
    return int(lags[np.argmax(autocorrelation * np.exp(-0.5 * octaves**2))])


def best_chain(
    local: npt.NDArray[np.float64], period: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """The best score of a sequence that ends at each frame, and its previous beat (-1: none)."""
    steps = np.arange(-2 * period, -(period // 2) + 1)
    steps = steps[steps < 0]
    cost = -TIGHTNESS * np.log(-steps / period) ** 2
    count, far, size = len(local), -int(steps[0]), -int(steps[-1])
    # Before the beginning, where the first frames reach back to, nothing can be a beat.
    score, before = np.full(far + count, -np.inf), np.full(count, -1)
    loud = np.flatnonzero(local[size:] >= 0.01 * local.max())
    first = size + int(loud[0]) if len(loud) else count
    # No frame reaches back to one of the ``size`` before it: so many are decided together.
    reach = np.arange(size)[:, None] + np.arange(len(steps))
    rows = np.arange(size)
    for begin in range(0, count, size):
        end = min(begin + size, count)
        options = score[begin + reach[: end - begin]] + cost
        best = options.argmax(1)
        gained = options[rows[: end - begin], best]
        score[far + begin : far + end] = local[begin:end] + np.where(gained > -np.inf, gained, 0.0)
        since = max(begin, first)
        before[since:end] = np.arange(since, end) + steps[best[since - begin :]]
    return score[far:], before


def _follow(score: npt.NDArray[np.float64], before: npt.NDArray[np.int64]) -> list[int]:
    peak = np.flatnonzero((score[1:-1] > score[:-2]) & (score[1:-1] >= score[2:])) + 1
    if len(peak) == 0:
        return []
    strong = peak[score[peak] * 2 > np.median(score[peak])]
    chain = [int(strong[-1])] if len(strong) else []
    while chain and before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return chain[::-1]
