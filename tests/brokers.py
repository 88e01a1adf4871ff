"""A real mosquitto for a test: its own port on the loopback, ended in every case.

``async with Mosquitto() as broker`` or ``with Mosquitto() as broker``; then connect to ``broker.host`` and
``broker.port``, with ``broker.user`` and ``broker.password`` where they were asked for.
"""

import asyncio
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

LOOPBACK = "127.0.0.1"
PATIENCE = 30.0
"""Seconds a broker may take to accept connections: generous, a busy machine is slow."""


def free_port() -> int:
    """A TCP port of the loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def executable(name: str) -> str:
    """Path of a program of the mosquitto package; Debian keeps one where only root's PATH looks."""
    found = shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("mosquitto is not installed; run scripts/test, or apt-get install mosquitto")
    return found


class Mosquitto:
    """One mosquitto process. The port stays the same over ``restart`` and over ``kill`` and ``start``.

    With ``password`` the broker refuses everyone but ``user`` with that password. ``persistent`` keeps
    retained messages over a restart. Only a ``verbose`` one logs what it does. ``settings`` are further lines of
    mosquitto.conf.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        user: str | None = None,
        password: str | None = None,
        persistent: bool = False,
        verbose: bool = True,
        settings: Sequence[str] = (),
    ) -> None:
        self.host = LOOPBACK
        self.port = port or free_port()
        self.password = password
        self.user = user or ("yulelight" if password else None)
        self._persistent = persistent
        self._verbose, self._settings = verbose, settings
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def with_password(cls) -> Self:
        """A broker that asks for a user and a password of its own making."""
        return cls(user="yulelight", password=secrets.token_urlsafe(12))

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the process, which lives."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What the broker has logged so far."""
        return (self._path / "log").read_text() if self._folder else ""

    def start(self) -> None:
        """Start, and wait until connections are accepted."""
        if self.running:
            return
        with (self._configured() / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [executable("mosquitto"), *["-v"] * self._verbose, "-c", str(self._path / "mosquitto.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._accepts():
            if self._process.poll() is not None or time.monotonic() > deadline:
                log_text = self.log
                self.close()
                raise RuntimeError(f"mosquitto did not start on port {self.port}:\n{log_text}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the process in good order: clients get a disconnect, last wills are published."""
        self._end(kill=False)

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        self._end(kill=True)

    def send(self, number: signal.Signals) -> None:
        """A signal to the process, such as SIGSTOP."""
        assert self._process is not None
        self._process.send_signal(number)

    def restart(self) -> None:
        """Stop and start again on the same port."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop and remove the folder."""
        self.stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.close)

    @property
    def _path(self) -> Path:
        assert self._folder is not None
        return Path(self._folder.name)

    def _configured(self) -> Path:
        """The folder with configuration and passwords, made on first use."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="mosquitto-", ignore_cleanup_errors=True)
            lines = [f"listener {self.port} {self.host}"]
            if os.geteuid() == 0:
                # Started as root it would drop its rights, and then could not read its own files here.
                lines.append("user root")
            if self._persistent:
                lines += ["persistence true", f"persistence_location {self._path}/"]
            if self.password is None:
                lines.append("allow_anonymous true")
            else:
                passwords = self._path / "passwords"
                passwords.write_text(f"{self.user}:{self.password}\n")
                passwords.chmod(0o600)
                subprocess.run([executable("mosquitto_passwd"), "-U", passwords], check=True)
                lines += ["allow_anonymous false", f"password_file {passwords}"]
            (self._path / "mosquitto.conf").write_text("\n".join([*lines, *self._settings]) + "\n")
        return self._path

    def _accepts(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _end(self, *, kill: bool) -> None:
        if self._process is None:
            return
        # One that was stopped hears nothing else.
        self._process.send_signal(signal.SIGCONT)
        if kill:
            self._process.kill()
        else:
            self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
