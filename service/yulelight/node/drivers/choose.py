"""Selects the driver of a node."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from yulelight.core.errors import UsageError
from yulelight.node.config import NodeConfig
from yulelight.node.drivers.pigpiod import answers
from yulelight.outputs.driver import Driver

log = logging.getLogger(__name__)

MODEL = Path("/proc/device-tree/model")
_PI_5 = ("Raspberry Pi 5", "Raspberry Pi Compute Module 5")
LOCAL = ("127.0.0.1", "::1", "localhost")


def choose(config: NodeConfig, name: str | None = None, *, model: Path = MODEL) -> Driver:
    """The driver ``name``, or the one in ``config``; "auto" selects by the machine.

    ``model``: the file with the model of a Raspberry Pi. Raises UsageError.
    """
    name = name or config.driver
    if name == "auto":
        name, why = suggest(config, board(model))
        log.log(logging.WARNING if name == "simulated" else logging.INFO, "driver %s: %s", name, why)
    if name == "pigpio":
        from yulelight.node.drivers.pigpio import PigpioDriver

        return PigpioDriver(config)
    if name == "lgpio":
        from yulelight.node.drivers.lgpio import LgpioDriver

        return LgpioDriver(config)
    if name == "simulated":
        from yulelight.node.drivers.simulated import SimulatedDriver

        return SimulatedDriver(outputs=len(config.outputs))
    raise UsageError(f"there is no driver {name[:40]!r}; use one of auto, pigpio, lgpio, simulated")


def board(model: Path = MODEL) -> str:
    """The model of this Raspberry Pi; empty on other machines."""
    try:
        text = model.read_bytes()[:200].rstrip(b"\0").decode(errors="replace")
    except OSError:
        return ""
    return text if text.startswith("Raspberry Pi") else ""


def suggest(
    config: NodeConfig, board: str, which: Callable[[str], str | None] = shutil.which
) -> tuple[str, str]:
    """The name of a suitable driver, and the reason."""
    where = f"{config.pigpio.host}:{config.pigpio.port}"
    if all(output.pin is None for output in config.outputs):
        return "simulated", "no outputs are set up; `yulelight node setup` asks for them"
    if config.pigpio.host not in LOCAL:
        return "pigpio", f"pigpiod is at {where}, says node.toml"
    if board.startswith(_PI_5):
        return "lgpio", f"this is a {board}, which pigpio does not know"
    if answers(config.pigpio):
        return "pigpio", f"pigpiod answers at {where}"
    if board and which("pigpiod"):
        return "pigpio", f"this is a {board}, though pigpiod is not running yet"
    if board:
        return "lgpio", f"this is a {board} without pigpiod"
    return "simulated", f"this is no Raspberry Pi, and no pigpiod answers at {where}: no light is switched"
