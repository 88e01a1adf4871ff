"""What every look's show is worth beside every baseline's, on the songs kept for it; writes docs/scorecard.md."""

import datetime
import math
import os
import sys
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.aims import Report

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scorecard.md"
DEFAULT = "lively"
"""The look that has to reach every aim; the others have to be safe."""
ROLE = "validate"
TUNED_ON = "train"
RELUCTANCES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1)


def run() -> Report:
    """Evaluates all systems on the songs of YULELIGHT_AUDIO whose role is ROLE."""
    from yulelight.app.settings import Settings
    from yulelight.encoder.catalogue import find
    from yulelight.encoder.model import load
    from yulelight.lab.evaluation.baselines import BASELINES
    from yulelight.lab.evaluation.evaluate import evaluate
    from yulelight.lab.evaluation.latency import measure
    from yulelight.lab.evaluation.songs import find_songs
    from yulelight.lab.evaluation.systems import of_look, systems
    from yulelight.show.look import LOOKS

    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        sys.exit("show: set YULELIGHT_AUDIO to a folder of music with a manifest.csv (columns file and role)")
    songs = find_songs([Path(folder)], ROLE)
    encoder, looks = load(find(Settings().model)), LOOKS
    result = evaluate(
        songs,
        systems(encoder, looks, BASELINES, live={DEFAULT: looks[DEFAULT], "classic": looks["classic"]}),
        progress=lambda song, doing: print(f"{song.name}: {doing}", file=sys.stderr),
    )
    report = Report("show")
    means = result.means()
    aims(report, means[DEFAULT])
    for name in looks:
        if name != DEFAULT:
            report.aim(f"{name}: flashes, levels", means[name].field_flashes, most=3)
            report.aim(f"{name}: flashes, on/off", means[name].switched_flashes, most=3)
    live = means[f"{DEFAULT}, live"]
    report.aim("live: flashes, levels", live.field_flashes, most=3)
    report.aim("live: flashes, on/off", live.switched_flashes, most=3)
    report.figure("live: onset F", live.onset_f)
    latencies = {
        "levels": measure(encoder, looks[DEFAULT]),
        "on/off": measure(encoder, looks[DEFAULT], switched=True),
    }
    for what, sounds in latencies.items():
        for sound, latency in sounds.items():
            report.aim(f"live latency, {what}, {sound}, median", latency.median, most=20, unit="ms")
            report.figure(f"live latency, {what}, {sound}, p95, ms", latency.p95)
    curve = evaluate(
        find_songs([Path(folder)], TUNED_ON),
        {f"{x:g}": of_look(encoder, replace(looks[DEFAULT], reluctance=x)) for x in RELUCTANCES},
        progress=lambda song, doing: print(f"{song.name}: reluctance {doing}", file=sys.stderr),
    ).means()
    name = encoder.manifest.name
    DOCUMENT.write_text(document(songs, means, result.scores[DEFAULT], latencies, curve, name))
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


def document(songs, means, default, latencies, curve, model: str) -> str:
    """The scorecard as a page."""
    from yulelight.show.look import LOOKS

    chosen = LOOKS[DEFAULT].reluctance
    from yulelight.lab.evaluation.table import markdown_legend, markdown_table

    rows = "\n".join(
        f"| {name} | {one.median:.0f} / {one.p95:.0f} | {state.median:.0f} / {state.p95:.0f} |"
        for (name, one), state in zip(latencies["levels"].items(), latencies["on/off"].values(), strict=True)
    )
    points = "\n".join(
        f"| {name} | {s.toggles:.1f} | {s.onset_f:.2f} | {s.sw_faith:.2f} | {s.sw_structure:.2f} | {s.sw_repeat:.2f} |"
        for name, s in curve.items()
    )
    return f"""# Scorecard

What Yulelight's shows are worth, beside other ways from music to eight lights. Written on {datetime.date.today()} by

    YULELIGHT_AUDIO=FOLDER scripts/bench show --json show.json

on the {len(songs)} songs whose role is `{ROLE}`: neither the encoder (`{model}`) nor a look was fitted to them. The
look `{DEFAULT}` is what a show has unless it is told otherwise. The baselines stand in
`service/yulelight/lab/evaluation/baselines/`; those without on/off states are on above half level. Rows named
`live` are the live path, which hears the song as a stream and knows nothing of what comes; they include its delay.

## Mean of all songs (flashes: the worst second of all)

{markdown_table(means)}

{markdown_legend()}

## `{DEFAULT}`, song by song

{markdown_table(default, "song")}

## Steadiness against meaning

`reluctance` is what a change of an on/off light costs against what it tells. Means of the songs with role
`{TUNED_ON}`, on which all numbers of a look were chosen:

| reluctance | toggles/s | onset F | faith, on/off | structure, on/off | repeat, on/off |
| ---: | ---: | ---: | ---: | ---: | ---: |
{points}

The looks have {chosen:g}: less tells no more, and more begins to cost. Choose a higher one for relays that are to last.

## Latency of the live path

By its algorithm alone, in milliseconds (median / 95th percentile): from the first sample of a sound to half of its
light, and to the first on/off light that comes on.

| sound | levels | on/off |
| --- | ---: | ---: |
{rows}
"""
