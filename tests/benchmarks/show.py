"""What every look's show is worth beside every baseline's, on the songs kept for it; writes docs/scorecard.md."""

import datetime
import math
import os
import sys
from pathlib import Path

from tests.benchmarks.aims import Report

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scorecard.md"
DEFAULT = "lively"
"""The look that has to reach every aim; the others have to be safe."""
ROLE = "validate"


def run() -> Report:
    """Evaluates all systems on the songs of YULELIGHT_AUDIO whose role is ROLE."""
    from yulelight.encoder.catalogue import find
    from yulelight.encoder.model import load
    from yulelight.evaluation.baselines import BASELINES
    from yulelight.evaluation.evaluate import evaluate
    from yulelight.evaluation.latency import measure
    from yulelight.evaluation.songs import find_songs
    from yulelight.evaluation.systems import systems
    from yulelight.settings import Settings
    from yulelight.show.look import LOOKS

    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        sys.exit("show: set YULELIGHT_AUDIO to a folder of music with a manifest.csv (columns file and role)")
    songs = find_songs([Path(folder)], ROLE)
    encoder, looks = load(find(Settings().model)), LOOKS
    result = evaluate(
        songs,
        systems(encoder, looks, BASELINES),
        progress=lambda song, doing: print(f"{song.name}: {doing}", file=sys.stderr),
    )
    report = Report("show")
    means = result.means()
    aims(report, means[DEFAULT])
    for name in looks:
        if name != DEFAULT:
            report.aim(f"{name}: flashes, levels", means[name].field_flashes, most=3)
            report.aim(f"{name}: flashes, on/off", means[name].switched_flashes, most=3)
    latencies = measure(encoder, looks[DEFAULT])
    for sound, latency in latencies.items():
        report.aim(f"live latency, {sound}, median", latency.median, most=20, unit="ms")
        report.figure(f"live latency, {sound}, p95, ms", latency.p95)
    DOCUMENT.write_text(document(songs, means, result.scores[DEFAULT], latencies, encoder.manifest.name))
    return report


def aims(report: Report, score) -> None:
    """What the default look has to reach, as the mean of all songs; of flashes the worst second."""
    aim = report.aim
    aim("dead + stuck channels", score.dead + score.stuck, most=0)
    aim("toggles a second and channel", score.toggles, most=2.5)
    aim("pulses under 100 ms, share", score.short_pulses, most=0)
    aim("correlation of channels", score.correlation, most=0.30)
    aim("flashes, levels", score.field_flashes, most=3)
    aim("flashes, on/off", score.switched_flashes, most=3)
    aim("onset F", score.onset_f, least=0.85)
    aim("beat recall", score.beat_recall, least=0.92)
    aim("lag, not before", score.lag_ms, least=-20, unit="ms")
    aim("lag, not after", score.lag_ms, most=10, unit="ms")
    if not math.isnan(score.vocals):
        aim("vocals", score.vocals, least=0.55)
    aim("faith, levels", score.faith, least=0.80)
    aim("faith, on/off", score.sw_faith, least=0.55)
    aim("structure, levels", score.structure, least=0.55)
    aim("structure, on/off", score.sw_structure, least=0.42)
    aim("repeat, levels", score.repeat, least=0.90)
    aim("repeat, on/off", score.sw_repeat, least=0.84)


def document(songs, means, default, latencies, model: str) -> str:
    """The scorecard as a page."""
    from yulelight.evaluation.table import markdown_legend, markdown_table

    rows = "\n".join(f"| {name} | {one.median:.0f} | {one.p95:.0f} |" for name, one in latencies.items())
    return f"""# Scorecard

What Yulelight's shows are worth, beside other ways from music to eight lights. Written on {datetime.date.today()} by

    YULELIGHT_AUDIO=FOLDER scripts/bench show --json show.json

on the {len(songs)} songs whose role is `{ROLE}`: neither the encoder (`{model}`) nor a look was fitted to them. The
look `{DEFAULT}` is what a show has unless it is told otherwise. What each baseline does stands in
`service/yulelight/evaluation/baselines/`; those without on/off states of their own are on above half level.

## Mean of all songs (flashes: the worst second of all)

{markdown_table(means)}

{markdown_legend()}

## `{DEFAULT}`, song by song

{markdown_table(default, "song")}

## Latency of the live path

By its algorithm alone, from the first sample of a sound to half of its light, in milliseconds:

| sound | median | 95th percentile |
| --- | ---: | ---: |
{rows}
"""
