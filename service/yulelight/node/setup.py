"""`yulelight node setup`: turns on one output after the other, asks which light it is, and saves the
configuration.
"""

import asyncio
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from yulelight.core import storage, systemd
from yulelight.core.errors import NetworkError, UsageError
from yulelight.node.config import NodeConfig, OutputConfig, made
from yulelight.node.drivers.choose import choose
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.toml import to_toml
from yulelight.outputs.driver import Driver

PINS = (5, 6, 16, 17, 22, 23, 24, 27)
"""GPIOs without other functions, which no Pi drives high while booting."""
DIMMER_PINS = (18, 19, 5, 6, 16, 17, 22, 23)
"""The same, with the two that have their own PWM generator first."""
_YES, _NO = ("y", "yes"), ("n", "no")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A dialogue with the user. ``ask`` gets a question and the default answer."""

    ask: Callable[[str, str], str]
    tell: Callable[[str], None]

    def asked(self, question: str, usual: str = "") -> str:
        """The answer."""
        return self.ask(question, usual).strip()

    def yes(self, question: str, usual: str) -> bool:
        """Asks until the answer is yes or no."""
        while (answer := (self.asked(f"{question} (y/n)", usual)).lower()) not in _YES + _NO:
            self.tell("Please answer y or n.")
        return answer in _YES

    def number(self, question: str, usual: str, low: float, high: float) -> float:
        """Asks until the answer is a number in the range."""
        while True:
            try:
                if low <= (number := float(self.asked(question, usual).replace(",", "."))) <= high:
                    return number
            except ValueError:
                pass
            self.tell(f"Please say a number from {low:g} to {high:g}.")


def _start(config: NodeConfig, name: str | None) -> Driver:
    """Like ``choose``; the simulated driver draws nothing, since the terminal shows questions."""
    driver = choose(config, name)
    return SimulatedDriver(draw=False, outputs=len(config.outputs)) if _is_simulated(driver) else driver


def set_up(
    path: Path,
    talk: Dialogue,
    driver: str | None = None,
    *,
    start: Callable[[NodeConfig, str | None], Driver] = _start,
) -> NodeConfig:
    """Runs the dialogue and saves to ``path``. Raises UsageError if nothing is saved, NetworkError without pins."""
    if path.exists() and not talk.yes(f"{path} is there already. Make a new one?", "n"):
        raise UsageError(f"{path} stays as it is")
    config = _board(talk)
    config = _see(talk, config, driver, start)
    config = _introduce(talk, config)
    path.parent.mkdir(parents=True, exist_ok=True)
    storage.write(path, to_toml(config).encode())
    talk.tell(
        f"Saved to {path}. Try it: yulelight node. "
        f"Let it start with the machine: sudo {systemd.program()} node install"
    )
    return config


def _introduce(talk: Dialogue, config: NodeConfig) -> NodeConfig:
    """Asks for the node's id and the service's broker."""
    usual = re.sub(r"[^a-z0-9_-]+", "-", socket.gethostname().lower())[:64] or "node"
    while True:
        name = talk.asked("What is this node called? (a-z, 0-9, _ and -)", usual)
        broker = talk.asked(
            "Address of the service's broker, like mqtt://yulelight:password@192.168.1.10 (Enter: look for it)"
        )
        try:
            told = made({"id": name, "broker": broker or None})
            return replace(config, id=told.id, broker=told.broker)
        except UsageError as error:
            talk.tell(f"That does not work: {error}.")


def _board(talk: Dialogue) -> NodeConfig:
    """Asks for the type and the pins of the outputs."""
    while (kind := (talk.asked("What is connected: relay, ssr or dimmer?", "relay")).lower()) not in (
        "relay",
        "ssr",
        "dimmer",
    ):
        talk.tell(
            "A relay clicks; an SSR (solid-state relay) is silent; a dimmer takes PWM. Please say one of them."
        )
    usual = ", ".join(map(str, DIMMER_PINS if kind == "dimmer" else PINS))
    while True:
        answer = talk.asked("Which GPIOs (BCM numbers, in the order of the board)?", usual)
        outputs = [
            {"channel": channel, "pin": pin, "type": kind}
            for channel, pin in enumerate(_numbers(answer), start=1)
        ]
        try:
            return made({"outputs": outputs})
        except UsageError as error:
            talk.tell(f"That does not work: {error}.")


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,3}", text)]


def _see(
    talk: Dialogue, config: NodeConfig, driver: str | None, start: Callable[[NodeConfig, str | None], Driver]
) -> NodeConfig:
    """Determines the polarity of the board, then goes through the outputs."""
    talk.tell("Now look at the lights. Plug them in; keep your hands off the wiring while it has power.")
    count = len(config.outputs)
    with _reached(start(config, driver)) as shown:
        if _is_simulated(shown):
            talk.tell("There are no pins here, so these lines stand for the outputs:")
            talk.tell(_bulbs(count))
        inverted = not talk.yes("All outputs should be off. Is everything dark?", "y")
    if inverted:
        talk.tell("Then the board lights when a pin is low, as most relay boards do.")
        config = replace(config, outputs=tuple(replace(output, active_low=True) for output in config.outputs))
    outputs: list[OutputConfig] = []
    with _reached(start(config, driver)) as shown:
        for index, output in enumerate(config.outputs):
            shown.show(
                bytes(255 * (n == index) for n in range(count)), tuple(n == index for n in range(count))
            )
            if _is_simulated(shown):
                talk.tell(_bulbs(count, index))
            if seen := _look(talk, output, len(outputs) + 1):
                outputs.append(seen)
    if not outputs:
        raise UsageError(
            "no output lights anything, so nothing is saved; check the wiring (docs/hardware.md)"
        )
    return replace(config, outputs=tuple(outputs))


def _is_simulated(driver: Driver) -> bool:
    return driver.name == SimulatedDriver.name


def _bulbs(count: int, lit: int | None = None) -> str:
    """A line of ``count`` bulbs, one of them lit, or none."""
    return "  " + "   ".join("●" if place == lit else "○" for place in range(count))


def _look(talk: Dialogue, output: OutputConfig, usual: int) -> OutputConfig | None:
    name = talk.asked(f"GPIO {output.pin} is on. Which lights do you see? (a name, or - for none)")
    if name == "-":
        return None
    channel = talk.number("  Channel it shows (1 has the lowest notes)", str(usual), 1, 64)
    load = talk.number("  How many watts is that? (1 if you do not know)", "1", 0.1, 1e5)
    return replace(output, name=name[:60], channel=int(channel), load=load)


@contextmanager
def _reached(driver: Driver) -> Iterator[Driver]:
    """Opens the driver and waits for its pins.

    Raises NetworkError. Questions are asked outside of the event loop, so that Ctrl-C ends them at once, with all
    lights off.
    """
    with asyncio.Runner() as runner:
        runner.run(driver.__aenter__())
        try:
            if not driver.healthy:
                raise NetworkError(
                    "the pins cannot be reached; start pigpiod: sudo systemctl enable --now pigpiod"
                )
            yield driver
        finally:
            runner.run(driver.__aexit__(None, None, None))
