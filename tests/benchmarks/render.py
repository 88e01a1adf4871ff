"""How fast a song is rendered on one core, and how much of that is decoding."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.aims import Report
from tests.benchmarks.songs import four_minutes, one_core
from yulelight.app.settings import Settings
from yulelight.audio.decode import blocks
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.show.render import render

ROUNDS = 5


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the quickest of several rounds: the machine without its noise."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def run() -> Report:
    """Renders a 4-minute mp3."""
    one_core()
    report = Report("render")
    encoder = load(find(Settings().model, ()))
    with tempfile.TemporaryDirectory() as folder:
        song = four_minutes(Path(folder))
        whole = best(lambda: render(song, encoder))
        decoding = best(lambda: sum(len(block) for block in blocks(song)))
    report.aim("render, times real time", 240 / whole, least=150)
    report.figure("render, seconds", whole)
    report.figure("share of decoding, %", 100 * decoding / whole)
    return report
