"""Frames of a live input on their way: in order, at their moments, and none that is late while a newer one is there."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from yulelight.lights.messages import LiveFrame, LiveFrames
from yulelight.player.outbox import Outbox

DARK = (bytes(8), (False,) * 8)


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Posted:
    """What was posted to the lights, with the time at which it was."""

    clock: Clock
    frames: list[tuple[float, float]] = field(default_factory=list)
    messages: int = 0

    def post(self, message: LiveFrames) -> None:
        self.frames += [(self.clock.now, frame.at) for frame in message.frames]
        self.messages += 1


def outbox() -> tuple[Outbox, Posted, Clock]:
    clock = Clock()
    posted = Posted(clock)
    return Outbox(cast("Any", posted), clock, 0.02, lambda number: None), posted, clock


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=40))
def test_moments_never_go_back(offsets: list[float]) -> None:
    async def play() -> None:
        box, posted, clock = outbox()
        for offset in offsets:
            box.put([LiveFrame(DARK, clock.now + offset)])
        box.clear()
        moments = [at for _, at in posted.frames]
        assert moments == sorted(set(moments))
        assert all(at <= clock.now + 0.37 + 1e-9 for at in moments)

    asyncio.run(play())


async def test_after_a_stall_only_the_newest_of_the_late_frames_is_shown() -> None:
    box, posted, clock = outbox()
    box.put([LiveFrame(DARK, 100.3 + k / 100) for k in range(100)])
    assert not posted.frames
    clock.now = 101.0  # the loop slept on
    while not posted.frames:
        await asyncio.sleep(0.01)
    late = [at for sent, at in posted.frames if at < sent - 0.05]
    assert not late
    assert len(posted.frames) >= 25


async def test_sound_that_is_due_sooner_takes_the_place_of_what_waits() -> None:
    box, posted, clock = outbox()
    box.put([LiveFrame(DARK, at) for at in (101.0, 101.1, 101.2)])
    box.put([LiveFrame(DARK, 101.05)])
    assert box.last == 101.05
    clock.now = 100.9
    while not posted.frames:
        await asyncio.sleep(0.01)
    assert [at for _, at in posted.frames] == [101.0, 101.05]


async def test_frames_leave_by_the_tenth_of_a_second() -> None:
    box, posted, clock = outbox()
    box.put([LiveFrame(DARK, 100.3 + k / 100) for k in range(30)])
    clock.now = 100.04
    while not posted.frames:
        await asyncio.sleep(0.01)
    box.clear()
    assert posted.messages == 1
    assert 10 <= len(posted.frames) <= 12
