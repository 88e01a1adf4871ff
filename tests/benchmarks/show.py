"""What every look's show is worth beside every baseline's, on the songs kept for it; writes docs/scorecard.md."""

import datetime
import math
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.aims import Report
from tests.benchmarks.live import kept

if TYPE_CHECKING:
    from yulelight.lab.evaluation.latency import Latency
    from yulelight.lab.evaluation.scorecard import Score

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "scorecard.md"
DEFAULT = "lively"
"""The look that has to reach every aim; the others have to be safe."""
ROLE = "validate"
TUNED_ON = "train"
VIVID, SWELL = (0.0, 0.4, 0.8, 1.4), (0.2, 0.4)
"""Numbers of the default look by which two aims are played off against each other."""
EVERY = 12
"""Of the songs that looks were chosen on, so many are left out between two of which the curve is made."""


def run() -> Report:
    """Evaluates all systems on the songs of YULELIGHT_AUDIO whose role is ROLE."""
    from yulelight.app.settings import Settings
    from yulelight.encoder.catalogue import find
    from yulelight.encoder.model import load
    from yulelight.lab.evaluation.baselines import BASELINES
    from yulelight.lab.evaluation.controls import CONTROLS
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
        systems(
            encoder,
            looks,
            BASELINES,
            controls=CONTROLS,
            live={DEFAULT: looks[DEFAULT], "classic": looks["classic"]},
        ),
        progress=lambda song, doing: print(f"{song.name}: {doing}", file=sys.stderr),
    )
    report = Report("show")
    means = result.means()
    aims(report, means[DEFAULT])
    for name in CONTROLS:
        report.aim(f"{name}: cross, levels", means[name].cross, most=0.10)
        report.aim(f"{name}: cross, on/off", means[name].sw_cross, most=0.10)
    for name in looks:
        if name != DEFAULT:
            report.aim(f"{name}: flashes, levels", means[name].light_flashes, most=3)
            report.aim(f"{name}: flashes, on/off", means[name].switched_flashes, most=3)
    live = means[f"{DEFAULT}, live"]
    report.aim("live: flashes, levels", live.light_flashes, most=3)
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
    curves = evaluate(
        find_songs([Path(folder)], TUNED_ON)[::EVERY],
        {f"vivid {x:g}": of_look(encoder, replace(looks[DEFAULT], vivid=x)) for x in VIVID}
        | {f"swell {x:g}": of_look(encoder, replace(looks[DEFAULT], swell=x)) for x in SWELL},
        progress=lambda song, doing: print(f"{song.name}: {doing}", file=sys.stderr),
    ).means()
    name = encoder.manifest.name
    DOCUMENT.write_text(document(songs, means, result.scores[DEFAULT], latencies, curves, name))
    return report


def aims(report: Report, score: "Score") -> None:
    """What the default look has to reach, as the mean of all songs; of flashes the worst second."""
    aim = report.aim
    aim("cross, levels", score.cross, least=0.74)
    aim("cross, on/off", score.sw_cross, least=0.50)
    if not math.isnan(score.voice):
        aim("voice, levels", score.voice, least=0.75)
        aim("voice, on/off", score.sw_voice, least=0.65)
    aim("share of time on, at least", score.on, least=0.22)
    aim("share of time on, at most", score.on, most=0.40)
    aim("dark", score.dark, least=0.45)
    aim("contrast", score.contrast, least=0.45)
    aim("rests a minute", score.rests, least=2)
    aim("frozen", score.frozen, most=0.06)
    aim("still", score.still, most=0.01)
    aim("longest pause", score.pause, most=3.5, unit="s")
    aim("climax", score.climax, least=1.10)
    aim("span", score.span, least=0.18)
    aim("moments", score.moments, least=0.75)
    aim("faith, levels", score.faith, least=0.72)
    aim("faith, on/off", score.sw_faith, least=0.55)
    aim("structure, levels", score.structure, least=0.60)
    aim("structure, on/off", score.sw_structure, least=0.42)
    aim("repeat, levels", score.repeat, least=0.90)
    aim("repeat, on/off", score.sw_repeat, least=0.84)
    aim("onset F", score.onset_f, least=0.87)
    aim("beat recall", score.beat_recall, least=0.93)
    aim("dead + stuck channels", score.dead + score.stuck, most=0)
    aim("correlation of channels", score.correlation, most=0.30)
    aim("toggles a second and channel, at least", score.toggles, least=0.9)
    aim("toggles a second and channel, at most", score.toggles, most=2.2)
    aim("pulses under 100 ms, share", score.short_pulses, most=0)
    aim("lag, not before", score.lag_ms, least=-20, unit="ms")
    aim("lag, not after", score.lag_ms, most=10, unit="ms")
    aim("flashes of the house, levels", score.light_flashes, most=3)
    aim("flashes of the house, on/off", score.switched_flashes, most=3)
    aim("flashes of a channel, levels", score.channel_light_flashes, most=3)
    aim("flashes of a channel, on/off", score.switched_channel_flashes, most=3)


