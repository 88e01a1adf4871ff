"""mosquitto as the broker program: a child process with our configuration, in memory only.

It listens on a socket in a private folder, so the gate cannot be bypassed; it supports MQTT 3.1, 3.1.1 and 5.
"""

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from yulelight.core.errors import NetworkError
from yulelight.mqtt.connect import V5, V31, V311
from yulelight.mqtt.engine import MAX_PACKET, MAX_UNSENT, Rates
from yulelight.mqtt.gate import AdmittedClient, read_packet

_LOG = logging.getLogger(__name__)

SEARCH_PATH = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
"""Additional folders, which are often not in PATH."""
_START_TIMEOUT = 10.0
_STOP = 2.0
_CONNECT_TIMEOUT = 4.0
"""Seconds for which a client waits for mosquitto."""
_RESTART_DELAY, _MAX_RESTART_DELAY = 0.1, 2.0
"""Seconds until mosquitto is restarted, initially and at most."""
_STABLE_AFTER = 30.0
_PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def program() -> Path | None:
    """The path of mosquitto, if it is installed."""
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', os.defpath)}:{SEARCH_PATH}")
    return Path(found) if found else None


def configuration(socket: Path, *, root: bool) -> str:
    """mosquitto.conf: nothing on disk, nothing on the network, and limits on what a client can make it store."""
    lines = [
        f"listener 0 {socket}",
        # Only clients admitted by the gate use this socket.
        "allow_anonymous true",
        "persistence false",
        f"max_packet_size {MAX_PACKET}",
        "max_inflight_messages 20",
        "max_queued_messages 1000",
        f"max_queued_bytes {4 * MAX_UNSENT}",
        f"memory_limit {128 * 1024 * 1024}",
        "sys_interval 0",
        "log_dest stderr",
        "log_type error",
    ]
    if root:
        # Otherwise it would switch to another user, who has no access to the folder.
        lines.append("user root")
    return "\n".join(lines) + "\n"


class MosquittoEngine:
    """See yulelight.mqtt.engine.Engine. It is restarted whenever it ends."""

    name = "mosquitto"
    levels = frozenset({V31, V311, V5})
    rates = Rates(client=200, client_burst=1000, all=600, all_burst=3000)

    def __init__(self, path: Path) -> None:
        self.pid = 0
        self._path = path
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._runs = asyncio.Event()

    @property
    def socket(self) -> Path:
        """The path of its socket."""
        assert self._folder is not None
        return Path(self._folder.name) / "mqtt"

    async def __aenter__(self) -> Self:
        # In the system's temporary folder, because a socket's path is limited to 107 bytes and data folders may be
        # deep.
        self._folder = await asyncio.to_thread(
            tempfile.TemporaryDirectory, prefix="yulelight-", ignore_cleanup_errors=True
        )
        conf = self.socket.with_name("mosquitto.conf")
        conf.write_text(configuration(self.socket, root=os.geteuid() == 0))
        process = await self._started()
        self._keeping = asyncio.create_task(self._keep(process))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._folder:
            await asyncio.to_thread(self._folder.cleanup)

    async def serve(self, client: AdmittedClient) -> None:
        """Serves until the client or mosquitto disconnects."""
        # A client that connects while mosquitto starts has to wait; disconnecting it would take longer.
        async with asyncio.timeout(_CONNECT_TIMEOUT):
            await self._runs.wait()
        reader, writer = await asyncio.open_unix_connection(self.socket)
        try:
            writer.write(client.first)
            up = asyncio.create_task(_up(client, writer))
            down = asyncio.create_task(_down(reader, client.writer))
            try:
                await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (up, down):
                    task.cancel()
                await asyncio.gather(up, down, return_exceptions=True)
        finally:
            writer.close()

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        """Restarts it whenever it ends, and ends it when cancelled."""
        loop, wait = asyncio.get_running_loop(), _RESTART_DELAY
        try:
            while True:
                began = loop.time()
                status = await process.wait()
                self._runs.clear()
                if loop.time() - began > _STABLE_AFTER:
                    wait = _RESTART_DELAY
                _LOG.warning("mosquitto ended (%s); starting it again", status)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _MAX_RESTART_DELAY)
                with contextlib.suppress(NetworkError, OSError):
                    process = await self._started()
        finally:
            await _end(process)

    async def _started(self) -> asyncio.subprocess.Process:
        """Starts mosquitto and waits until it accepts connections. Raises NetworkError."""
        with contextlib.suppress(FileNotFoundError):
            self.socket.unlink()
        try:
            process = await asyncio.create_subprocess_exec(
                self._path,
                "-c",
                self.socket.with_name("mosquitto.conf"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                # Ctrl-C in a terminal is handled by us alone, since a goodbye must be published first.
                start_new_session=True,
                preexec_fn=_dies_with_us(),
            )
        except OSError as error:
            raise NetworkError(f"mosquitto cannot be started: {error}") from None
        self.pid = process.pid
        try:
            async with asyncio.timeout(_START_TIMEOUT):
                while process.returncode is None:
                    with contextlib.suppress(OSError):
                        _, writer = await asyncio.open_unix_connection(self.socket)
                        writer.close()
                        self._runs.set()
                        return process
                    await asyncio.sleep(0.02)
            raise NetworkError(f"mosquitto ended at once, with status {process.returncode}")
        except TimeoutError:
            await _end(process)
            raise NetworkError(f"mosquitto took no connection within {_START_TIMEOUT:g} s") from None
        except BaseException:
            await _end(process)
            raise


async def _up(client: AdmittedClient, writer: asyncio.StreamWriter) -> None:
    """Forwards packets from the client at its permitted rate."""
    while True:
        head, body = await read_packet(client.reader, MAX_PACKET)
        await client.rate.take()
        writer.write(head + body)
        await writer.drain()


async def _down(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Forwards data to the client, which is disconnected if it does not read."""
    while data := await reader.read(65536):
        writer.write(data)
        if writer.transport.get_write_buffer_size() > MAX_UNSENT:
            writer.transport.abort()
            return


async def _end(process: asyncio.subprocess.Process) -> None:
    for send in (process.terminate, process.kill):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            send()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP):
                await process.wait()


def _dies_with_us() -> Callable[[], None] | None:
    """A function that makes a child process end with this one; None if the system does not support it."""
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError, MemoryError):
        return None
    return lambda: prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL) and None
