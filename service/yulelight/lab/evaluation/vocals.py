"""Whether a channel follows the singing, for songs with annotated vocals."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import UsageError
from yulelight.lab.evaluation.arrays import smooth
from yulelight.lab.evaluation.switching import STILL

SMOOTHING = 0.2
"""Seconds."""

GAP = 0.3
"""Seconds; shorter gaps between syllables are not pauses."""

Phrases = tuple[tuple[float, float], ...]
"""Start and end of each sung note, in seconds."""


def read_vocals(song: Path) -> Phrases | None:
    """Reads ``<song without suffix>.vocals.csv`` (columns start, end); None if there is no such file."""
    path = song.with_suffix(".vocals.csv")
    if not path.is_file():
        return None
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return tuple((float(row["start"]), float(row["end"])) for row in csv.DictReader(file))
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UsageError(
            f"{path.name} must have columns start and end in seconds; correct or remove it"
        ) from error


def joined(phrases: Phrases, gap: float = GAP) -> Phrases:
    """Syllables as phrases: those with at most ``gap`` seconds between them are one."""
    kept: list[tuple[float, float]] = []
    for start, end in sorted(phrases):
        if kept and start - kept[-1][1] <= gap:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return tuple(kept)


def vocals(levels: npt.NDArray[Any], rate: float, phrases: Phrases) -> float:
    """Correlation of singing (1 while there is any) with the one channel of (frames, channels) that fits best."""
    sung = np.zeros(len(levels))
    for start, end in phrases:
        sung[int(start * rate) : int(end * rate) + 1] = 1
    moving = smooth(levels, int(SMOOTHING * rate))[:, levels.std(0) > STILL]
    if not moving.shape[1] or np.ptp(sung) == 0:
        return float("nan")
    return max(float(np.corrcoef(channel, sung)[0, 1]) for channel in moving.T)
