"""Live inputs that name the moments of their sound, in virtual time, with the real director and lights."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np

from tests.player.test_director import staged
from tests.theatre import Theatre
from yulelight.core.errors import NetworkError
from yulelight.core.messages import Song, State, Stop
from yulelight.inputs.base import Block, Clear, Heard, Playing
from yulelight.player.director import OpenInput

RATE = 44_100
BLOCK = RATE // 10
AHEAD = 5.0
SILENCE = np.zeros((BLOCK, 2), np.float32)
rng = np.random.default_rng(0)


def loud() -> np.ndarray:
    return rng.uniform(-0.5, 0.5, (BLOCK, 2)).astype(np.float32)


class Script:
    """Says what it is told, all at once."""

    def __init__(
        self, said: Callable[[float], list[Heard]], now: Callable[[], float], error: str = ""
    ) -> None:
        self.song = Song("", "A stream")
        self.closed = False
        self._said, self._now, self._error = said, now, error

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        try:
            yield self._heard()
        finally:
            self.closed = True

    async def _heard(self) -> AsyncIterator[Heard]:
        for each in self._said(self._now()):
            yield each
        if self._error:
            raise NetworkError(self._error)


def blocks(start: float, *sounds: bool) -> list[Heard]:
    """A tenth of a second each, loud or silent, from ``start`` on."""
    return [Block(loud() if on else SILENCE, start + k * 0.1) for k, on in enumerate(sounds)]


def lit(t: Theatre) -> bool:
    return any(t.levels)


@staged()
async def test_a_stream_with_a_look_ahead_leaves_in_few_packets(t: Theatre) -> None:
    """As a song does, by the tenth of a second, however small the pieces are in which its sound arrives."""

    def pieces(now: float) -> list[Heard]:
        return [
            Block(loud()[k : k + 441], now + 2 + n / 10 + k / RATE)
            for n in range(60)
            for k in range(0, 4410, 441)
        ]

    await t.say(OpenInput(Script(pieces, lambda: t.now)))
    await t.until(lambda: lit(t))
    before, begun = t.node.taken, t.now
    await asyncio.sleep(2.0)
    assert (t.node.taken - before) / (t.now - begun) <= 20


@staged()
async def test_light_comes_when_the_sound_is_heard(t: Theatre) -> None:
    began = t.now
    sound = Script(lambda now: blocks(now + AHEAD, *[False] * 10, *[True] * 20, *[False] * 30), lambda: t.now)
    await t.say(OpenInput(sound))
    await t.until(lambda: lit(t))
    # Light that knows what comes swells up about the moment of the sound, over a tenth of a second or so.
    assert AHEAD + 1.0 - 0.13 <= t.now - began <= AHEAD + 1.0 + 0.08
    await asyncio.sleep(began + AHEAD + 4.5 - t.now)
    assert not lit(t) and t.status.state is State.LIVE
    await t.state(State.IDLE)
    assert sound.closed and t.status.message == "" and t.now - began >= AHEAD + 5.9


@staged()
async def test_what_is_cleared_is_not_shown(t: Theatre) -> None:
    def said(now: float) -> list[Heard]:
        return [*blocks(now + AHEAD, *[True] * 30), Clear(), *blocks(now + AHEAD, *[False] * 30)]

    began = t.now
    await t.say(OpenInput(Script(said, lambda: t.now)))
    while t.status.state is State.LIVE:
        assert not lit(t)
        await asyncio.sleep(0.05)
    assert t.now - began >= AHEAD + 2.9


@staged()
async def test_the_input_says_what_plays(t: Theatre) -> None:
    carol = Song("", "Carol", "Choir", album="Winter")
    sound = Script(lambda now: [Playing(carol), *blocks(now + 1.0, *[False] * 10)], lambda: t.now)
    await t.say(OpenInput(sound))
    await t.until(lambda: t.status.song == carol)
    assert t.status.state is State.LIVE
    await t.until(lambda: [event.kind for event in t.events] == ["started", "song_changed"])


@staged()
async def test_cover_and_position_are_those_of_the_sender(t: Theatre) -> None:
    carol, picture = Song("", "Carol", duration=180.0), b"\xff\xd8\xff picture"
    begun = t.now
    sound = Script(
        lambda now: [Playing(carol, picture, 60.0, now), *blocks(now + 1.0, *[True] * 100)], lambda: t.now
    )
    await t.say(OpenInput(sound))
    await t.until(lambda: t.status.song and t.status.song.cover)
    song = t.status.song
    assert song is not None and song.title == "Carol"
    found = t.air.cover(song.id)
    assert found is not None and (found.data, found.media_type) == (picture, "image/jpeg")
    await asyncio.sleep(3.0)
    status = t.status
    assert abs(status.position - 60.0 - (status.as_of - begun)) < 0.1
    for k in range(5):  # of many pictures, the last are kept
        last = t.air.show_cover(b"\x89PNG" + bytes([k]))
    assert t.air.cover(song.id) is None and t.air.cover(last) is not None


@staged()
async def test_an_input_that_fails_says_why(t: Theatre) -> None:
    sound = Script(lambda now: blocks(now, *[True] * 5), lambda: t.now, "the station is gone")
    await t.say(OpenInput(sound))
    assert (await t.state(State.IDLE)).message == "the station is gone"
    await t.until(lambda: sound.closed and not lit(t), patience=0.5)


@staged()
async def test_a_stop_ends_the_input_and_what_was_sent_ahead(t: Theatre) -> None:
    sound = Script(lambda now: blocks(now + 0.5, *[True] * 200), lambda: t.now)
    await t.say(OpenInput(sound))
    await t.until(lambda: lit(t))
    await t.say(Stop())
    await asyncio.sleep(1.5)
    assert sound.closed and t.status.state is State.IDLE
    for _ in range(50):
        assert not lit(t)
        await asyncio.sleep(0.1)


class Bursts:
    """Sound as it is made, a hundredth of a second at a time: loud for a fifth of each second.

    Nothing comes from second 4 on for ``stall`` seconds; then all at once, as a network gives it.
    """

    def __init__(self, seconds: int, stall: float, now: Callable[[], float]) -> None:
        self.song = Song("", "Bursts")
        self.begun = 0.0
        self._seconds, self._stall, self._now = seconds, stall, now

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        yield self._heard()

    async def _heard(self) -> AsyncIterator[Heard]:
        self.begun = self._now()
        for k in range(self._seconds * 100):
            made = k / 100
            comes = max(made, 4.0 + self._stall) if made >= 4.0 else made
            await asyncio.sleep(max(0.0, self.begun + comes - self._now()))
            yield Block(loud()[:441] if k % 100 < 20 else SILENCE[:441])


@staged()
async def test_light_is_on_time_again_after_a_stall(t: Theatre) -> None:
    sound = Bursts(12, 1.0, lambda: t.now)
    await t.say(OpenInput(sound))
    came: list[float] = []
    dark = True
    while t.status.state is State.LIVE:
        if dark and lit(t):
            came.append(t.now - sound.begun)
        dark = not lit(t)
        await asyncio.sleep(0.005)
    late = {round(at - 0.2): at - round(at - 0.2) for at in came}
    # On the way, a window of sound, and what a busy machine takes; a second it was during the stall.
    assert all(late[second] < 0.4 for second in (1, 2, 3, 8, 9, 10, 11)), late


@staged()
async def test_a_section_is_told_when_it_is_heard(t: Theatre) -> None:
    """Ten seconds of faint noise, and ten of loud noise, five seconds before they are heard."""
    began = t.now
    parts = [Block(loud() * np.float32(0.02 if k < 100 else 1.0), began + AHEAD + k / 10) for k in range(200)]
    await t.say(OpenInput(Script(lambda now: list(parts), lambda: t.now)))
    await t.until(lambda: t.events[-1].kind == "section_changed")
    assert abs(t.now - began - AHEAD - 10.0) < 2.5  # where a section begins is known to two seconds or so
    assert t.events[-1].detail == "2"
