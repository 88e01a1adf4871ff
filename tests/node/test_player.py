"""The player on a clock of the test's own, with the event loop's real timers."""

import asyncio
import time

from tests.mqtt.house import eventually
from yulelight.messages import CHANNELS, Packet
from yulelight.node.clock import ClockFilter
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.player import Player
from yulelight.node.timeline import Frame

AHEAD = 300_000_000


def synced() -> ClockFilter:
    """A service whose clock is AHEAD µs ahead of ours."""
    sync = ClockFilter()
    now = round(time.monotonic() * 1e6)
    for n in range(8):
        sync.add(now + n, now + n + AHEAD, now + n + AHEAD, now + n)
    return sync


async def test_frames_are_shown_in_order_and_never_before_their_moment() -> None:
    shown: list[tuple[float, Frame]] = []
    driver = SimulatedDriver(draw=False)
    player = Player(driver, synced(), on_frame=lambda frame: shown.append((time.monotonic() * 1e6, frame)))
    task = asyncio.create_task(player.run())
    at = player.local_us() + AHEAD + 50_000
    levels = tuple(bytes([n]) * CHANNELS for n in range(1, 11))
    player.feed(Packet(1, 1, at, 5_000, levels, ((True,) * CHANNELS,) * 10))
    await eventually(lambda: shown and shown[-1][1].levels == levels[-1])
    task.cancel()
    moments = [frame.at for _, frame in shown]
    assert moments == sorted(moments)
    for when, frame in shown:
        assert when >= frame.at - AHEAD - 10
        assert frame.levels == levels[(frame.at - at) // 5_000]
    assert player.shown + player.timeline.dropped == 10


async def test_it_goes_dark_when_nobody_leads_any_more_and_comes_back() -> None:
    shown: list[bytes] = []
    driver = SimulatedDriver(on_show=lambda levels, switched: shown.append(levels), draw=False)
    player = Player(driver, synced(), deadline=0.1)
    task = asyncio.create_task(player.run())
    for sequence in range(2):
        at = player.local_us() + AHEAD
        player.feed(Packet(1, sequence, at, 5_000, (b"\xff" * CHANNELS,), ((True,) * CHANNELS,)))
        assert player.led
        await eventually(lambda: not player.led)
        assert shown == [b"\xff" * CHANNELS, bytes(CHANNELS)]
        shown.clear()
    task.cancel()


async def test_packets_of_the_past_do_not_lead() -> None:
    player = Player(SimulatedDriver(draw=False), synced())
    player.feed(Packet(1, 1, player.local_us(), 5_000, (b"\xff" * CHANNELS,), ((True,) * CHANNELS,)))
    assert not player.led
    assert player.timeline.late == 1
