"""How fast a song is rendered on one core, against the least that any program has to do.

That control decodes the same song with bare PyAV and makes one spectrum of it: float32, 1024 samples, half
overlapping. Both run in turns; times are the processor's, the best of five, since the machine is shared.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.benchmarks.aims import Report
from tests.benchmarks.songs import four_minutes, one_core
from yulelight.app.settings import Settings
from yulelight.audio.decode import blocks
from yulelight.dsp.spectrum import HOP, WINDOW
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.show.render import render

ROUNDS = 5


def bare(song: Path) -> float:
    """Decodes ``song`` and transforms it; the loudest magnitude."""
    window = np.hanning(WINDOW).astype(np.float32)
    with av.open(str(song)) as container:
        parts = [frame.to_ndarray() for frame in container.decode(audio=0)]
    samples = np.concatenate(parts, axis=1).mean(0, dtype=np.float32)
    windows = sliding_window_view(samples, WINDOW)[::HOP]
    return max(
        float(np.abs(np.fft.rfft(windows[start : start + 64] * window)).max())
        for start in range(0, len(windows), 64)
    )


def best(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of the processor that each takes in the best of several rounds, in turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.process_time()
            work()
            taken.append(time.process_time() - start)
    return [min(taken) for taken in times]


def run() -> Report:
    """Renders a 4-minute mp3."""
    one_core()
    report = Report("render")
    encoder = load(find(Settings().model, ()))
    with tempfile.TemporaryDirectory() as folder:
        song = four_minutes(Path(folder))
        whole, least, decoding = best(
            lambda: render(song, encoder),
            lambda: bare(song),
            lambda: sum(len(block) for block in blocks(song)),
        )
    report.aim("render / decoding and one spectrum", whole / least, most=3)
    report.figure("render, times real time", 240 / whole)
    report.figure("render, seconds", whole)
    report.figure("share of decoding, %", 100 * decoding / whole)
    report.figure("load of the machine", os.getloadavg()[0])
    return report
