"""The lights actor: what nodes are told, put together as a node would, and what people see of the channels."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.safety.oracle import flashes, luminance
from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    AllOn,
    Blackout,
    ChannelState,
    GetChannels,
    Identify,
    Packet,
    ReleaseChannel,
    SetChannel,
)
from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.lights.messages import (
    Describe,
    EndShow,
    FollowShow,
    ForgetNext,
    Hold,
    LightsMessage,
    LiveFrame,
    LiveFrames,
    Standing,
    StartLive,
    StartShow,
)
from yulelight.lights.mixer import Lights
from yulelight.safety.frame import LightFrame
from yulelight.safety.limits import Light, Limits
from yulelight.show.show import Show

RATE = 86.13


class House:
    """The lights actor on a clock that only the test moves, and a node that takes its packets at their word."""

    def __init__(self, ref: Ref[LightsMessage], packets: list[Packet], channels: list[ChannelState]) -> None:
        self.ref, self.packets, self.channels = ref, packets, channels
        self.now = 100.0
        self.timeline: list[tuple[float, tuple[bytes, tuple[bool, ...]]]] = []
        self.session = -1
        self._read = 0

    def clock(self) -> float:
        return self.now

    async def say(self, message: LightsMessage) -> object:
        answer = await self.ref.ask(message)
        await self.hear()
        return answer

    async def move(self, seconds: float, step: float = 0.05) -> None:
        for _ in range(round(seconds / step)):
            self.now += step
            await self.ref.ask(None)
        await self.hear()

    async def hear(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        for packet in self.packets[self._read :]:
            if packet.session != self.session:
                self.session = packet.session
                self.timeline = [entry for entry in self.timeline if entry[0] <= self.now]
            at = packet.at / 1e6
            self.timeline = [entry for entry in self.timeline if entry[0] < at]
            for k, frame in enumerate(zip(packet.levels, packet.switched, strict=True)):
                self.timeline.append((at + k * packet.interval / 1e6, frame))
        self._read = len(self.packets)

    def shows(self, at: float) -> tuple[bytes, tuple[bool, ...]]:
        return next((f for t, f in reversed(self.timeline) if t <= at + 1e-6), (bytes(8), (False,) * 8))


@asynccontextmanager
async def house(limits: Limits | None = None, places: Sequence[float] = (0.0,) * 8) -> AsyncIterator[House]:
    packets: Broadcast[Packet] = Broadcast()
    channels: Broadcast[ChannelState] = Broadcast()
    heard: list[Packet] = []
    states: list[ChannelState] = []
    made: list[House] = []

    async def listen(source: Broadcast[Any], into: list[Any]) -> None:
        with source.subscribe(10_000) as values:
            async for value in values:
                into.append(value)  # it never ends, and must be seen meanwhile

    listeners = [
        asyncio.create_task(listen(packets, heard)),
        asyncio.create_task(listen(channels, states)),
    ]
    await asyncio.sleep(0)
    numbers = count(7)
    async with Supervisor() as supervisor:
        clock = lambda: made[0].now if made else 100.0  # noqa: E731
        ref = supervisor.start(
            lambda: Lights(packets, channels, clock, limits=limits, places=places, sessions=numbers),
            "lights",
        )
        await supervisor.started(ref)
        made.append(House(ref, heard, states))
        await made[0].hear()
        yield made[0]
    await made[0].hear()
    for task in listeners:
        task.cancel()
    await asyncio.gather(*listeners, return_exceptions=True)


def a_show(seconds: float = 10.0, level: int = 200) -> Show:
    """Every channel swells slowly to ``level`` and stays."""
    ramp = np.minimum(np.arange(int(seconds * RATE)) * 4, level).astype(np.uint8)
    levels = np.repeat(ramp[:, None], 8, axis=1)
    return Show(levels, levels > 100, RATE, (0.0,), "test")


async def test_an_idle_house_is_dark_and_led() -> None:
    async with house() as h:
        await h.move(3.0)
        assert h.shows(h.now) == (bytes(8), (False,) * 8)
        gaps = np.diff([p.at / 1e6 for p in h.packets])
        assert gaps.max() <= 1.0


async def test_a_song_leaves_ahead_of_its_time_and_shows_on_time() -> None:
    async with house() as h:
        show = a_show()
        await h.say(StartShow(show, h.now + 0.3))
        start = h.now + 0.3
        await h.move(3.0)
        assert h.timeline[-1][0] > h.now + 0.5
        for at in (start + 0.5, start + 1.0, start + 2.5):
            k = int((at - start) * RATE + 1e-6)
            assert h.shows(at)[0] == show.levels[k].tobytes()
            assert h.shows(at)[1] == tuple(show.switched[k].tolist())


async def test_beats_are_told_once_with_the_frames_around_them() -> None:
    async with house() as h:
        start = h.now + 0.3
        beats = (0.2, 0.7, 1.2, 1.7)
        await h.say(StartShow(replace(a_show(), beats=beats), start))
        await h.move(1.5)
        told = [(packet, beat) for packet in h.packets for beat in packet.beats]
        assert [beat / 1e6 for _, beat in told] == pytest.approx(
            [start + beat for beat in beats[: len(told)]]
        )
        assert len(told) >= 3
        for packet, beat in told:
            assert packet.at <= beat < packet.at + len(packet.levels) * packet.interval


async def test_packets_are_numbered_and_a_new_song_is_a_new_session() -> None:
    async with house() as h:
        await h.say(StartShow(a_show(), h.now))
        await h.move(0.5)
        await h.say(StartShow(a_show(), h.now))
        await h.move(0.5)
        sessions = list(dict.fromkeys(p.session for p in h.packets))
        assert sessions == sorted(sessions)
        assert len(sessions) == 3
        for session in sessions:
            numbers = [p.sequence for p in h.packets if p.session == session]
            assert numbers == list(range(len(numbers)))


async def test_the_same_start_again_changes_nothing() -> None:
    async with house() as h:
        start = StartShow(a_show(), h.now)
        await h.say(start)
        await h.move(0.5)
        session = h.packets[-1].session
        await h.say(start)
        await h.move(0.2)
        assert h.packets[-1].session == session


async def test_a_person_takes_a_channel_over_at_once_and_gives_it_back() -> None:
    async with house() as h:
        await h.say(StartShow(a_show(), h.now))
        await h.move(1.0)
        await h.say(SetChannel(3, True, 17))
        await h.move(0.05)
        assert h.shows(h.now)[0][2] == 17
        assert h.shows(h.now)[0][1] == 200
        assert h.channels[-1] == ChannelState(3, True, 17)
        await h.say(ReleaseChannel(3))
        await h.move(1.0)
        assert h.shows(h.now)[0][2] == 200
        assert h.channels[-1] == ChannelState(3, True, 255, "show")


async def test_after_the_show_the_house_is_as_people_left_it() -> None:
    async with house() as h:
        await h.say(SetChannel(5, True, 90))
        await h.move(0.5)
        assert h.shows(h.now)[0][4] == 90
        await h.say(StartShow(a_show(), h.now))
        await h.say(SetChannel(5, False))
        await h.move(1.0)
        assert h.shows(h.now)[0][4] == 0
        await h.say(EndShow())
        await h.move(0.5)
        assert h.shows(h.now)[0] == bytes([0, 0, 0, 0, 90, 0, 0, 0])
        states = await h.say(GetChannels())
        assert isinstance(states, tuple)
        assert states[4] == ChannelState(5, True, 90)
        assert not any(state.on for n, state in enumerate(states) if n != 4)


async def test_hold_keeps_the_frame_and_blackout_wins_over_everything() -> None:
    async with house() as h:
        await h.say(StartShow(a_show(), h.now))
        await h.move(1.5)
        await h.say(Hold())
        await h.move(1.0)
        assert h.shows(h.now)[0] == bytes([200] * 8)
        await h.say(SetChannel(1, True, 255))
        await h.say(Blackout(True))
        assert h.shows(h.now) == (bytes(8), (False,) * 8)
        await h.say(SetChannel(2, True, 255))
        await h.move(0.5)
        assert h.shows(h.now) == (bytes(8), (False,) * 8)
        await h.say(Blackout(False))
        await h.move(1.5)
        assert h.shows(h.now)[0] == bytes([255, 255, 200, 200, 200, 200, 200, 200])


def one_frame(frame: LightFrame, at: float, pan: float = 0.0) -> LiveFrames:
    """A single frame of a stream."""
    return LiveFrames((LiveFrame(frame, at, pan),))


async def test_live_frames_show_at_their_time() -> None:
    async with house() as h:
        await h.say(StartLive())
        await h.say(one_frame((bytes([50] * 8), (True,) * 8), h.now + 0.02))
        assert h.shows(h.now + 0.02) == (bytes([50] * 8), (True,) * 8)
        await h.move(1.0)
        assert h.shows(h.now)[0] == bytes([50] * 8)


async def test_live_frames_that_follow_each_other_leave_in_one_packet() -> None:
    """A jump of the stream begins another."""
    async with house() as h:
        await h.say(StartLive())
        before = len(h.packets)
        moments = [h.now + 0.05 + k / FRAME_RATE for k in range(9)]
        moments += [moments[-1] + 0.02 + k / FRAME_RATE for k in range(3)]
        frames = [(bytes([100 + k] * 8), (True,) * 8) for k in range(12)]
        await h.say(LiveFrames(tuple(map(LiveFrame, frames, moments))))
        assert [len(packet.levels) for packet in h.packets[before:]] == [9, 3]
        for frame, at in zip(frames, moments, strict=True):
            assert h.shows(at + 1e-3) == frame


async def test_the_light_leans_to_the_side_of_the_sound() -> None:
    """Only the show's: what a person set stays as it was set."""
    async with house(places=[-1.0, -1.0, -0.5, 0.0, 0.0, 0.5, 1.0, 1.0]) as h:
        right = replace(a_show(level=100), pan=np.full(len(a_show().levels), 127, np.int8))
        await h.say(StartShow(right, h.now))
        await h.say(SetChannel(1, True, 100))
        await h.move(3.0)
        assert h.shows(h.now)[0] == bytes([100, 50, 75, 100, 100, 125, 150, 150])
        await h.say(StartLive())
        for _ in range(20):
            await h.say(one_frame((bytes([100] * 8), (True,) * 8), h.now, -1.0))
            await h.move(0.1)
        assert h.shows(h.now)[0] == bytes([100, 150, 125, 100, 100, 75, 50, 50])


