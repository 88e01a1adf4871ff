"""Frames of another service: what replaces what, and that the mixer holds them to this house's limits."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.lights.test_mixer import house
from tests.safety.oracle import flashes
from yulelight.core.messages import SetChannel
from yulelight.lights.led import FRAMES, RUNS, Led
from yulelight.lights.messages import DARK, EVERY, EndShow, LedFrames, Standing
from yulelight.safety.frame import LightFrame

STEP = 0.01


def frame(level: int) -> LightFrame:
    return bytes([level]) * 8, (level > 0,) * 8


def run(at: float, *levels: int, interval: float = STEP) -> LedFrames:
    return LedFrames(tuple(map(frame, levels)), at, interval)


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.lists(st.integers(1, 255), min_size=1, max_size=30)), max_size=8
    )
)
def test_what_comes_replaces_what_would_follow(said: list[tuple[int, list[int]]]) -> None:
    """The oracle: a table of hundredths of a second, in which each run overwrites all from its begin on."""
    led, table = Led(EVERY, DARK), [0] * 200
    for begin, levels in said:
        led.add(run(begin * STEP, *levels), 0.0)
        for k in range(begin, len(table)):
            table[k] = levels[min(k - begin, len(levels) - 1)]
    for k, level in enumerate(table):
        assert led.frame(k * STEP + STEP / 2) == frame(level)
    shown = [at for times, _ in led.due(0.0, 2.0) for at in times]
    assert all(one < other for one, other in pairwise(shown))


def test_of_what_is_over_the_frame_in_force_shows_soon() -> None:
    led = Led(EVERY, DARK)
    first = led.add(run(1.0, 10, 20, 30, 40), 1.025)
    assert 1.025 < first < 1.03
    assert led.frame(1.0265) == frame(30)
    assert led.frame(1.031) == frame(40)
    assert led.frame(9.0) == frame(40)


def test_what_waits_is_bounded() -> None:
    led = Led(EVERY, DARK)
    for k in range(2000):
        led.add(run(1.0 + k / 100, *[9] * 100, interval=1e-4), 0.0)
    assert sum(len(times) for times, _ in led.due(0.0, 1e9)) <= FRAMES + 100
    led = Led(EVERY, DARK)
    for k in range(2000):
        led.add(run(1.0 + k / 1000, 9), 0.0)
    assert sum(1 for _ in led.due(0.0, 1e9)) <= RUNS


async def test_the_mixer_shows_them_at_their_moment_and_returns_to_its_idle_scene() -> None:
    async with house() as h:
        idle = Standing(idle=frame(60))
        await h.say(idle)
        await h.move(2.0)
        assert h.shows(h.now) == frame(60)
        begin = h.now + 0.55
        for k in range(30):
            await h.say(run(begin + k / 10, *range(60 + 3 * k, 70 + 3 * k)))
            if k == 0:
                assert h.shows(begin - 0.01) == frame(60), "nothing changes before the first frame"
            await h.move(0.1)
        for k in range(24):
            assert h.shows(begin + k / 10 + 0.055) == frame(65 + 3 * k)
        await h.say(EndShow())
        await h.move(2.0)
        assert h.shows(h.now) == frame(60)


async def test_people_come_before_the_other_service() -> None:
    async with house() as h:
        for k in range(10):
            await h.say(run(h.now + 0.5, *[80] * 10))
            if k == 5:
                await h.say(SetChannel(3, True, 7))
            await h.move(0.1)
        levels, _ = h.shows(h.now)
        assert levels == bytes([80, 80, 7, 80, 80, 80, 80, 80])
        assert h.shows(h.now + 0.4)[0] == levels


async def test_a_hostile_leader_cannot_make_the_house_flash() -> None:
    async with house() as h:
        seen: list[tuple[float, float, float]] = []
        for k in range(40):
            await h.say(run(h.now + 0.3, *[255, 0] * 5))
            await h.say(run(h.now - 0.2, *[255 * (k % 2)] * 40))
            for _ in range(10):
                await h.move(0.01, step=0.01)
                levels, on = h.shows(h.now)
                seen.append((h.now, sum(levels) / 255 / 8, sum(on) / 8))
        times, dimmed, switched = zip(*seen, strict=True)
        assert flashes(times, dimmed) <= 3
        assert flashes(times, switched) <= 3
        assert max(dimmed) > 0.5
