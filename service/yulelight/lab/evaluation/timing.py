"""Whether lights change when the music does. Times in seconds, arrays (frames, channels)."""

from typing import Any

import mir_eval
import numpy as np
import numpy.typing as npt

from yulelight.lab.evaluation.arrays import Array, Bools, pulses

TOLERANCE = 0.07
"""Seconds by which a light may miss its note."""
TOGETHER = 0.03
"""Seconds within which several lights that come on count as one event."""
MAX_LAG = 0.2
"""Maximum lead or lag in seconds that is searched."""
REFERENCE_LEAD = 0.02
"""Seconds. Light steps exactly on synthetic bursts read 12 to 23 ms early against librosa's onset envelope, because its
windows smear; this is added, so that such lights read about 0."""


def switch_on_times(on: Bools, rate: float) -> Array:
    """Times (n,) at which lights come on; several at the same moment count once."""
    starts = np.sort(np.concatenate([pulses(channel)[0] for channel in on.T])) / rate
    kept: list[float] = []
    for time in starts.tolist():
        if not kept or time - kept[-1] > TOGETHER:
            kept.append(time)
    return np.array(kept)


def onset_match(onsets: Array, lights: Array) -> tuple[float, float, float]:
    """Precision, recall and F of ``lights`` against ``onsets`` (both times), each matched at most once."""
    if not len(onsets) or not len(lights):
        return 0.0, 0.0, 0.0
    f, precision, recall = mir_eval.onset.f_measure(onsets, lights, window=TOLERANCE)
    return float(precision), float(recall), float(f)


def beat_recall(beats: Array, lights: Array) -> float:
    """Share of ``beats`` at which a light goes on."""
    if not len(beats) or not len(lights):
        return 0.0
    after = np.searchsorted(lights, beats)
    nearest = np.minimum(
        np.abs(beats - lights[np.minimum(after, len(lights) - 1)]),
        np.abs(beats - lights[np.maximum(after - 1, 0)]),
    )
    return float((nearest <= TOLERANCE).mean())


def lag(levels: npt.NDArray[Any], rate: float, envelope_times: Array, envelope: Array) -> float:
    """Seconds by which brightening lights lag (+) or lead (-) the song's onset envelope, from their cross-correlation.

    NaN if no light gets brighter.
    """
    rising = np.maximum(np.diff(levels, axis=0), 0).sum(1)
    if len(rising) < 2 or rising.std() == 0:
        return float("nan")
    heard = np.interp(np.arange(1, len(levels)) / rate, envelope_times, envelope)
    farthest = int(MAX_LAG * rate)
    shifts = range(-farthest, farthest + 1)
    # Rolling changes neither mean nor spread, so that the sum of products ranks as the correlation does.
    fits = [float(np.dot(np.roll(rising, -shift), heard)) for shift in shifts]
    return shifts[int(np.argmax(fits))] / rate + REFERENCE_LEAD