async def test_live_frames_after_the_end_are_ignored() -> None:
    async with house() as h:
        await h.say(one_frame((bytes([50] * 8), (True,) * 8), h.now))
        await h.move(0.2)
        assert h.shows(h.now)[0] == bytes(8)


async def test_a_channel_that_does_not_exist_is_an_answer_not_a_crash() -> None:
    async with house() as h:
        with pytest.raises(CommandError, match="no channel 9"):
            await h.say(SetChannel(9, True))
        await h.say(SetChannel(8, True))


async def test_everything_is_dark_when_the_actor_stops() -> None:
    async with house() as h:
        await h.say(SetChannel(1, True, 255))
        await h.move(0.5)
        assert h.shows(h.now)[0][0] == 255
    assert h.shows(h.now) == (bytes(8), (False,) * 8)


command = st.one_of(
    st.builds(SetChannel, st.integers(1, 8), st.booleans(), st.sampled_from([1, 128, 255])),
    st.builds(ReleaseChannel, st.integers(1, 8)),
    st.builds(Blackout, st.booleans()),
    st.builds(AllOn, st.booleans()),
    st.builds(Identify, st.none() | st.integers(1, 8)),
    st.builds(Standing, st.booleans(), st.booleans(), st.sampled_from([0.0, 0.4, 1.0])),
    st.builds(FollowShow, st.builds(a_show, st.just(1.5), st.sampled_from([120, 255])), st.floats(99, 106)),
    st.builds(StartShow, st.builds(a_show, st.just(1.5), st.sampled_from([120, 255])), st.floats(99, 106)),
    st.sampled_from([Hold(), EndShow(), StartLive()]),
    st.builds(
        lambda level, at: one_frame((bytes([level] * 8), (level > 100,) * 8), at),
        st.sampled_from([0, 255]),
        st.just(0.0),
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(command, st.sampled_from([0.0, 0.05, 0.15, 0.4])), max_size=50))
def test_no_sequence_of_commands_flashes_the_house(steps: list[tuple[LightsMessage, float]]) -> None:
    async def run() -> None:
        async with house() as h:
            seen: list[tuple[float, float, float]] = []
            for message, pause in [*steps, (EndShow(), 1.0)]:
                if isinstance(message, LiveFrames):
                    message = one_frame(message.frames[0].frame, h.now + 0.001)  # noqa: PLW2901
                await h.say(message)
                for _ in range(round(pause / 0.01)):
                    h.now += 0.01
                    await h.ref.ask(None)
                    await h.hear()
                    levels, on = h.shows(h.now)
                    seen.append((h.now, sum(levels) / 255 / 8, sum(on) / 8))
            times, dimmed, switched = zip(*seen, strict=True)
            assert flashes(times, dimmed) <= 3
            assert flashes(times, switched) <= 3

    asyncio.run(run())


