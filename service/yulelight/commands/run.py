"""Runs commands: errors are shown as one line on standard error with an exit status, never as a traceback."""

import asyncio
import logging
import os
from collections.abc import Coroutine
from typing import Any

import typer

from yulelight.core.errors import YulelightError
from yulelight.core.throttle import RepeatFilter


def run(work: Coroutine[Any, Any, Any], *, quiet: bool = False) -> Any:
    """Runs ``work`` in an event loop, with a log on standard error; ``quiet``: warnings only. See ``guard``."""
    verbose = "YULELIGHT_VERBOSE" in os.environ
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)-7s %(message)s", datefmt="%H:%M:%S"
    )
    logging.getLogger("yulelight").setLevel(level)
    if not verbose:
        for handler in logging.getLogger().handlers:
            handler.addFilter(RepeatFilter())
    return guard(lambda: asyncio.run(work))


def guard(work: Any) -> Any:
    """Runs ``work``; a YulelightError becomes one line and its exit status, Ctrl-C status 130."""
    try:
        return work()
    except YulelightError as error:
        if "YULELIGHT_VERBOSE" in os.environ:
            raise
        typer.echo(f"yulelight: {error}", err=True)
        raise typer.Exit(error.exit_status) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
