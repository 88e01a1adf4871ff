"""A show whose processes are killed, stopped and started again at random moments, and what the lights do meanwhile."""

import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import psutil
import soundfile

from tests.faults.house import House, until
from tests.node.stage import PINS, Pins, Process

DARK = 2.6
"""Seconds within which lights that nobody leads have to be off."""
SECONDS = 40
ACTIONS = (
    "kill service",
    "stop service",
    "restart service",
    "kill broker",
    "stop broker",
    "kill node",
    "stop node",
    "restart node",
    "kill switch",
    "kill pigpiod",
    "kill renderer",
)


def song(path: Path, seconds: float = SECONDS, seed: int = 0) -> Path:
    """Notes at random, four a second."""
    chance = np.random.default_rng(seed)
    rate, step = 44_100, 11_025
    times = np.arange(step) / rate
    fade = np.minimum(1, np.minimum(times, times[::-1]) / 0.01)
    notes = [
        0.4 * fade * np.sin(2 * np.pi * chance.choice([110, 220, 440, 880, 1760, 3520, 7040]) * times)
        for _ in range(int(4 * seconds))
    ]
    soundfile.write(path, np.concatenate(notes).astype(np.float32), rate)
    return path


class Lamps:
    """A light node of `house` with pins of its own."""

    def __init__(self, house: House) -> None:
        self._folder = house.folder / "node"
        self._folder.mkdir()
        self.pins = Pins(self._folder)
        self._config = self._folder / "node.toml"
        password, service = house.identity["broker_password"], house.identity["id"]
        outputs = "".join(
            f'[[outputs]]\nchannel = {c}\npin = {pin}\ntype = "dimmer"\n' for c, pin in PINS.items()
        )
        self._config.write_text(
            f'id = "porch"\nservice = "{service}"\ndriver = "pigpio"\n'
            f'broker = "mqtt://yulelight:{password}@127.0.0.1:{house.mqtt}"\n'
            f"[pigpio]\nport = {self.pins.port}\n{outputs}"
        )
        self.start()

    def start(self) -> None:
        self.process = Process(
            "-m", "yulelight.node", "--config", str(self._config), output=self._folder / "node.txt"
        )

    @property
    def log(self) -> str:
        return self.process.output.read_text(errors="replace")

    def moving(self, since: float = 0.0) -> bool:
        """Whether the lights have just changed several times, all of them after ``since``."""
        changes = self.pins.changes[-10:]
        return len(changes) == 10 and changes[0].time > max(since, time.monotonic() - 2.0)

    def guarded(self) -> bool:
        """Whether the node has a dead man's switch that has reached the pins: it cannot do without both at once."""
        with suppress(psutil.NoSuchProcess):
            return any(
                link.raddr and link.raddr.port == self.pins.port
                for child in psutil.Process(self.process.pid).children()
                for link in child.net_connections()
            )
        return False

    def dark_since(self) -> float | None:
        """When the last light went off (time.monotonic()); None while one is on."""
        changes = self.pins.changes
        return changes[-1].time if changes and self.pins.dark else None

    def end(self) -> None:
        for process in (self.process, self.pins.process):
            with suppress(Exception):
                process.end()


@dataclass
class Outcome:
    """What came of it."""

    done: int = 0
    recovered: int = 0
    dark: dict[str, float] = field(default_factory=dict)
    """Seconds to darkness, the worst of each action that leaves the lights without a leader."""
    back: float = 0.0
    """Seconds to light again, the worst."""
    ended: float = 0.0
    """Seconds from SIGTERM to the service's end, the worst."""
    troubles: list[str] = field(default_factory=list)


