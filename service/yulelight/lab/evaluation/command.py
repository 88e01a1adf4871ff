"""`yulelight evaluate`: scores the songs and writes a table, JSON and HTML."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console

from yulelight.core import storage
from yulelight.core.errors import UsageError
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.evaluation.baselines import BASELINES, Baseline
from yulelight.lab.evaluation.controls import CONTROLS, Control
from yulelight.lab.evaluation.evaluate import Result, evaluate
from yulelight.lab.evaluation.latency import Latency, measure
from yulelight.lab.evaluation.songs import find_songs
from yulelight.lab.evaluation.systems import DEFAULT_LOOK, systems
from yulelight.lab.evaluation.table import figures, rich_tables
from yulelight.lab.progress import Steps
from yulelight.safety.limits import Limits
from yulelight.show.look import LOOKS, Look

T = TypeVar("T")


def run_evaluation(
    songs: Sequence[Path],
    *,
    model: str,
    models: Sequence[Path],
    looks: Sequence[str],
    baselines: Sequence[str],
    role: str | None,
    json_file: Path | None,
    html_file: Path | None,
    latency: bool,
    console: Console,
    live: bool = False,
    known: Mapping[str, Look] = LOOKS,
    limits: Limits | None = None,
    places: Sequence[float] = (),
) -> None:
    """Scores looks and baselines on ``songs`` and prints the table; raises YulelightError.

    ``known`` are the available looks, ``limits`` and ``places`` the safety limits and channel positions of the house.
    Progress and warnings go to standard error. Files are written only on success.
    """
    for file in (json_file, html_file):
        if file and not file.parent.is_dir():
            raise UsageError(f"there is no folder {file.parent}; make it, or choose another place")
    chosen = pick("look", looks or [DEFAULT_LOOK], known)
    compared = pick("baseline", baselines, dict[str, Baseline | Control]({**BASELINES, **CONTROLS}))
    found = find_songs(songs, role)
    encoder = load(find(model, models))
    errors = Console(stderr=True)
    report = None
    if html_file:
        from yulelight.lab.evaluation.report import Report  # draws, which takes a while to load

        report = Report(encoder)
    with Steps(errors) as steps:
        result = evaluate(
            found,
            systems(
                encoder,
                chosen,
                {name: BASELINES[name] for name in compared if name in BASELINES},
                controls={name: CONTROLS[name] for name in compared if name in CONTROLS},
                limits=limits,
                places=places,
                live=chosen if live else None,
            ),
            progress=lambda song, doing: steps.at(
                "song", found.index(song), len(found), f"{song.name}: {doing}"
            ),
            shown=report.add if report else lambda shown: None,
        )
        latencies = {}
        for count, (name, look) in enumerate(chosen.items() if latency else ()):
            steps.at("live latency", count, len(chosen), name)
            latencies[name] = measure(encoder, look)
    for problem in result.unread.values():
        errors.print(f"left out: {problem}", markup=False)
    count = len(found) - len(result.unread)
    text = json.dumps(as_json(result, latencies, model), indent=2, ensure_ascii=False)
    if str(json_file) == "-":
        print(text)  # noqa: T201
        return
    console.print(f"mean of {count} song{'s' * (count != 1)}; of flashes the worst second of all")
    console.print(*rich_tables(result.means(), console.width))
    for name, sounds in latencies.items():
        told = ", ".join(
            f"{sound} {one.median:.0f} ms (95 %: {one.p95:.0f})" for sound, one in sounds.items()
        )
        console.print(f"live latency, {name}: {told}")
    if json_file:
        storage.save(json_file, f"{text}\n".encode())
    if html_file and report:
        storage.save(html_file, report.html(result, latencies).encode())


def pick(kind: str, names: Iterable[str], known: Mapping[str, T]) -> dict[str, T]:
    """The ``known`` of these names; 'all' is all of them. Raises UsageError that lists the available names."""
    picked: dict[str, T] = {}
    for name in names:
        if name == "all":
            picked |= known
        elif name in known:
            picked[name] = known[name]
        else:
            raise UsageError(f"no {kind} is called '{name}'; there are: {', '.join(known)}, and all")
    return picked


def as_json(result: Result, latencies: Mapping[str, Mapping[str, Latency]], model: str) -> dict[str, Any]:
    """{model, systems: {name: {mean: {metric: number or null}, songs: {file: {metric: …}}}}, latency_ms, unread}."""
    return {
        "model": model,
        "systems": {
            system: {
                "mean": figures(average),
                "songs": {song: figures(one) for song, one in result.scores[system].items()},
            }
            for system, average in result.means().items()
        },
        "latency_ms": {
            look: {sound: asdict(one) for sound, one in sounds.items()} for look, sounds in latencies.items()
        },
        "unread": result.unread,
    }
