"""What live shows are worth with and without a look-ahead, on the songs kept for it: its part of docs/scorecard.md.

A song is heard as a stream by the code of the live session (``yulelight render --live``), faster than it sounds.
"""

import datetime
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.aims import Report
from yulelight.lab.evaluation.scorecard import Score

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scorecard.md"
HEADING = "## Live, with a look-ahead"
ROLE = "validate"
LOOK = "lively"
LOOK_AHEADS = (2.0, 0.3, 0.0)
"""Seconds; 0: as it comes, late by what that takes."""
LEAST = {
    2.0: {
        "faith": 0.70,
        "structure": 0.58,
        "repeat": 0.87,
        "sw_faith": 0.46,
        "sw_structure": 0.39,
        "sw_repeat": 0.76,
        "dark": 0.40,
        "contrast": 0.42,
        "onset_f": 0.88,
        "beat_recall": 0.91,
        "voice": 0.55,
    },
    0.3: {
        "faith": 0.68,
        "structure": 0.56,
        "repeat": 0.85,
        "sw_faith": 0.39,
        "sw_structure": 0.36,
        "sw_repeat": 0.72,
        "dark": 0.40,
        "contrast": 0.42,
        "onset_f": 0.88,
        "beat_recall": 0.82,
        "voice": 0.50,
    },
}
"""What each look-ahead should reach, as the mean of the songs."""
COLUMNS = (
    "faith",
    "structure",
    "repeat",
    "sw_faith",
    "sw_structure",
    "sw_repeat",
    "on",
    "dark",
    "contrast",
    "correlation",
    "onset_f",
    "beat_recall",
    "voice",
    "moments",
    "light_flashes",
    "switched_flashes",
)


def run() -> Report:
    """Evaluates the live path on the songs of YULELIGHT_AUDIO whose role is ROLE."""
    from yulelight.app.settings import Settings
    from yulelight.encoder.catalogue import find
    from yulelight.encoder.model import load
    from yulelight.lab.evaluation.evaluate import evaluate
    from yulelight.lab.evaluation.songs import find_songs
    from yulelight.lab.evaluation.systems import of_live
    from yulelight.show.look import LOOKS

    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        sys.exit("live: set YULELIGHT_AUDIO to a folder of music with a manifest.csv (columns file and role)")
    songs = find_songs([Path(folder)], ROLE)
    encoder = load(find(Settings().model))
    systems = {name_of(LOOK, seconds): of_live(encoder, LOOKS[LOOK], seconds) for seconds in LOOK_AHEADS}
    means = evaluate(
        songs, systems, progress=lambda song, doing: print(f"{song.name}: {doing}", file=sys.stderr)
    ).means()
    report = Report("live")
    for seconds, least in LEAST.items():
        judge(report, f"{seconds:g} s", means[name_of(LOOK, seconds)], least)
    for name, score in means.items():
        report.aim(f"{name}: flashes, levels", score.light_flashes, most=3)
        report.aim(f"{name}: flashes, on/off", score.switched_flashes, most=3)
    DOCUMENT.write_text(with_section(DOCUMENT.read_text(), section(songs, means)))
    return report


def name_of(look: str, seconds: float) -> str:
    """Of a row."""
    return f"{look}, {seconds:g} s ahead" if seconds else f"{look}, as it comes"


def judge(report: Report, name: str, score: Score, least: Mapping[str, float]) -> None:
    """A look-ahead's mean against its aims."""
    for figure, bound in least.items():
        report.aim(f"{name}: {figure}", getattr(score, figure), least=bound)
    report.aim(f"{name}: on, at least", score.on, least=0.22)
    report.aim(f"{name}: on, at most", score.on, most=0.42)
    report.aim(f"{name}: correlation", score.correlation, most=0.30)


def section(songs: Sequence[Path], means: Mapping[str, Score]) -> str:
    """The live part of the scorecard."""
    lines = [["live", *(name.replace("sw_", "on/off ").replace("_", " ") for name in COLUMNS)]]
    lines.append(["---", *("---:" for _ in COLUMNS)])
    for name, score in means.items():
        lines.append([name, *(f"{getattr(score, figure):.2f}".replace("nan", "-") for figure in COLUMNS)])
    lines += [
        [
            f"aim, {seconds:g} s",
            *(f"≥ {least[name]:.2f}" if name in least else AIMS.get(name, "") for name in COLUMNS),
        ]
        for seconds, least in LEAST.items()
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"""{HEADING}

Written on {datetime.date.today()} by

    YULELIGHT_AUDIO=FOLDER scripts/bench live --json live.json

on the {len(songs)} songs whose role is `{ROLE}`, as streams that arrive some time before they are heard: a Snapcast
server's by a second, Music Assistant's by up to ten, a pipe's by its `delay`. The look-ahead is compensated, any other
delay is not.

{table}

"""


AIMS = {"on": ".22 to .42", "correlation": "≤ .30", "light_flashes": "≤ 3", "switched_flashes": "≤ 3"}


def kept(page: str) -> str:
    """The live part of a scorecard, as it stands there; empty where there is none."""
    begin = page.find(HEADING)
    if begin < 0:
        return ""
    end = page.find("\n## ", begin)
    return page[begin:] if end < 0 else page[begin : end + 1]


def with_section(page: str, new: str) -> str:
    """The page with its live part made anew, or added before that on latency, or at the end."""
    old = kept(page)
    if old:
        return page.replace(old, new)
    before = page.find("## Latency of the live path")
    return f"{page}\n{new}" if before < 0 else page[:before] + new + page[before:]
