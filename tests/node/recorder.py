"""A whole light node whose lights are a file: ``python -m tests.node.recorder --config node.toml --record FILE``.

Each line is one time at which the driver was told what to show: seconds of CLOCK_MONOTONIC, the levels as hexadecimal
digits, and a digit for each on/off state.
"""

import argparse
import asyncio
import signal
import time
from contextlib import suppress
from pathlib import Path

from yulelight.mqtt.address import BrokerAddress
from yulelight.node.config import load
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import LightNode


async def record(config: Path, file: Path) -> None:
    node = load(config)
    assert node.broker is not None
    with file.open("w", buffering=1) as out:

        def note(levels: bytes, on: tuple[bool, ...]) -> None:
            out.write(f"{time.monotonic():.6f} {levels.hex()} {''.join('01'[lit] for lit in on)}\n")

        driver = SimulatedDriver(on_show=note, draw=False, outputs=len(node.outputs))
        running = asyncio.create_task(LightNode(node, BrokerAddress.parse(node.broker), driver).run())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
        with suppress(asyncio.CancelledError):
            await running


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--record", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(record(arguments.config, arguments.record))
