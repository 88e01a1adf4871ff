"""What every shipped encoder is worth on the songs kept for it, and how fast it is; writes docs/models.md."""

import datetime
import json
import os
import sys
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.aims import Report
from tests.benchmarks.songs import carol, one_core

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "models.md"
ROLE = "validate"
BEST = "glide"
"""The encoder that is to hold every figure; the default is the one whose show scores best."""
FRAMES = 4096


def run() -> Report:
    """Compares the models on the songs of YULELIGHT_AUDIO whose role is ROLE."""
    from yulelight.encoder.catalogue import bundled
    from yulelight.lab.evaluation.models_command import NAMES, cells, compare
    from yulelight.lab.evaluation.songs import find_songs
    from yulelight.lab.training.cards import keep, refresh

    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        sys.exit(
            "models: set YULELIGHT_AUDIO to a folder of music with a manifest.csv (columns file and role)"
        )
    songs = find_songs([Path(folder)], ROLE)
    compared = compare(songs, progress=lambda song: print(song, file=sys.stderr))
    means = compared.means()
    report = Report("models")
    best = means[BEST]
    report.aim(f"{BEST}: explained variance", best.explained_variance, least=0.842)
    report.aim(f"{BEST}: onset F", best.onset_f, least=0.85)
    report.aim(f"{BEST}: beat gain", best.beat_gain, least=0.15)
    report.aim(f"{BEST}: structure", best.structure, least=0.66)
    report.aim(f"{BEST}: correlation", best.correlation, most=0.28)
    report.aim(f"{BEST}: effective rank", best.rank, least=4.5)
    report.aim(f"{BEST}: vocal AUC", best.vocal_auc, least=0.88)
    speeds = speed()
    for name, (single, batched) in speeds.items():
        most = {"dense": 25, compared.default: 60, BEST: 60}.get(name)
        if most:
            report.aim(f"{name}: a frame at batch 1", single, most=most, unit="µs")
            report.aim(f"{name}: a frame in batches", batched, most=3, unit="µs")
    head = f"| {{}} | {' | '.join(NAMES.values())} |\n|---|{'---:|' * len(NAMES)}"
    rows = [
        f"| {'**' + name + '** (default)' if name == compared.default else name} | {' | '.join(cells(one))} |"
        for name, one in means.items()
    ]
    each = [
        f"### {name}\n\n{head.format('song')}\n"
        + "\n".join(f"| {song} | {' | '.join(cells(one))} |" for song, one in compared.models[name].items())
        for name in means
    ]
    keep(bundled(), compared.as_json())
    refresh(bundled())
    timed = [
        f"| {name} | {single:.0f} | {batched:.1f} | {5 * single:.0f} to {10 * single:.0f} "
        f"| {single / 11.61:.1f} % |"
        for name, (single, batched) in speeds.items()
    ]
    DOCUMENT.write_text(
        TEXT.format(
            date=datetime.date.today(),
            count=len(songs),
            table="\n".join([head.format("model"), *rows]),
            each="\n\n".join(each),
            stability=stability(bundled() / "stability.json"),
            timed="\n".join(
                [
                    "| model | one frame, µs | in batches, µs a frame | Pi 4, estimate, µs | share of its time |",
                    "|---|---:|---:|---:|---:|",
                    *timed,
                ]
            ),
        )
    )
    return report


def stability(file: Path) -> str:
    """The table of what scripts/stability.py found."""
    found = json.loads(file.read_text(encoding="utf-8"))
    rows = [
        f"| {name} | {one['varied']} | {one['matched']:.2f} | {one['flips']} of {one['pairs']} "
        f"| {one['same']} of {one['pairs']} |"
        for name, one in sorted(found.items())
    ]
    head = "| model | varied | matched channels, abs. r | sign flips | on the same output |"
    return "\n".join([head, "|---|---|---:|---:|---:|", *rows])


def speed() -> dict[str, tuple[float, float]]:
    """Microseconds a frame of each model on one thread: alone (median), and FRAMES in batches as a song is encoded
    (best of nine).
    """
    from yulelight.dsp.spectrum import magnitudes
    from yulelight.encoder.catalogue import bundled, known
    from yulelight.encoder.model import CHUNK, load

    one_core()
    frames = magnitudes(carol(FRAMES * 512 / 44100 + 1).mean(1).astype(np.float32))[:FRAMES]
    timed = {}
    for name, path in sorted(known().items()):
        if path.parent != bundled():
            continue
        encoder = load(path)
        state = encoder.zeros()
        single, whole = [], []
        for frame in range(2000):
            start = time.perf_counter()
            _, _, state = encoder.run(frames[frame : frame + 1], state)
            single.append(time.perf_counter() - start)
        for _ in range(9):
            state = encoder.zeros()
            start = time.perf_counter()
            for first in range(0, FRAMES, CHUNK):
                _, _, state = encoder.run(frames[first : first + CHUNK], state)
            whole.append((time.perf_counter() - start) / FRAMES)
        timed[name] = (1e6 * float(np.median(single[100:])), 1e6 * min(whole))
    return timed


TEXT = """# Encoders

Every encoder that comes with Yulelight, on the {count} songs whose role is `validate`, which none of them was trained
or tuned on. Written on {date} by

    YULELIGHT_AUDIO=FOLDER scripts/bench models --json models.json

`bands` and `pca` are controls. The same for your own songs: `yulelight evaluate SONG… --models [--json]`.

## Mean of all songs

{table}

- **explained variance** of the mel spectrum in (dB + 80) / 80, silent ends left out, against the mean of the training
  songs, by one kind of linear decoder, fitted to each model, that sees the levels of three frames and their roots. The
  networks' own decoders are not linear and would rebuild more.
- **onset F**: moments at which the levels rise most against the song's onsets (librosa), within 70 ms.
- **beat gain**: how much nearer those moments are to the beats than the same moments shifted in a circle.
- **structure**: rank correlation of how seconds differ in levels and in timbre and harmony.
- **correlation**: mean absolute correlation of two channels. **rank**: participation ratio of the levels, 1 to 8.
- **vocal AUC**: a logistic regression on the eight levels, learnt on other ten-second blocks of the song, tells
  singing. Only songs with a .vocals.csv beside them: one of these.
- **voice head AUC**, **voice head r**: of a model with a voice head ([voices.md](voices.md)), how well its answer tells
  sung phrases from the rest, and its correlation with them. The same song.

## Trained again

`python scripts/stability.py FOLDER` trains each again: networks from other seeds, the others on random halves of the
training songs, and matches the channels of any two runs by their levels on the songs above. A flip is a channel that is
bright where its match is dark. The weights that are shipped are pinned, so it never happens to a user.

{stability}

## Speed

One x86 thread, onnxruntime, without the spectrum. A Raspberry Pi 4 is five to ten times slower by rule of thumb, which
is estimated, not measured; a frame comes every 11,610 µs.

{timed}

## Song by song

{each}
"""
