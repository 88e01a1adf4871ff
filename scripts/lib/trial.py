"""Tests of one package in a process of their own: which lines each of them runs, and whether they notice a mutant."""

import importlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import Phase, settings

for _module in (
    "numpy",
    "aiohttp",
    "av",
    "pydantic",
    "onnxruntime",
    "ical.calendar",
    "dateutil.rrule",
    "aiomqtt",
):
    importlib.import_module(_module)  # once, not in every fork

Lines = dict[str, dict[int, list[str]]]
"""By file (relative) and line, the tests that run it; none for a line that is run by an import."""


class Watch:
    """Notes which lines each test runs, for how long it does (seconds), and which of them fail."""

    def __init__(self, source: Path) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self._source = source
        self._coverage = Coverage(data_file=None, source=[str(source)], config_file=False)
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        begun = time.perf_counter()
        self._coverage.switch_context(item.nodeid)
        done = yield
        self._coverage.switch_context("")
        self.seconds[item.nodeid] = time.perf_counter() - begun
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def lines(self) -> Lines:
        self._coverage.stop()
        data = self._coverage.get_data()
        found: Lines = defaultdict(dict)
        for file in data.measured_files():
            name = str(Path(file).relative_to(self._source.parent))
            for line, tests in data.contexts_by_lineno(file).items():
                found[name][line] = [] if "" in tests else sorted(tests)
        return found


class Chosen:
    """Runs only ``tests``, the fastest first. A test that fails is not asked for its simplest example."""

    def __init__(self, tests: list[str]) -> None:
        self._order = {test: place for place, test in enumerate(tests)}

    def pytest_sessionstart(self) -> None:
        quick = settings(settings(), phases=[Phase.explicit, Phase.generate], database=None)
        settings.register_profile("quick", quick)
        settings.load_profile("quick")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._order), key=lambda item: self._order[item.nodeid]
        )


def learn(copy: Path, package: str, into: Path) -> int:
    """In a child: passes all tests of ``package`` once, and writes what they run. Returns the process id."""

    def work() -> int:
        watch = Watch(copy / "service" / "yulelight" / package)
        status = pytest.main(
            [f"tests/{package}", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0"], [watch]
        )
        into.write_text(
            json.dumps({"seconds": watch.seconds, "lines": watch.lines(), "failed": sorted(watch.failed)})
        )
        return status

    return _child(copy, work)


def judge(copy: Path, tests: list[str]) -> int:
    """In a child: whether ``tests`` pass (exit status 0) in ``copy``. Returns the process id."""

    def work() -> int:
        files = list(dict.fromkeys(test.split("::")[0] for test in tests))
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:rerunfailures", "--hypothesis-seed=0"]
        return pytest.main([*files, *options], [Chosen(tests)])

    return _child(copy, work)


def _child(copy: Path, work: Callable[[], int]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        os.setsid()
        os.chdir(copy)
        nothing = os.open(copy / "output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.environ["PYTHONPATH"] = str(copy / "service")
        sys.path.insert(0, str(copy / "service"))
        status = int(work())
    finally:
        os._exit(status)
