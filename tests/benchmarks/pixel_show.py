"""The real way of a show to pixels: ``python -m tests.benchmarks.pixel_show PIXELS SECONDS PORT…``.

A show of RATE frames a second goes from the lights' actor, under the limits of the house, to a DDP output of PIXELS for
each PORT. All channels follow ``level``. Prints JSON: "start", CLOCK_MONOTONIC of the first frame,
and "cpu", the share of a core.
"""

import asyncio
import json
import resource
import sys
import time
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np

from yulelight.actors import Broadcast, Supervisor
from yulelight.core.heap import settle
from yulelight.core.messages import CHANNELS, ChannelState, Packet
from yulelight.lights.layout import layout
from yulelight.lights.messages import StartShow
from yulelight.lights.mixer import Lights
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.settings import DdpOutput
from yulelight.outputs.switch import SwitchActor
from yulelight.safety.limits import Limits
from yulelight.safety.physics import Light
from yulelight.show.show import Show

RATE = 40.0
_SWING = 250


def level(frame: int) -> int:
    """Up and down between 1 and 251, a step a frame: slow enough for every limit, and each frame differs."""
    at = frame % (2 * _SWING)
    return 1 + (at if at <= _SWING else 2 * _SWING - at)


async def play(pixels: int, seconds: float, ports: list[int]) -> None:
    packets: Broadcast[Packet] = Broadcast()
    channels: Broadcast[ChannelState] = Broadcast()
    frames = round(seconds * RATE)
    levels = np.array([[level(k)] * CHANNELS for k in range(frames)], np.uint8)
    board = OutputBoard({f"o{port}": "ddp" for port in ports})
    async with Supervisor() as supervisor:
        for port in ports:
            made = DdpOutput(
                type="ddp", name=f"o{port}", host="127.0.0.1", port=port, pixels=pixels, gamma=1, rate=60,
                colours=["#ffffff"],
            )  # fmt: skip
            make = partial(made.made, Path())
            supervisor.start(partial(OutputActor, make, packets, board=board), made.name)
        await asyncio.sleep(1)
        house = layout([Light(channel=n) for n in range(1, CHANNELS + 1)], board.lights)
        limits = Limits(house, CHANNELS)
        supervisor.start(partial(SwitchActor, board), "switch")
        lights = supervisor.start(
            lambda: Lights(packets, channels, time.monotonic, limits=limits, sessions=count(1)), "lights"
        )
        await supervisor.started(lights)
        await asyncio.sleep(1)
        settle()  # as the service does once it has started
        start = time.monotonic() + 0.5
        began = used()
        await lights.ask(StartShow(Show(levels, levels > 127, RATE, (), ""), start, frozenset()))
        await asyncio.sleep(0.5 + seconds)
        print(json.dumps({"start": start, "cpu": (used() - began) / (0.5 + seconds)}), flush=True)


def used() -> float:
    """Seconds of CPU so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    asyncio.run(play(int(sys.argv[1]), float(sys.argv[2]), [int(port) for port in sys.argv[3:]]))
