"""Stations among the songs of a show, in virtual time: where they are heard, what follows, what interrupts them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.player.test_director import staged
from tests.player.test_live_input import loud
from tests.theatre import Theatre, theatre
from tests.virtual_time import VirtualLoop
from yulelight.core.errors import CommandError, NetworkError
from yulelight.core.messages import (
    Announce,
    Next,
    Pause,
    Play,
    Repeat,
    Resume,
    SetOption,
    Song,
    State,
    Status,
    Stop,
)
from yulelight.core.reach import Reach
from yulelight.inputs import station as module
from yulelight.inputs.base import Block, Heard, Playing
from yulelight.library.playlists import Playlist, Scene
from yulelight.library.songs import LibrarySong
from yulelight.library.stations import Station, StationEntry
from yulelight.player.director import Suspend

NOEL = Station("Noel", "http://noel.example/live")
CAROL = Song("", "Carol", "Choir", album="Noel")


class Radio:
    """Sends four seconds at once, and then as fast as it is heard. "dead" addresses do not answer."""

    def __init__(self, song: Song, url: str, reach: Reach) -> None:
        self.song, self.name, self.finite = song, "", False
        self._url = url

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        if "dead" in self._url:
            raise NetworkError("the station does not answer")
        yield self._heard()

    async def _heard(self) -> AsyncIterator[Heard]:
        yield Playing(replace(CAROL, album=self.song.title))
        for _ in range(40):
            yield Block(loud())
        while True:
            await asyncio.sleep(0.1)
            yield Block(loud())


@pytest.fixture(autouse=True)
def radio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RadioInput", Radio)


def lit(t: Theatre) -> int:
    return sum(level > 0 for level in t.levels)


def streams(t: Theatre) -> list[float]:
    """When each stream was to be heard."""
    return [at for kind, *_, at in t.ear.told if kind == "stream"]


async def on(t: Theatre, condition: Callable[[Status], object]) -> Status:
    await t.until(lambda: condition(t.status))
    return t.status


@staged()
async def test_a_station_is_lit_when_the_card_sounds_it(t: Theatre) -> None:
    t.stations.append(NOEL)
    begun = t.now
    await t.say(Play(station="noel"))
    status = await on(t, lambda status: status.state is State.LIVE and status.song == CAROL)
    assert status.sound == "", "it is not for a player elsewhere"
    await t.until(lambda: streams(t))
    (at,) = streams(t)
    assert begun < at < begun + 1.0
    assert len(next(t.ear.streamed)) > 0
    await t.until(lambda: lit(t) > 1)
    assert at - 0.2 < t.now < at + 0.2
    assert t.ear.hears(at + 1) is not None
    await t.say(Stop())
    await asyncio.sleep(1.0)
    assert t.ear.hears(t.now) is None and lit(t) == 0 and t.status.state is State.IDLE


@staged()
async def test_a_station_plays_its_time_in_a_list_and_the_songs_follow(t: Theatre) -> None:
    songs = [LibrarySong(t.songs[k], t.library.find(t.songs[k].id).path) for k in (0, 1)]
    t.lists.lists["Evening"] = Playlist("Evening", (songs[0], StationEntry(NOEL, 20.0), songs[1]))
    await t.say(Play(playlist="Evening"))
    await t.plays(0)
    assert [song.title for song in t.status.queue] == ["Noel", "song 1"]
    await t.state(State.LIVE)
    begun = t.now
    assert t.status.playlist == "Evening"
    await t.plays(1)
    assert begun + 19 < t.now < begun + 45  # work takes real time, and the machine may be busy
    await asyncio.sleep(1.0)
    assert t.levels == bytes([0, 200, 0, 0, 0, 0, 0, 0])
    await t.state(State.IDLE)
    assert t.status.message == ""


@staged()
async def test_a_station_that_does_not_answer_is_left_out(t: Theatre) -> None:
    song = t.library.find(t.songs[0].id)
    dead = StationEntry(Station("Gone", "http://dead.example/"))
    t.lists.lists["Evening"] = Playlist("Evening", (dead, song))
    await t.say(Play(playlist="Evening"))
    await t.plays(0)
    assert t.status.message == "the station does not answer"
    assert "failed" in [event.kind for event in t.events]
    t.stations.append(dead.station)
    await t.say(Play(station="Gone"))
    assert (await t.state(State.IDLE)).message == "the station does not answer"


@staged()
async def test_an_announcement_is_heard_alone_and_the_station_comes_back(t: Theatre) -> None:
    t.stations.append(NOEL)
    await t.say(Play(station=NOEL.id))
    await t.until(lambda: lit(t) > 1)
    await t.say(Announce(t.songs[1].id))
    await t.plays(1)
    await asyncio.sleep(1.0)
    assert t.levels == bytes([0, 200, 0, 0, 0, 0, 0, 0])
    heard = t.ear.hears(t.now)
    assert heard is not None and heard[0] == "song 1"
    await t.state(State.LIVE)
    await t.until(lambda: lit(t) > 1)
    await t.until(lambda: len(streams(t)) == 2)
    await asyncio.sleep(1.0)
    heard = t.ear.hears(streams(t)[1] + 1.0)
    assert heard is not None and heard[0] == "stream"


@staged()
async def test_next_goes_to_the_next_station_and_then_to_the_list(t: Theatre) -> None:
    other = Station("Other", "http://other.example/")
    t.stations.extend([NOEL, other])
    await t.say(Play(station="Noel"))
    await t.state(State.LIVE)
    for message in (Pause(), Play(station="None")):
        with pytest.raises(CommandError, match=r"live, stop it instead|no such station"):
            await t.say(message)
    await t.say(Next())
    await on(t, lambda status: status.song == replace(CAROL, album="Other"))
    await t.state(State.LIVE)
    await t.say(Play(t.songs[0].id, enqueue="add"))
    await t.say(Next())
    await t.plays(0)


@staged()
async def test_the_delay_of_the_lights_holds_for_stations(t: Theatre) -> None:
    t.stations.append(NOEL)
    await t.say(SetOption("delay", 1.0))
    await t.say(Play(station="Noel"))
    await t.until(lambda: lit(t) > 1)
    assert streams(t)[0] + 0.8 < t.now < streams(t)[0] + 1.2


@staged(remote=True)
async def test_a_player_elsewhere_gets_a_station_as_a_stream(t: Theatre) -> None:
    t.stations.append(NOEL)
    await t.say(Play(station="Noel"))
    status = await t.state(State.LIVE)
    assert status.sound == "live" and t.air.stream is not None
    async with t.air.stream.listening() as pieces:
        assert sum([len(await anext(pieces)) for _ in range(20)]) > 5_000
    assert streams(t) == []


@staged()
async def test_a_show_that_ends_after_this_song_does_not_wait_for_a_station(t: Theatre) -> None:
    """The calendar ends its shows so; what the playlist does afterwards is done."""
    scene = Scene((200,) * 8, 2.0)
    t.lists.lists["Evening"] = Playlist("Evening", (StationEntry(NOEL),), post=(scene,))
    await t.say(Play(playlist="Evening", repeat=Repeat.ALL))
    await t.state(State.LIVE)
    await t.say(Stop(after_song=True))
    await t.state(State.POST_SHOW)
    await t.until(lambda: t.levels == bytes([200] * 8))
    assert (await t.state(State.IDLE)).message == ""
    t.stations.append(NOEL)
    await t.say(Play(station="Noel"))
    await t.state(State.LIVE)
    await t.say(Stop(after_song=True))
    assert t.status.state is State.IDLE


def test_a_station_is_resumed_after_a_restart_with_its_time(tmp_path: Path) -> None:
    async def evening() -> None:
        async with theatre(tmp_path, remember=True, resume_within=1.0, wall=lambda: 0.0) as t:
            t.stations.append(NOEL)
            t.lists.lists["Evening"] = Playlist("Evening", (StationEntry(NOEL, 20.0), StationEntry(NOEL)))
            await t.say(Play(playlist="Evening"))
            await t.state(State.LIVE)
            await t.say(Suspend())
        async with theatre(tmp_path, remember=True, resume_within=1.0, wall=lambda: 60.0) as t:
            t.stations.append(NOEL)
            await t.say(Resume())
            begun = t.now
            assert t.status.playlist == "Evening" and [song.title for song in t.status.queue] == ["Noel"]
            await t.state(State.LIVE)
            await t.until(lambda: not t.status.queue)
            assert begun + 19 < t.now < begun + 45  # work takes real time, and the machine may be busy
            await asyncio.sleep(60)
            assert t.status.state is State.LIVE

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(evening())
