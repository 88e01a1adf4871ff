"""What it costs a show that every light keeps the flash limit by itself, and not only all of them together.

Each look's shows of the songs with the role ``validate`` in YULELIGHT_AUDIO (YULELIGHT_BENCH_LOOKS names fewer looks),
once held to the limit of the house only and once to that of every light, too; scored as in docs/scorecard.md. Flashes
are those of the worst single dimmer and relay in any second, counted in emitted light by tests/safety/oracle.py.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.aims import Report
from tests.safety.oracle import flashes, luminance
from yulelight.app.settings import Settings
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.evaluation.evaluate import evaluate
from yulelight.lab.evaluation.songs import find_songs
from yulelight.lab.evaluation.systems import of_look
from yulelight.safety import limits
from yulelight.show.look import LOOKS
from yulelight.show.render import render

SHOWN = ("onset_f", "beat_recall", "faith", "structure", "repeat", "sw_faith", "sw_structure", "sw_repeat")
CHOSEN = os.environ.get("YULELIGHT_BENCH_LOOKS", ",".join(LOOKS)).split(",")
CURVE = [luminance(level) for level in range(256)]


@contextmanager
def only_the_house() -> Iterator[None]:
    """Limits made meanwhile know nothing of single lights."""
    kept = limits._alone
    limits._alone = lambda lights: ()
    try:
        yield
    finally:
        limits._alone = kept


def run() -> Report:
    """Both ways, for each look."""
    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        sys.exit(
            "alone: set YULELIGHT_AUDIO to a folder of music with a manifest.csv (columns file and role)"
        )
    songs = find_songs([Path(folder)], "validate")
    encoder, report = load(find(Settings().model, ())), Report("alone")
    looks = {name: LOOKS[name] for name in CHOSEN}

    def measure(way: str) -> None:
        found = evaluate(songs, {name: of_look(encoder, look) for name, look in looks.items()}).means()
        for name, look in looks.items():
            worst = {"dimmer": 0, "relay": 0}
            for song in songs:
                show = render(song, encoder, look)
                times = [k / show.rate for k in range(len(show.levels))]
                for levels, on in zip(show.levels.T.tolist(), show.switched.T.tolist(), strict=True):
                    worst["dimmer"] = max(worst["dimmer"], flashes(times, [CURVE[x] for x in levels]))
                    worst["relay"] = max(worst["relay"], flashes(times, [float(lit) for lit in on]))
            for kind, most in worst.items():
                if way == "every light":
                    report.aim(f"{name}, {way}: flashes of one {kind}", most, most=3)
                else:
                    report.figure(f"{name}, {way}: flashes of one {kind}", most)
            for figure in SHOWN:
                report.figure(f"{name}, {way}: {figure}", getattr(found[name], figure))

    with only_the_house():
        measure("house only")
    measure("every light")
    return report
