"""`scripts/bench NAME [--json FILE]`."""

import argparse
import datetime
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

# Before numpy is loaded: figures are per core.
for threads in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{threads}_NUM_THREADS"] = "1"

from tests.benchmarks import (  # noqa: E402
    alone,
    card,
    collection,
    evening,
    faults,
    footprint,
    frame,
    growth,
    home_assistant,
    inputs,
    latency,
    library,
    live,
    models,
    node,
    outputs,
    page,
    render,
    safety,
    show,
    stalls,
)
from tests.benchmarks.aims import Report  # noqa: E402

BENCHMARKS: dict[str, Callable[[], Report]] = {
    "render": render.run,
    "frame": frame.run,
    "latency": latency.run,
    "footprint": footprint.run,
    "models": models.run,
    "show": show.run,
    "hass": home_assistant.run,
    "node": node.run,
    "library": library.run,
    "live": live.run,
    "card": card.run,
    "page": page.run,
    "stalls": stalls.run,
    "safety": safety.run,
    "faults": faults.run,
    "alone": alone.run,
    "outputs": outputs.run,
    "inputs": inputs.run,
    "growth": growth.run,
    "collection": collection.run,
    "evening": evening.run,
}


def updated(page: Path, report: Report, about: str) -> str:
    """The page's text with the report's section made anew, or added."""
    text = page.read_text() if page.exists() else ""
    head, *sections = text.split("\n## ")
    kept = [section for section in sections if section.splitlines()[0] != report.name]
    title, _, rest = report.markdown().partition("\n")
    made = f"`scripts/bench {report.name}` on {datetime.date.today()}, {os.cpu_count()} cores of {machine()}."
    new = f"{title.removeprefix('## ')}\n\n{about}\n\n{made}\n{rest}"
    return "\n## ".join(
        [head.rstrip() + "\n", *(section.rstrip() + "\n" for section in kept), new.rstrip() + "\n"]
    )


def machine() -> str:
    """The processor's name."""
    info = Path("/proc/cpuinfo")
    names = (
        [
            line.split(":")[1].strip()
            for line in info.read_text().splitlines()
            if line.startswith("model name")
        ]
        if info.exists()
        else []
    )
    return names[0] if names else platform.processor()


def main() -> int:
    """Exit status 0 also when an aim is missed: the report says so."""
    described = "\n".join(
        f"  {name:<10} {(sys.modules[run.__module__].__doc__ or '').splitlines()[0]}"
        for name, run in BENCHMARKS.items()
    )
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description=f"benchmarks:\n{described}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="put the figures into that page, too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures and aims there, too")
    chosen = parser.parse_args()
    report_of = BENCHMARKS[chosen.name]
    report = report_of()
    print("\n".join(report.lines()))
    if chosen.json:
        report.write(chosen.json)
    if chosen.markdown:
        chosen.markdown.write_text(
            updated(chosen.markdown, report, (sys.modules[report_of.__module__].__doc__ or "").strip())
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
