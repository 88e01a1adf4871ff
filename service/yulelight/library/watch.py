"""Watches folders for changes, and for folders that appear or disappear."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import Change, awatch

log = logging.getLogger(__name__)

POLL_INTERVAL = 5.0
"""Seconds between two checks whether the folders exist."""
RESCAN_INTERVAL = 900.0
"""Seconds after which a change is assumed, because network drives send no notifications."""
SKIPPED_POLLS = 6
"""Polls that are skipped after a change could not be reported."""
DEBOUNCE_MS = 1600
"""Milliseconds within which successive changes are merged."""

Identity = tuple[int, int] | None


async def watch(folders: Sequence[Path], changed: Callable[[], object], look: float = POLL_INTERVAL) -> None:
    """Calls ``changed`` after every change below ``folders``, until cancelled. Folders may appear later."""
    there = await asyncio.to_thread(_identities, folders)
    while True:
        present = [folder for folder, identity in there.items() if identity]
        try:
            await (_follow(present, there, changed, look) if present else _wait(there, look))
        except ExceptionGroup as error:
            # A file with a non-Unicode name was changed or just read: awatch cannot report it.
            log.debug("a change cannot be reported: %s", error.exceptions)
            await asyncio.sleep(SKIPPED_POLLS * look)
        except (OSError, RuntimeError) as error:
            log.warning("changes are only detected every %d minutes: %s", RESCAN_INTERVAL // 60, error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RESCAN_INTERVAL):
                    await _wait(there, look)
        # Updated before the callback, so that changes during the callback are noticed afterwards.
        there = await asyncio.to_thread(_identities, folders)
        changed()


async def _follow(
    present: list[Path], there: dict[Path, Identity], changed: Callable[[], object], look: float
) -> None:
    """Follows changes until a folder appears, disappears or is replaced, or until the next rescan is due."""
    begun = asyncio.get_running_loop().time()
    changes = awatch(
        *present,
        watch_filter=_matters,
        debounce=DEBOUNCE_MS,
        rust_timeout=round(look * 1000),
        yield_on_timeout=True,
    )
    async with contextlib.aclosing(changes):
        async for found in changes:
            if found:
                changed()
            over = asyncio.get_running_loop().time() - begun >= RESCAN_INTERVAL
            if over or await asyncio.to_thread(_identities, list(there)) != there:
                return


async def _wait(there: dict[Path, Identity], look: float) -> None:
    # There is no notification for a folder that appears; it has to be polled.
    while await asyncio.to_thread(_identities, list(there)) == there:  # noqa: ASYNC110
        await asyncio.sleep(look)


def _matters(change: Change, path: str) -> bool:
    return not Path(path).name.startswith(".")


def _identities(folders: Sequence[Path]) -> dict[Path, Identity]:
    """The identity (device and inode) of the folder at each path."""
    found: dict[Path, Identity] = {}
    for folder in folders:
        try:
            status = folder.stat()
            found[folder] = (status.st_dev, status.st_ino)
        except OSError:
            found[folder] = None
    return found
