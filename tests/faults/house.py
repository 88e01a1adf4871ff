"""The real service as a process of its own, to be killed, stopped, starved and spoken to."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from tests.brokers import free_port

PATIENCE = 30.0


class House:
    """`yulelight serve` on loopback with a data folder of its own, which outlives ``kill`` and ``start``.

    ``files``: the most files that the process may open; ``broker``: of its own, or the address of another;
    ``more``: further variables of its environment.
    """

    def __init__(
        self,
        folder: Path,
        *,
        music: Sequence[Path] = (),
        files: int | None = None,
        broker: str | None = None,
        program: str = "auto",
        resume_within: float = 0.0,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.http, self.mqtt = free_port(), free_port()
        self.log_file = folder / "service.log"
        self._files = files
        self._environment = {
            **os.environ,
            "YULELIGHT_DATA": str(folder / "data"),
            "YULELIGHT_MUSIC": json.dumps([str(path) for path in music]),
            "YULELIGHT_HTTP__HOST": "127.0.0.1",
            "YULELIGHT_HTTP__PORT": str(self.http),
            "YULELIGHT_MQTT__HOST": "127.0.0.1",
            "YULELIGHT_MQTT__PORT": str(self.mqtt),
            "YULELIGHT_MQTT__PROGRAM": program,
            "YULELIGHT_RESUME_WITHIN": str(resume_within),
            "YULELIGHT_ZEROCONF__ENABLED": "false",
            "YULELIGHT_SOUND__ENABLED": "false",
            **({"YULELIGHT_MQTT__BROKER": broker} if broker else {}),
            **(more or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def identity(self) -> dict[str, str]:
        return dict(json.loads((self.data / "identity.json").read_text()))

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def begin(self) -> None:
        """Start, and do not wait."""
        limit = ""
        if self._files:
            limit = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({self._files}, {self._files}))\n"
        # SIGUSR2: what every task waits for goes to the log.
        limit += (
            "import asyncio, signal\n"
            "signal.signal(signal.SIGUSR2, lambda *_: [task.print_stack() for task in asyncio.all_tasks()])\n"
        )
        program = f"{limit}import runpy, sys\nsys.argv = ['yulelight', 'serve']\n"
        program += "runpy.run_module('yulelight', run_name='__main__')"
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                cwd=self.folder,
            )

    def start(self) -> None:
        """Start, and wait until it answers."""
        self.begin()
        self.wait()

    def wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + PATIENCE
        while not self.healthy():
            if not self.running or time.monotonic() > end:
                raise RuntimeError(f"the service does not answer:\n{self.log[-3000:]}")
            time.sleep(0.03)

    def healthy(self) -> bool:
        """Whether it answers."""
        try:
            return self.call("GET", "/health", token=False)[0] == 200
        except OSError:
            return False

    def call(
        self, method: str, path: str, body: object = None, *, token: bool = True, timeout: float = 10.0
    ) -> tuple[int, Any]:
        """Status and JSON (or text) of the answer. Raises OSError where there is none."""
        headers = {"Authorization": f"Bearer {self.identity['token']}"} if token else {}
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.http}{path}", data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        with suppress(ValueError):
            return status, json.loads(text)
        return status, text

    def control(self, command: str, **more: object) -> tuple[int, Any]:
        """POST /api/v1/control."""
        return self.call("POST", "/api/v1/control", {"command": command, **more})

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM, patience: float = PATIENCE) -> float:
        """Send the signal and wait; seconds that it took. Raises subprocess.TimeoutExpired."""
        if self._process is None:
            return 0.0
        began = time.monotonic()
        if self._process.poll() is None:
            self._process.send_signal(number)
        self._process.wait(patience)
        return time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            children = self.process.children(recursive=True)
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()
            for child in children:
                with suppress(psutil.NoSuchProcess):
                    child.kill()

    def complaints(self) -> list[str]:
        """What the log has of errors that are no sentences: tracebacks."""
        return re.findall(r"(?m)^Traceback.*(?:\n.*){0,40}", self.log)


def until(condition: Callable[[], object], patience: float = PATIENCE, what: str = "") -> float:
    """Wait until ``condition`` holds; seconds that it took. Raises TimeoutError."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > patience:
            raise TimeoutError(what or "waited in vain")
        time.sleep(0.01)
    return time.monotonic() - began