def document(
    songs: Sequence[Path],
    means: Mapping[str, "Score"],
    default: Mapping[str, "Score"],
    latencies: Mapping[str, Mapping[str, "Latency"]],
    curves: Mapping[str, "Score"],
    model: str,
) -> str:
    """The scorecard as a page."""
    from yulelight.show.look import LOOKS

    chosen = LOOKS[DEFAULT]
    from yulelight.lab.evaluation.table import markdown_legend, markdown_table

    rows = "\n".join(
        f"| {name} | {one.median:.0f} / {one.p95:.0f} | {state.median:.0f} / {state.p95:.0f} |"
        for (name, one), state in zip(latencies["levels"].items(), latencies["on/off"].values(), strict=True)
    )
    points = "\n".join(
        f"| {name} | {s.contrast:.2f} | {s.dark:.2f} | {s.span:.2f} | {s.cross:.2f} | {s.faith:.2f} "
        f"| {s.structure:.2f} |"
        for name, s in curves.items()
    )
    judged = Report("show")
    aims(judged, means[DEFAULT])
    reached = "\n".join(judged.markdown().splitlines()[2:])
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

## `{DEFAULT}` against its aims

What people who sequence by hand do is where most of the aims come from: darkness is their ground, something always
moves, all is dark for a moment where the music rests.

{reached}

Where an aim is missed, two of them fight. More `cross` and `faith` want every level to follow the music as it is, half
up most of the time and as fast as it is; more `contrast` and `dark` want it at one end or the other, and the flash
limit lets no light swing more than three times a second. What each costs, and what else was tried:
[findings.md](findings.md). The voice is what the head of the model hears; with a separator, which is not part of this
table, its light is better ([voices.md](voices.md)).

## What the figures do not see

- Whether it is beautiful. Nobody was asked; all figures compare lights with sound.
- Colour, and where in the house a light hangs: eight equal lamps in a row would score the same.
- Whether a phrase of lights is one that people recognise: `repeat` compares whole seconds.
- A good joke, a surprise, the moment before a drop: rests and sections stand for them, and only roughly.
- The words, and what a song is about.
- `cross` reads linearly. People do not; and they read a light that is always dark until something happens better than
  one that is half up, which `cross` does not know.
- Six songs, one of them with singing. A difference under .02 means little.

## `{DEFAULT}`, song by song

{markdown_table(default, "song")}

## Contrast and dynamics against meaning

`vivid` is how far a level is moved away from its own mean of four seconds, `swell` how many dB it grows with each dB of
loudness over seconds. Means of every twelfth of the songs with role `{TUNED_ON}`, from which all numbers were learnt
or chosen:

| | contrast | dark | span | cross | faith | structure |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{points}

`{DEFAULT}` has {chosen.vivid:g} and {chosen.swell:g}: its contrast is learnt with what it tells
(`lab/training/sparse.py`, `show/telling.py`), which costs less.

{kept(DOCUMENT.read_text())}## Latency of the live path

By its algorithm alone, in milliseconds (median / 95th percentile): from the first sample of a sound to half of its
light, and to the first on/off light that comes on.

| sound | levels | on/off |
| --- | ---: | ---: |
{rows}
"""
