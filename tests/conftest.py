"""Fixtures for every test."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The machine may stall for seconds. Here, as it has to come before any test is imported.
settings.register_profile("no_deadline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fewer", settings.get_profile("no_deadline"), max_examples=25)
settings.load_profile("no_deadline")

HERE = Path(__file__).parent
ALONE = (
    *("app", "e2e", "faults", "node", "service"),
    *("api/test_library.py", "commands/test_library.py", "library/test_librarian.py"),
    *("mqtt/devices/test_output.py", "outputs/test_switch.py", "player/test_live_input.py"),
)
"""Tests that keep times, own a well-known port, or wait for what runs only while nothing else wants to."""

collect_ignore = ["integration"]
"""Needs Home Assistant's own test tools: ``python -m tests.integration``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks tests by what they need.

    A browser, Home Assistant and the moments of a dozen processes on a shared machine are not ours alone: such a test
    may fail once, and pytest's summary counts it as "rerun".
    """
    for item in items:
        if item.path.relative_to(HERE).as_posix().startswith(ALONE):
            item.add_marker(pytest.mark.alone)
        if any(item.get_closest_marker(marker) for marker in ("home_assistant", "browser", "alone")):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def real_audio() -> Path:
    """A folder of real music, named by the environment variable YULELIGHT_AUDIO."""
    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        pytest.skip("YULELIGHT_AUDIO names no folder of real music")
    return Path(folder)
