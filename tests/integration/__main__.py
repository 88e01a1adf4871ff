"""``python -m tests.integration``: pytest for the integration, in an environment with Home Assistant's test tools."""

import sys

import homeassistant  # noqa: F401  (before pytest's plugins: it replaces what some of them import)
from homeassistant.components import logger
from homeassistant.components.logger import helpers

# The newest test tools are a version behind Home Assistant and look for this where it was.
if not hasattr(logger, "_clear_logger_overwrites"):
    logger._clear_logger_overwrites = helpers._clear_logger_overwrites  # type: ignore[attr-defined]

import pytest

options = ["--confcutdir=tests/integration", "-o", "testpaths=tests/integration", "-p", "no:cacheprovider"]
sys.exit(pytest.main([*options, *sys.argv[1:]]))