class Evening:
    """A service, a node and its pins, with a show that repeats."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self._chance = random.Random(seed)
        music = folder / "music"
        music.mkdir()
        for number in range(2):
            song(music / f"song {number}.flac", seed=number)
        self.house = House(folder, music=[music], resume_within=60)
        self.outcome = Outcome()
        self._lamps: Lamps | None = None

    @property
    def lamps(self) -> Lamps:
        assert self._lamps is not None
        return self._lamps

    def __enter__(self) -> Self:
        self._start_service()
        until(lambda: len(self.house.call("GET", "/api/v1/songs")[1]["songs"]) >= 2)
        self._lamps = Lamps(self.house)
        self.house.control("repeat", mode="all")
        self.house.control("play")
        until(self.lamps.moving, what="the show does not begin")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lamps:
            self._lamps.end()
        self.house.__exit__(kind, error, trace)

    def act(self, action: str) -> None:
        """Does it at a random moment, waits for what has to follow, and for the show to go on."""
        time.sleep(self._chance.uniform(0.0, 1.0))
        self.outcome.done += 1
        try:
            self._do(action)
            acted = time.monotonic()
            back = until(lambda: self._well(acted), what=f"no light after: {action}")
            self.outcome.back = max(self.outcome.back, back)
            self.outcome.recovered += 1
        except Exception as error:  # noqa: BLE001
            self.outcome.troubles.append(f"{action}: {error!r}")
            with suppress(Exception):
                self.house.send(signal.SIGUSR2)
                time.sleep(0.5)
            self._again()

    def _do(self, action: str) -> None:
        house, lamps = self.house, self.lamps
        began = time.monotonic()
        match action:
            case "kill service":
                house.end(signal.SIGKILL)
                self._darkness(action, began)
                self._start_service()
            case "stop service":
                house.send(signal.SIGSTOP)
                self._pause(action, began)
                house.send(signal.SIGCONT)
            case "restart service":
                self.outcome.ended = max(self.outcome.ended, house.end(signal.SIGTERM))
                self._darkness(action, began)
                self._start_service()
            case "kill broker" | "stop broker" | "kill renderer":
                self._child(action, began)
            case "kill node":
                lamps.process.end(signal.SIGKILL)
                self._darkness(action, began)
                lamps.start()
            case "stop node":
                lamps.process.send(signal.SIGSTOP)
                self._pause(action, began)
                lamps.process.send(signal.SIGCONT)
            case "restart node":
                lamps.process.end(signal.SIGTERM)
                self._darkness(action, began)
                lamps.start()
            case "kill switch":
                for child in psutil.Process(lamps.process.pid).children():
                    child.kill()
            case "kill pigpiod":
                lamps.pins.process.end(signal.SIGKILL)
                lamps.pins.start()

    def _child(self, action: str, began: float) -> None:
        """The service's own children, where there are such."""
        verb, _, what = action.partition(" ")
        for child in self.house.process.children():
            with suppress(psutil.NoSuchProcess):
                broker = "mosquitto" in child.name()
                if broker is not (what == "broker"):
                    continue
                if verb == "kill":
                    child.kill()
                else:
                    child.suspend()
                    self._pause(action, began)
                    child.resume()

    def _pause(self, action: str, began: float) -> None:
        """Either for a moment, or for as long as darkness takes."""
        if self._chance.random() < 0.5:
            time.sleep(self._chance.uniform(0.05, 1.0))
        else:
            self._darkness(action, began)

    def _darkness(self, action: str, began: float) -> None:
        until(lambda: self.lamps.dark_since() is not None, 20.0, f"still lit after: {action}")
        since = self.lamps.dark_since()
        assert since is not None
        self.outcome.dark[action] = max(self.outcome.dark.get(action, 0.0), since - began)

    def _well(self, since: float = 0.0) -> bool:
        """Whether the service answers, and the lights have moved since."""
        alive = self.house.running and self.lamps.process.running
        return alive and self.lamps.moving(since) and self.lamps.guarded() and self.house.healthy()

    def _start_service(self) -> None:
        self.house.start()

    def _again(self) -> None:
        """After a trouble: from the beginning, so that each is counted once."""
        for process in (self.lamps.process, self.lamps.pins.process):
            with suppress(Exception):
                process.send(signal.SIGCONT)
                process.end()
        with suppress(Exception):
            self.house.send(signal.SIGCONT)
            self.house.end(signal.SIGKILL)
        self.lamps.pins.start()
        self._start_service()
        self.lamps.start()
        self.house.control("play")
        with suppress(TimeoutError):
            until(self._well)


def orphans(folder: Path) -> list[str]:
    """Processes that still name the folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = " ".join(process.info["cmdline"] or ())
        if str(folder) in words:
            found.append(words[:200])
    return found
