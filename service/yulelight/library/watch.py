"""Tells when something in folders changes, and when a folder comes or goes."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from watchfiles import Change, awatch

log = logging.getLogger(__name__)

POLL_INTERVAL = 5.0
"""Seconds between two looks at whether the folders are still there, or there at last."""
RESCAN_INTERVAL = 900.0
"""Seconds after which something is taken to have changed: folders of another machine do not tell."""
SKIPPED_POLLS = 6
"""Looks that are left out when a change cannot be told."""
DEBOUNCE_MS = 1600
"""Milliseconds in which changes that follow one another count as one."""

Identity = tuple[int, int] | None


async def watch(folders: Sequence[Path], changed: Callable[[], object], look: float = POLL_INTERVAL) -> None:
    """Calls ``changed`` after every change below ``folders``, until it is cancelled. Folders may come later."""
    there = await asyncio.to_thread(_identities, folders)
    while True:
        present = [folder for folder, identity in there.items() if identity]
        try:
            await (_follow(present, there, changed, look) if present else _wait(there, look))
        except ExceptionGroup as error:
            # A file whose name is no Unicode was changed, or just read: awatch cannot say so.
            log.debug("a change cannot be told: %s", error.exceptions)
            await asyncio.sleep(SKIPPED_POLLS * look)
        except (OSError, RuntimeError) as error:
            log.warning("changes are only seen every %d minutes: %s", RESCAN_INTERVAL // 60, error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(RESCAN_INTERVAL):
                    await _wait(there, look)
        # Before it is told: what comes or goes while others look at the news is news again.
        there = await asyncio.to_thread(_identities, folders)
        changed()


async def _follow(
    present: list[Path], there: dict[Path, Identity], changed: Callable[[], object], look: float
) -> None:
    """Until a folder comes, goes or is replaced by another, or it is time to look by ourselves."""
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
    # Nothing tells that a folder came; it has to be looked for.
    while await asyncio.to_thread(_identities, list(there)) == there:  # noqa: ASYNC110
        await asyncio.sleep(look)


def _matters(change: Change, path: str) -> bool:
    return not Path(path).name.startswith(".")


def _identities(folders: Sequence[Path]) -> dict[Path, Identity]:
    """Which folder it is that lies at each path."""
    found: dict[Path, Identity] = {}
    for folder in folders:
        try:
            status = folder.stat()
            found[folder] = (status.st_dev, status.st_ino)
        except OSError:
            found[folder] = None
    return found
