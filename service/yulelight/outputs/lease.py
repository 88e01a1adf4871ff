"""The controlling side of a dead man's switch (see yulelight.outputs.deadman): how long the lights may stay on."""

import asyncio
import logging
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from yulelight.outputs.deadman import LENGTH, MOMENT

_LOG = logging.getLogger(__name__)

_START_TIMEOUT = 10.0
_AGAIN, _LONG = 0.1, 5.0
_BYE = 2.0


class Lease:
    """Starts the process, feeds it, and starts it again when it ends before us.

    ``module`` is what runs as the process, with ``arguments``; ``config`` is told to it. ``acted`` is called on the
    loop when it has turned the lights off while we live.
    """

    def __init__(
        self, module: str, config: bytes, acted: Callable[[], None], arguments: Sequence[str] = ()
    ) -> None:
        self._config = config
        self._command = (sys.executable, "-m", module, *arguments)
        self._acted = acted
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = asyncio.Event()
        self._until = math.inf
        self._tried = -math.inf
        self._pause = _AGAIN

    @property
    def pid(self) -> int:
        """The id of the process."""
        assert self._process is not None
        return self._process.pid

    async def __aenter__(self) -> Self:
        self._start()
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                await self._ready.wait()
        except TimeoutError:
            _LOG.warning("the process that guards the lights is slow to start")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._write(math.nan)
        process = self._end()
        if process:
            await asyncio.to_thread(_reap, process)

    def until(self, moment: float | None) -> None:
        """Permits the lights to stay as they are until ``moment`` (time.monotonic()); None while the idle scene is
        shown.
        """
        self._until = math.inf if moment is None else moment
        if not self._write(self._until):
            self._restart()

    def _restart(self) -> None:
        """Restarts the process at once, but with increasing delays if it ends repeatedly."""
        now = asyncio.get_running_loop().time()
        if now - self._tried > _LONG:
            self._pause = _AGAIN
        if now - self._tried >= self._pause:
            self._pause = min(2 * self._pause, _LONG)
            _LOG.warning("the process that guards the lights has ended; starting it again")
            self._end()
            self._start()

    def _start(self) -> None:
        self._tried = asyncio.get_running_loop().time()
        try:
            process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            _LOG.error("the process that guards the lights cannot be started: %s", error)
            return
        assert process.stdin is not None and process.stdout is not None
        self._process = process
        with suppress(OSError):
            process.stdin.write(LENGTH.pack(len(self._config)) + self._config + MOMENT.pack(self._until))
        os.set_blocking(process.stdin.fileno(), False)
        os.set_blocking(process.stdout.fileno(), False)
        self._ready.clear()
        asyncio.get_running_loop().add_reader(process.stdout.fileno(), self._hear)

    def _hear(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        try:
            said = os.read(self._process.stdout.fileno(), 64)
        except BlockingIOError:
            return
        if not said:
            asyncio.get_running_loop().remove_reader(self._process.stdout.fileno())
            self._restart()
        elif not self._ready.is_set():
            self._ready.set()
        else:
            _LOG.warning(
                "the process that guards the lights has turned them off: nothing else did so in time"
            )
            self._acted()

    def _write(self, moment: float) -> bool:
        """Whether the process accepts the data; a full pipe counts, as the process has enough to read."""
        if self._process is None or self._process.stdin is None or self._process.stdin.closed:
            return False
        try:
            os.write(self._process.stdin.fileno(), MOMENT.pack(moment))
        except BlockingIOError:
            return True
        except OSError:
            return False
        return True

    def _end(self) -> subprocess.Popen[bytes] | None:
        process, self._process = self._process, None
        if process and process.stdin and process.stdout:
            asyncio.get_running_loop().remove_reader(process.stdout.fileno())
            process.stdin.close()
            process.stdout.close()
        return process


def _reap(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_BYE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
