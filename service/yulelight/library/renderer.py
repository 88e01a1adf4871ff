"""Controls a rendering worker (yulelight.library.worker)."""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from yulelight.core.errors import AudioError, YulelightError
from yulelight.core.threads import LIMITS
from yulelight.library.worker import FOREGROUND, Job

TIMEOUT = 180.0
"""Seconds without output after which a worker counts as stuck. A slow machine needs some while a show is playing."""


class WorkerLostError(YulelightError):
    """The worker crashed or got stuck on a song."""


class Renderer:
    """One worker process, started on demand.

    ``close`` ends it at once. ``at_once``: somebody waits for the result; otherwise it has the lowest priority.
    """

    def __init__(self, at_once: bool = False) -> None:
        self._arguments = [FOREGROUND] if at_once else []
        self._process: asyncio.subprocess.Process | None = None

    async def render(self, job: Job, progress: Callable[[float], None]) -> dict[str, Any]:
        """Returns the answer of ``worker.work``; ``progress`` is called with the seconds done.

        Raises AudioError if the song cannot be rendered, WorkerLostError if the worker crashes, and another
        YulelightError if no song can be rendered. The next job starts a new worker if necessary.
        """
        try:
            if self._process is None:
                await self._start()
            return await self._do(job, progress)
        except (TimeoutError, OSError, ValueError) as error:
            await self.close()
            raise WorkerLostError(
                "reading it ends or blocks the program; try another copy of the song"
            ) from error
        except asyncio.CancelledError:
            await self.close()
            raise

    def kill(self) -> None:
        """Kills the worker; a ``render`` in progress raises WorkerLostError."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def close(self) -> None:
        """Kills the worker, if there is one. An unfinished file does not appear."""
        if (process := self._process) is not None:
            # If its output has ended it is exiting, and asyncio should reap it first.
            if process.stdout is not None and not process.stdout.at_eof():
                self.kill()
            # The pipe of a killed process may contain unread lines; they are discarded with it.
            await process.communicate()
            self._process = None

    async def _do(self, job: Job, progress: Callable[[float], None]) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(job.line())
        await self._process.stdin.drain()
        while True:
            message = await self._hear()
            if "progress" in message:
                progress(message["progress"])
            elif "error" in message:
                raise AudioError(message["error"]) if message["song"] else YulelightError(message["error"])
            else:
                return message

    async def _hear(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(TIMEOUT):
            message: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return message

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "yulelight.library.worker",
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **LIMITS},
            # Ctrl-C in a terminal is handled by the service, which ends its worker itself.
            start_new_session=True,
        )
        try:
            await self._hear()
        except (TimeoutError, ValueError) as error:
            await self.close()
            raise YulelightError(
                "songs cannot be rendered in the background: the rendering process does not start"
            ) from error