async def test_what_people_switch_on_stays_within_the_power_budget() -> None:
    async with house(Limits.of([50] * 8, 160)) as h:
        for channel in range(1, 9):
            await h.say(SetChannel(channel, True, 255))
        await h.move(2.0)
        settled = len(h.packets)
        levels, on = h.shows(h.now)
        assert 0.95 * 160 < sum(levels) / 255 * 50 <= 160
        assert sum(on) == 3
        await h.move(2.0)
        assert len(h.packets) - settled <= 5, "no more than heartbeats"


async def test_the_next_show_follows_without_a_dark_frame_and_can_be_forgotten() -> None:
    async with house() as h:
        one, two = Show(*steady(90), RATE, (), "test"), Show(*steady(180), RATE, (), "test")
        start = h.now
        await h.say(StartShow(one, start))
        await h.move(1.5)
        await h.say(FollowShow(two, start + one.duration))
        await h.say(ForgetNext())
        await h.say(FollowShow(two, start + one.duration))
        session = h.session
        while h.now < start + one.duration + 1.0:
            await h.move(0.05)
            assert 90 <= h.shows(h.now)[0][0] <= 180
        assert h.shows(h.now)[0] == bytes([180] * 8)
        assert h.session == session, "no seam"
        await h.say(StartShow(two, start + one.duration))
        assert h.session == session, "said again, nothing changes"


