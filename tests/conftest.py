"""Fixtures for every test."""

import os
from pathlib import Path

import pytest

collect_ignore = ["integration"]
"""Needs Home Assistant's own test tools: ``python -m tests.integration``."""


@pytest.fixture(scope="session")
def real_audio() -> Path:
    """A folder of real music, named by the environment variable YULELIGHT_AUDIO."""
    folder = os.environ.get("YULELIGHT_AUDIO")
    if not folder:
        pytest.skip("YULELIGHT_AUDIO names no folder of real music")
    return Path(folder)
