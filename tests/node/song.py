"""A song of eight channels that tells from each output when it should have changed, and a service that plays it.

Channels 1 to 4 are for relays: two are lit, and every 20 frames one hands on to the next. Channels 5 to 8 are for
dimmers and change with every frame. The house as a whole stays as bright as it is, so no limit touches it.

As a process of its own, to be killed: ``python -m tests.node.song mqtt://host:port``; it prints the moment of frame 0.
"""

import argparse
import asyncio
import itertools
import math
import time

from tests.mqtt.house import House
from yulelight.core.messages import CHANNELS, Packet
from yulelight.mqtt.address import BrokerAddress

INTERVAL = 11_610
"""µs."""
RELAYS = 4
_TURN = 20
_WAVE = 100
_TICK = 0.05
_AHEAD = 600_000


def level(channel: int, k: int) -> int:
    """Level of dimmer ``channel`` (5 to 8) in frame ``k``."""
    return 60 + (k + 25 * channel) % _WAVE


def lit(channel: int, k: int) -> bool:
    """State of relay ``channel`` (1 to 4) in frame ``k``."""
    return (k // _TURN - channel) % RELAYS < 2


def frame(k: int) -> tuple[bytes, tuple[bool, ...]]:
    """All channels in frame ``k``."""
    states = tuple(lit(channel, k) for channel in range(1, RELAYS + 1))
    levels = [level(channel, k) for channel in range(RELAYS + 1, CHANNELS + 1)]
    return bytes([*(255 * state for state in states), *levels]), (*states, *[True] * len(levels))


def moment(channel: int, share: float, at: float, start: float) -> float:
    """When output ``channel`` should have come to ``share`` (0..1 of full), if it did about at ``at``; seconds.

    ``start``: the moment of frame 0. The outputs repeat after a second, so ``at`` may be wrong by half of one. What is
    not of the song has no moment: infinity.
    """
    if channel <= RELAYS:
        period = RELAYS * _TURN
        wanted = (k for k in range(period) if lit(channel, k) == (share > 0.5) != lit(channel, k - 1))
    else:
        period = _WAVE
        wanted = (k for k in range(period) if level(channel, k) == round(255 * share))
    first = next(wanted, None)
    if first is None:
        return math.inf
    step = INTERVAL / 1e6
    nearest = round(((at - start) / step - first) / period)
    return start + (first + nearest * period) * step


async def play(house: House, start: int, session: int) -> None:
    """Publishes packets for ever, as the service does: often, a little at a time, a look-ahead before their moment."""
    k = 0
    for sequence in itertools.count():
        until = (round(house.clock() * 1e6) + _AHEAD - start) // INTERVAL + 1
        if until > k:
            frames = [frame(n) for n in range(k, until)]
            house.packets.publish(
                Packet(
                    session,
                    sequence,
                    start + k * INTERVAL,
                    INTERVAL,
                    tuple(levels for levels, _ in frames),
                    tuple(states for _, states in frames),
                )
            )
            k = until
        await asyncio.sleep(_TICK)


async def main(url: str, zero: float) -> None:
    house = House(BrokerAddress.parse(url), clock=lambda: time.monotonic() - zero)
    async with house.bridged():
        start = round(house.clock() * 1e6)
        print(start + round(zero * 1e6), flush=True)
        await play(house, start, time.monotonic_ns() & 0xFFFF_FFFF)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("broker")
    parser.add_argument(
        "--zero", type=float, default=0.0, help="seconds by which this service's clock is behind"
    )
    arguments = parser.parse_args()
    asyncio.run(main(arguments.broker, arguments.zero))