def steady(level: int, seconds: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    levels = np.full((int(seconds * RATE), 8), level, np.uint8)
    return levels, levels > 0


async def test_a_start_that_slides_goes_on_without_a_seam() -> None:
    async with house() as h:
        show, start = Show(*steady(90, 20.0), RATE, (), "test"), h.now
        await h.say(StartShow(show, start))
        await h.move(1.5)
        session = h.session
        for k in range(40):
            await h.say(StartShow(show, start - 0.002 * k))
            await h.move(0.1)
            assert h.shows(h.now)[0] == bytes([90] * 8)
        assert h.session == session
        times = [at for at, _ in h.timeline]
        assert times == sorted(times)
        await h.say(StartShow(show, start - 5.0))
        assert h.session != session, "a jump is a seam"


async def test_people_are_over_the_idle_scene_and_give_back_to_it() -> None:
    idle = (bytes([0, 40] * 4), (False, True) * 4)
    async with house() as h:
        await h.say(Standing(idle=idle))
        await h.move(1.0)
        assert h.shows(h.now) == idle
        assert h.channels[-1] == ChannelState(8, True, 40)
        await h.say(SetChannel(1, True, 200))
        await h.move(1.0)
        assert h.shows(h.now)[0] == bytes([200, *idle[0][1:]])
        await h.say(ReleaseChannel(1))
        await h.move(1.0)
        assert h.shows(h.now) == idle


async def test_what_stands_holds_over_a_show_and_all_on_is_full_whatever_the_brightness() -> None:
    async with house() as h:
        await h.say(Standing(all_on=True, brightness=0.1))
        await h.move(1.0)
        assert h.shows(h.now) == (bytes([255] * 8), (True,) * 8)
        await h.say(StartShow(a_show(), h.now))
        await h.move(1.0)
        assert h.shows(h.now) == (bytes([255] * 8), (True,) * 8)
        await h.say(AllOn(False))
        await h.move(2.0)
        assert h.shows(h.now)[0] == bytes([20] * 8)
        await h.say(Standing(brightness=0.0))
        await h.move(2.0)
        assert h.shows(h.now) == (bytes(8), (False,) * 8)


async def test_what_the_nodes_are_changes_the_limits_from_now_on() -> None:
    """Relays that switch together once in a while pass; when they turn out to be dimmers, their levels count."""
    lamps = tuple(Light(channel=n, kind="relay", node="porch") for n in range(1, 9))
    flicker = np.zeros((400, 8), np.uint8)
    flicker[::8] = flicker[1::8] = flicker[2::8] = flicker[3::8] = 255
    async with house() as home:
        await home.say(Describe(lamps))
        await home.say(StartShow(Show(flicker, flicker < 0, 50.0, (), "test"), home.now))
        await home.move(2.0)
        before = [home.shows(home.now - 1 + k / 50)[0][0] for k in range(50)]
        assert sorted(set(before)) == [0, 255]
        await home.say(Describe(tuple(replace(light, kind="dimmer") for light in lamps)))
        began = home.now
        await home.move(3.0)
        times = [began + k / 50 for k in range(150)]
        assert flashes(times, [luminance(home.shows(at)[0][0]) for at in times]) <= 3


@pytest.mark.parametrize(("nodes", "at_once"), [(("porch",), True), (("porch", "gable"), False)])
async def test_interventions_that_follow_each_other_reach_several_nodes_before_they_take_effect(
    nodes: tuple[str, ...], at_once: bool
) -> None:
    """The first is for now, and so is darkness; others are told ahead where more than one node has to act on them."""
    lamps = tuple(Light(channel=n, kind="relay", node=nodes[n % len(nodes)]) for n in range(1, 9))
    async with house() as home:
        await home.say(Describe(lamps))
        await home.move(2.0)
        moments = []
        for message in (
            SetChannel(1, True, 255),
            SetChannel(2, True, 255),
            StartLive(),
            one_frame((bytes(8), (True,) * 8), home.now + 0.16),
            Blackout(True),
        ):
            home.now += 0.05
            await home.say(message)
            moments.append(home.packets[-1].at / 1e6 - home.now)
        first, second, third, live, dark = moments
        assert first == pytest.approx(0.0, abs=1e-5)
        assert dark == pytest.approx(0.0, abs=1e-5)
        for told in (second, third):
            assert told == pytest.approx(0.0, abs=1e-5) if at_once else 0.06 <= told <= 0.2
        # Never before what was told, or the past would change.
        assert live + 0.05 >= third - 1e-5
        await home.move(3.0)
        await home.say(SetChannel(3, True, 255))
        assert home.packets[-1].at / 1e6 == pytest.approx(home.now, abs=1e-5)
