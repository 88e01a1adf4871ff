"""A live input beside everything else that a show can be asked for, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from tests.player.test_director import staged
from tests.player.test_live_input import blocks, loud
from tests.theatre import Theatre
from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    Announce,
    Next,
    Pause,
    Play,
    Previous,
    Resume,
    Seek,
    SetOption,
    Song,
    State,
    Stop,
)
from yulelight.inputs.base import Block, Heard
from yulelight.player.director import OpenInput


class LineIn:
    """Sounds all the time, a tenth of a second after the other, and names no moments."""

    def __init__(self, now: Callable[[], float], ahead: float = 0.0) -> None:
        self.song = Song("", "Line in")
        self.taken = 0
        self._now, self._ahead = now, ahead

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        yield self._heard()

    async def _heard(self) -> AsyncIterator[Heard]:
        begun = self._now()
        while True:
            due = begun + self.taken / 10
            await asyncio.sleep(due - self._now())
            self.taken += 1
            yield Block(loud(), None)


def lit(t: Theatre) -> int:
    """How many channels are lit."""
    return sum(level > 0 for level in t.levels)


async def flickers(t: Theatre) -> bool:
    """Whether the lights move as they do with noise: levels of a song of this theatre stand still."""
    seen = set()
    for _ in range(20):
        seen.add(t.levels)
        await asyncio.sleep(0.05)
    return len(seen) > 5


@staged()
async def test_a_song_is_announced_and_the_stream_goes_on_afterwards(t: Theatre) -> None:
    await t.say(OpenInput(LineIn(lambda: t.now)))
    await t.until(lambda: lit(t) > 1)
    assert await flickers(t)
    await t.say(Announce(t.songs[1].id))
    await t.plays(1)
    await asyncio.sleep(1.0)
    assert t.levels == bytes([0, 200, 0, 0, 0, 0, 0, 0])
    assert not await flickers(t), "the stream is not seen meanwhile"
    status = await t.state(State.LIVE)
    assert status.song is not None
    assert status.song.title == "Line in"
    await asyncio.sleep(1.0)
    assert await flickers(t)
    assert t.ear.hears(t.now) is None


@staged()
async def test_what_a_stream_cannot_do_is_refused_and_it_goes_on(t: Theatre) -> None:
    await t.say(OpenInput(LineIn(lambda: t.now)))
    await t.until(lambda: lit(t) > 1)
    for message in (Pause(), Seek(1.0), Resume(), Next(), Previous(), OpenInput(LineIn(lambda: t.now))):
        with pytest.raises(CommandError):
            await t.say(message)
    assert t.status.state is State.LIVE
    assert await flickers(t)


@staged()
async def test_a_modest_input_waits_for_silence_and_another_ends_what_plays(t: Theatre) -> None:
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    with pytest.raises(CommandError, match="something else plays"):
        await t.say(OpenInput(LineIn(lambda: t.now), modest=True))
    assert t.status.state is State.PLAYING
    status = await t.say(OpenInput(LineIn(lambda: t.now)))
    assert status.state is State.LIVE
    assert t.ear.hears(t.now) is None
    await t.say(Play(t.songs[0].id))
    await t.plays(0)
    await asyncio.sleep(1.5)
    assert not await flickers(t)


@staged()
async def test_a_look_is_changed_without_a_gap(t: Theatre) -> None:
    source = LineIn(lambda: t.now)
    await t.say(OpenInput(source))
    await t.until(lambda: lit(t) > 1)
    assert (await t.say(SetOption("look", "calm"))).look == "calm"
    taken = source.taken
    for _ in range(20):
        assert lit(t) > 0
        await asyncio.sleep(0.05)
    assert source.taken >= taken + 9


@staged(remote=True)
async def test_a_player_elsewhere_gets_the_stream_and_the_lights_wait_for_it(t: Theatre) -> None:
    assert t.status.sound == ""
    await t.say(SetOption("delay", 2.0))
    begun = t.now
    await t.say(OpenInput(LineIn(lambda: t.now)))
    assert t.status.sound == "live"
    await t.until(lambda: t.air.stream)
    assert t.air.stream is not None
    async with t.air.stream.listening() as pieces:
        await t.until(lambda: lit(t) > 0)
        assert 2.0 <= t.now - begun < 2.5
        assert sum([len(await anext(pieces)) for _ in range(20)]) > 5_000
        await t.say(Stop())
        async for _ in pieces:
            pass  # up to its end
    assert t.air.stream is None


class Hasty:
    """Gives away sound for two minutes as fast as it is taken, each tenth of a second with its moment."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.song = Song("", "Hasty")
        self.taken = 0
        self._now = now

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        yield self._heard()

    async def _heard(self) -> AsyncIterator[Heard]:
        for block in blocks(self._now() + 1.0, *[False] * 1200):
            self.taken += 1
            yield block


@staged()
async def test_sound_is_taken_a_minute_ahead_and_no_more(t: Theatre) -> None:
    source = Hasty(lambda: t.now)
    begun = t.now

    def ahead() -> float:
        return 1.0 + source.taken / 10 - (t.now - begun)

    await t.say(OpenInput(source))
    await t.until(lambda: ahead() > 58.0)
    for _ in range(20):
        assert ahead() < 62.0
        await asyncio.sleep(0.5)
