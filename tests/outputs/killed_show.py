"""A show on outputs, in a process of its own that somebody kills.

``python -m tests.outputs.killed_show FOLDER SETTINGS…``: each of SETTINGS is an output as JSON.
Full light on all channels, until SIGUSR1, from which on nothing is said.
"""

import asyncio
import signal
import sys
import time
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter

from yulelight.actors import Broadcast, Supervisor
from yulelight.app.output_settings import DirectOutput
from yulelight.core.messages import Packet
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.switch import SwitchActor


async def main(folder: Path, outputs: list[DirectOutput]) -> None:
    packets: Broadcast[Packet] = Broadcast()
    board = OutputBoard({output.name: output.type for output in outputs})
    async with Supervisor() as supervisor:
        for output in outputs:
            make = partial(output.made, folder)
            supervisor.start(partial(OutputActor, make, packets, board=board), output.name)
        supervisor.start(partial(SwitchActor, board), "switch")
        silent = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, silent.set)
        for number in range(1, 10_000):
            while silent.is_set():
                await asyncio.sleep(1)
            at = round(time.monotonic() * 1e6)
            packets.publish(Packet(1, number, at, 500_000, (bytes([255]) * 8,), ((True,) * 8,)))
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have ignored it
    read = TypeAdapter[DirectOutput](DirectOutput)
    asyncio.run(main(Path(sys.argv[1]), [read.validate_json(text) for text in sys.argv[2:]]))
