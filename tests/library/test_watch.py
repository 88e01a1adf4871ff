"""Changes in folders are noticed, whatever the names in them are and wherever the folders come from."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from yulelight.library.watch import watch


@asynccontextmanager
async def watched(*folders: Path) -> AsyncIterator[asyncio.Event]:
    """An event that is set by every change."""
    changed = asyncio.Event()
    task = asyncio.create_task(watch(folders, changed.set, look=0.05))
    try:
        yield changed
        assert not task.done()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def noticed(changed: asyncio.Event) -> None:
    async with asyncio.timeout(60):
        await changed.wait()
    changed.clear()


async def test_a_folder_comes_and_goes(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    async with watched(stick) as changed:
        await asyncio.sleep(0.2)
        assert not changed.is_set()
        stick.mkdir()
        await noticed(changed)
        stick.rmdir()
        await noticed(changed)


@pytest.mark.skipif(sys.platform != "linux", reason="only there are names mere bytes")
async def test_a_name_that_is_no_unicode_ends_nothing(tmp_path: Path) -> None:
    name = Path(os.fsdecode(os.fsencode(tmp_path) + b"/latin\xe9.ogg"))
    async with watched(tmp_path) as changed:
        for text in "abc":
            await asyncio.sleep(0.5)
            name.write_text(text)
            await noticed(changed)
