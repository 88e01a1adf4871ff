"""`scripts/bench NAME [--json FILE]`."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

# Before numpy is loaded: figures are per core.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

from tests.benchmarks import footprint, frame, latency, render, show  # noqa: E402
from tests.benchmarks.aims import Report  # noqa: E402

BENCHMARKS: dict[str, Callable[[], Report]] = {
    "render": render.run,
    "frame": frame.run,
    "latency": latency.run,
    "footprint": footprint.run,
    "show": show.run,
}


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
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures and aims there, too")
    chosen = parser.parse_args()
    report = BENCHMARKS[chosen.name]()
    print("\n".join(report.lines()))
    if chosen.json:
        report.write(chosen.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
