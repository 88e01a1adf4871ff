"""Fixtures for every test."""

import os
from pathlib import Path

import pytest

collect_ignore = ["integration"]
"""Needs Home Assistant's own test tools: ``python -m tests.integration``."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser and Home Assistant hold what is not ours: such a test may fail once, and the summary says so."""
    for item in items:
        if item.get_closest_marker("home_assistant"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def real_audio() -> Path:
    """A folder of real music, named by the environment variable YULELIGHT_AUDIO."""
    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        pytest.skip("YULELIGHT_AUDIO names no folder of real music")
    return Path(folder)
