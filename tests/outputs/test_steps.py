"""Lights that move with the beat."""

import asyncio
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.house import eventually
from tests.outputs.ddp_receiver import Strip as Receiver
from yulelight.core.messages import Packet
from yulelight.outputs.settings import DdpOutput
from yulelight.outputs.steps import Steps

SECOND = 1_000_000


@given(st.lists(st.integers(0, 10 * SECOND), max_size=40).map(sorted), st.integers(0, 9 * SECOND))
def test_no_second_has_more_than_three_steps(beats: list[int], begin: int) -> None:
    steps = Steps()
    steps.told(0, beats)
    before = steps.at(begin)
    assert steps.at(begin + SECOND - 1) - before <= 3


def test_a_later_word_replaces_what_is_to_come() -> None:
    steps = Steps()
    steps.told(0, [SECOND, 2 * SECOND, 3 * SECOND])
    assert steps.at(SECOND) == 1
    steps.told(2 * SECOND, [4 * SECOND])
    assert steps.at(3 * SECOND) == 1
    assert steps.at(4 * SECOND) == 2


async def test_pixels_move_at_a_beat(tmp_path: Path) -> None:
    receiver = Receiver(80)
    settings = {"type": "ddp", "name": "a", "host": "127.0.0.1", "port": await receiver.open(), "pixels": 80}
    output = DdpOutput.model_validate(settings | {"effect": "chase", "gamma": 1, "palette": False}).made(
        tmp_path
    )
    running = asyncio.create_task(output.run())
    now = round(time.monotonic() * SECOND)
    frame = bytes([128] * 8), (True,) * 8
    levels, on = zip(*[frame] * 30, strict=True)
    output.send(Packet(1, 1, now, SECOND // 10, levels, on, beats=(now + SECOND,)))
    await eventually(lambda: any(receiver.shows))
    first = receiver.shows
    await eventually(lambda: any(receiver.shows) and receiver.shows != first)
    # The first of the eight ranges has ten pixels, half of which are lit, from the first on and then from the second.
    lit = [[any(shown[3 * k : 3 * k + 3]) for k in range(10)] for shown in (first, receiver.shows)]
    assert lit[1] == lit[0][-1:] + lit[0][:-1]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
