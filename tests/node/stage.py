"""A whole house in processes of its own, each to be killed: broker, service, pigpiod's stand-in, nodes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.brokers import Mosquitto, free_port
from tests.node import song

PINS = {1: 4, 2: 17, 3: 27, 4: 22, 5: 23, 6: 24, 7: 25, 8: 5}
"""The pin of each channel."""
PATIENCE = 30.0


@dataclass(frozen=True)
class Change:
    """An output changed at ``time`` (time.monotonic()) to ``share`` of full."""

    time: float
    channel: int
    share: float


class Process:
    """A child process; ``output`` is what it says, and is kept."""

    def __init__(self, *command: str, output: Path) -> None:
        self.output = output
        with output.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, *command], stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
            )
        self.pid = self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self.running:
            self.send(number)
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process.wait()


class Pins:
    """pigpiod's stand-in: what the outputs of one node did."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._record = folder / "changes.jsonl"
        self._said = folder / "pigpiod.txt"
        self._read = 0
        self._changes: list[Change] = []
        self.start()

    def start(self) -> None:
        said = self._said.stat().st_size if self._said.exists() else 0
        self.process = Process(
            "-m",
            "tests.node.pigpiod",
            "--port",
            str(self.port),
            "--record",
            str(self._record),
            output=self._said,
        )
        until(lambda: self._said.stat().st_size > said, self.process)

    @property
    def changes(self) -> list[Change]:
        """All so far."""
        if self._record.exists():
            with self._record.open() as file:
                file.seek(self._read)
                while (line := file.readline()).endswith("\n"):
                    self._read = file.tell()
                    when, pin, share = (float(word) for word in line.strip("[]\n").split(","))
                    channel = next(channel for channel, own in PINS.items() if own == pin)
                    self._changes.append(Change(when, channel, share))
        return self._changes

    @property
    def levels(self) -> dict[int, float]:
        """What each output shows now."""
        return {change.channel: change.share for change in self.changes}

    @property
    def dark(self) -> bool:
        return not any(self.levels.values())


class Node:
    """A light node as a service manager starts it, with pins of its own."""

    def __init__(self, stage: "Stage", name: str, channels: tuple[int, ...], idle: int = 0) -> None:
        self.name = name
        self.channels = channels
        self._stage = stage
        self._folder = stage.folder / name
        self._folder.mkdir()
        self.pins = Pins(self._folder)
        self._config = self._folder / "node.toml"
        outputs = "\n".join(
            f'[[outputs]]\nchannel = {c}\npin = {PINS[c]}\ntype = "{"relay" if c <= song.RELAYS else "dimmer"}"\n'
            f"idle = {idle}\ngamma = 1.0\nsteps = 255\n"
            for c in channels
        )
        self._config.write_text(
            f'id = "{name}"\nservice = "ab12"\ndriver = "pigpio"\nbroker = "mqtt://127.0.0.1:{stage.way}"\n'
            f"[pigpio]\nport = {self.pins.port}\n{outputs}"
        )
        self.start()

    @property
    def log(self) -> str:
        return self.process.output.read_text()

    def start(self, *command: str) -> None:
        """``command`` instead of the usual one gets the file's name last."""
        run = command or ("-m", "yulelight.node", "--config")
        self.process = Process(*run, str(self._config), output=self._folder / "node.txt")

    def follows(self) -> bool:
        """Whether the song has just changed the lights as it should."""
        recent = [change for change in self.pins.changes[-20:] if change.time > time.monotonic() - 1]
        return len(recent) == 20 and all(abs(self._stage.error(change)) < 0.2 for change in recent[10:])


class Stage:
    """``way``: the port through which nodes reach the broker, when it is not the broker's own."""

    def __init__(self, way: Callable[[int], int] = lambda port: port) -> None:
        self._temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.folder = Path(self._temporary.name)
        self.broker = Mosquitto()
        self.way = 0
        self.song: Process | None = None
        self.start_of_song = 0.0
        self._way_to = way
        self.nodes: list[Node] = []

    def __enter__(self) -> Self:
        self.broker.start()
        self.way = self._way_to(self.broker.port)
        self.play()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        processes = [*(node.process for node in self.nodes), *(node.pins.process for node in self.nodes)]
        for process in [*processes, self.song]:
            with suppress(subprocess.TimeoutExpired):
                if process:
                    process.end()
        self.broker.close()
        self._temporary.cleanup()

    def play(self, zero: float = 0.0) -> None:
        """The service starts, and with it the song; ``zero``: by how much its clock is behind ours."""
        output = self.folder / f"song-{time.monotonic_ns()}.txt"
        url = f"mqtt://127.0.0.1:{self.broker.port}"
        self.song = Process("-m", "tests.node.song", url, "--zero", str(zero), output=output)
        until(lambda: output.read_text().endswith("\n"), self.song)
        self.start_of_song = int(output.read_text()) / 1e6

    def node(self, name: str = "porch", channels: tuple[int, ...] = tuple(PINS), idle: int = 0) -> Node:
        self.nodes.append(Node(self, name, channels, idle))
        return self.nodes[-1]

    def error(self, change: Change) -> float:
        """How long after its moment the output changed, seconds."""
        return change.time - song.moment(change.channel, change.share, change.time, self.start_of_song)


def until(condition: Callable[[], object], *alive: Process, patience: float = PATIENCE) -> None:
    """Wait until ``condition`` holds, while these processes live."""
    deadline = time.monotonic() + patience
    while not condition():
        for process in alive:
            assert process.running, process.output.read_text()
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
