"""Asks whether tests would notice: changes one small thing of a package, runs its tests, and again with the next.

    scripts/mutate [PACKAGE…] [--every LINES] [--seed N] [--jobs N] [--json FILE] [--again FILE]

A sample, drawn by a seed: one mutant for so many lines of each file. Every mutant meets the tests of its own
package that run the changed line. Works in copies of the tree, which are removed; changes nothing here.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutants import Mutant, mutants
from trial import Lines, judge, learn

ROOT = Path(__file__).parents[2]
PACKAGES = ("safety", "show", "player", "schedule")
PATIENCE = (30.0, 6.0)
"""Seconds for a mutant's tests, and so many times what they took without it."""


UNNOTICED = ("survived", "not run")


@dataclass(frozen=True, slots=True)
class Case:
    """A mutant of ``file`` (relative to the package's parent), and the tests that it meets, the fastest first."""

    package: str
    file: str
    mutant: Mutant
    tests: list[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """``how``: "killed", "survived", "timeout", or "not run" where no test runs the line."""

    case: Case
    how: str
    change: str


def copied(into: Path) -> Path:
    """A copy of what git knows of the tree, but the frontend, with what is changed and not committed."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if not name.startswith("frontend/") and (ROOT / name).exists():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, into / name)
    return into


def cases(copy: Path, package: str, every: int, seed: int, again: set[str] | None) -> list[Case]:
    """The sample of a package; with ``again``, the mutants that are shown so.

    Raises SystemExit when the tests of the package cannot be run.
    """
    notes = copy / "notes.json"
    pid = learn(copy, package, notes)
    try:
        os.waitpid(pid, 0)
    finally:
        _end(pid)
    if not notes.exists():
        sys.exit(f"mutate: the tests of {package} do not run:\n{(copy / 'output').read_text()[-3000:]}")
    learned = json.loads(notes.read_text())
    notes.unlink()
    for test in learned["failed"]:
        print(f"left out, as it fails as it is: {test}", flush=True)
    seconds = {test: time for test, time in learned["seconds"].items() if test not in learned["failed"]}
    lines: Lines = learned["lines"]
    found = []
    for path in sorted((copy / "service" / "yulelight" / package).rglob("*.py")):
        source, file = path.read_text(), str(path.relative_to(copy / "service" / "yulelight"))
        all_of_it = mutants(source)
        if again is None:
            count = min(len(all_of_it), -(-len(source.splitlines()) // every))
            sample = random.Random(f"{seed} {file}").sample(all_of_it, count)
        else:
            sample = [mutant for mutant in all_of_it if mutant.shown(source) in again]
        for mutant in sorted(sample, key=lambda mutant: mutant.line):
            tests = lines.get(file, {}).get(str(mutant.line))
            tests = seconds if tests == [] else [test for test in tests or () if test in seconds]
            tests = sorted(tests, key=lambda test: seconds[test])
            found.append(Case(package, file, mutant, tests, sum(seconds[test] for test in tests)))
    return found


def outcomes(wanted: list[Case], copies: list[Path]) -> Iterator[Outcome]:
    """How each of them ends, as they end; one at a time in each copy."""
    free, left = list(copies), list(reversed(wanted))
    busy: dict[Path, tuple[Case, Path, str, int, float]] = {}
    try:
        while left or busy:
            while left and free:
                case, copy = left.pop(), free.pop()
                path = copy / "service" / "yulelight" / case.file
                source = path.read_text()
                path.write_text(case.mutant.apply(source))
                patience = PATIENCE[0] + PATIENCE[1] * case.seconds
                pid = judge(copy, case.tests) if case.tests else 0
                busy[copy] = (case, path, source, pid, time.monotonic() + patience)
            for copy, (case, path, source, pid, until) in list(busy.items()):
                how = _how(pid, until) if case.tests else "not run"
                if how:
                    path.write_text(source)
                    del busy[copy]
                    free.append(copy)
                    yield Outcome(case, how, case.mutant.shown(source))
            time.sleep(0.02)
    finally:
        for *_, pid, _ in busy.values():
            if pid:
                _end(pid)


def _how(pid: int, until: float) -> str:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        _end(pid)
        return "survived" if status == 0 else "killed"
    if time.monotonic() < until:
        return ""
    _end(pid)
    os.waitpid(pid, 0)
    return "timeout"


def _end(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("packages", nargs="*", default=PACKAGES, metavar="PACKAGE")
    options.add_argument(
        "--every", type=int, default=10, metavar="LINES", help="a mutant for so many lines (10)"
    )
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("--json", type=Path, metavar="FILE")
    options.add_argument(
        "--again", type=Path, metavar="FILE", help="only what no test noticed in FILE of --json"
    )
    asked = options.parse_args()
    again = None
    if asked.again:
        again = {each["change"] for each in json.loads(asked.again.read_text()) if each["how"] in UNNOTICED}
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("mutate: ended"))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    with tempfile.TemporaryDirectory(prefix="yulelight-mutate-") as folder:
        copies = [copied(Path(folder, str(number))) for number in range(asked.jobs)]
        every = []
        for package in asked.packages:
            wanted = cases(copies[0], package, asked.every, asked.seed, again)
            print(f"{package}: {len(wanted)} mutants", flush=True)
            for outcome in outcomes(wanted, copies):
                every.append(outcome)
                if outcome.how != "killed":
                    case = outcome.case
                    print(f"{outcome.how}: {case.file}:{case.mutant.line}: {outcome.change}", flush=True)
                if asked.json:
                    asked.json.write_text(json.dumps([_plain(outcome) for outcome in every], indent=1))
    print("\n| package | mutants | killed | timeouts | survived | in no test |\n|---|---|---|---|---|---|")
    for package in asked.packages:
        count = Counter(outcome.how for outcome in every if outcome.case.package == package)
        print(
            f"| {package} | {count.total()} | {count['killed']} | {count['timeout']} | {count['survived']} "
            f"| {count['not run']} |"
        )


def _plain(outcome: Outcome) -> dict[str, object]:
    case = outcome.case
    return {
        "package": case.package,
        "file": case.file,
        "line": case.mutant.line,
        "how": outcome.how,
        "change": outcome.change,
        "tests": len(case.tests),
    }


if __name__ == "__main__":
    main()
