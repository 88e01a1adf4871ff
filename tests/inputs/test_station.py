"""A station that is played: a real one on this machine, which breaks off, stays away, or is none."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import numpy as np
import pytest

from tests.radio import Station, on_air
from yulelight.core.errors import NetworkError, YulelightError
from yulelight.core.messages import Song
from yulelight.inputs import station as module
from yulelight.inputs.base import Block, Heard, Playing
from yulelight.inputs.station import StationInput, name_of

RATE = 44_100


def tuned(url: str, seconds: float = 0.0, title: str = "Kept") -> StationInput:
    return StationInput(Song("", title), url, "any", time.monotonic, seconds)


async def some(source: StationInput, seconds: float) -> list[Heard]:
    """What comes until there are so many seconds of sound."""
    found, samples = list[Heard](), 0
    async with asyncio.timeout(60), source.open() as heard:
        async for each in heard:
            found.append(each)
            samples += len(each.samples) if isinstance(each, Block) else 0
            if samples >= seconds * RATE:
                break
    return found


def blocks(found: list[Heard]) -> list[Block]:
    return [each for each in found if isinstance(each, Block)]


async def test_a_station_has_moments_titles_and_its_length() -> None:
    async with on_air(Station()) as url:
        begun = time.monotonic()
        found = await some(tuned(f"{url}/radio.pls", seconds=6.5), 60)
    assert Song("", "Carol", "Choir", album="Kept") in [
        each.song for each in found if isinstance(each, Playing)
    ]
    sound = blocks(found)
    assert sum(len(each.samples) for each in sound) == round(6.5 * RATE)
    assert sound[0].due is not None and sound[0].due >= begun
    due = sound[0].due
    for each in sound:
        assert each.due == pytest.approx(due, abs=1e-4), "without a gap"
        due += len(each.samples) / RATE


async def test_a_station_without_a_name_of_ours_is_called_as_it_calls_itself() -> None:
    async with on_air(Station()) as url:
        assert await name_of(f"{url}/radio.pls", "any") == "Radio Noel"
        found = await some(tuned(f"{url}/live", title="127.0.0.1"), 1)
        titles = [each.song for each in found if isinstance(each, Playing)]
        assert titles[:2] == [Song("", "Radio Noel"), Song("", "Carol", "Choir", album="Radio Noel")]


async def test_a_station_that_breaks_off_is_connected_again() -> None:
    station, heard = Station(), 0
    async with on_air(station) as url, asyncio.timeout(60), tuned(f"{url}/live").open() as sound:
        async for each in sound:
            heard += len(each.samples) if isinstance(each, Block) else 0
            if station.listeners == 1 and heard > RATE and station.on:
                station.on = False
                asyncio.get_running_loop().call_later(1.5, setattr, station, "on", True)
                heard = 0
            if station.listeners == 2 and heard > 8 * RATE:
                break
    assert station.listeners == 2


async def test_a_station_that_stays_away_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUDGET", 1.0)
    station = Station()
    async with on_air(station) as url, asyncio.timeout(60), tuned(f"{url}/live").open() as sound:
        with pytest.raises(NetworkError, match=r"Kept was gone for \d+ s: .*status 503"):
            async for _ in sound:
                station.on = False


@pytest.mark.parametrize(("path", "said"), [("/none", "status 404"), ("/radio.pls/x", "status 404")])
async def test_what_is_no_station_fails_at_once(path: str, said: str) -> None:
    async with on_air(Station()) as url:
        with pytest.raises(YulelightError, match=said):
            await some(tuned(url + path), 1)
        with pytest.raises(YulelightError, match=said):
            await name_of(url + path, "any")


async def test_a_whole_song_at_the_address_ends() -> None:
    async with on_air(Station()) as url:
        sound = blocks(await some(tuned(f"{url}/song.mp3"), 60))
    assert sum(len(each.samples) for each in sound) == pytest.approx(2 * RATE, abs=5000)


async def test_sound_is_not_taken_without_end() -> None:
    """A server that sends as fast as it can waits once there is a quarter of a minute."""
    source = tuned("http://127.0.0.1:9/")
    endless = Block(np.zeros((RATE, 2), np.float32))

    class Fast:
        name, finite = "", False

        def __init__(self, *_: object) -> None: ...

        def open(self) -> "aclosing[AsyncGenerator[Block]]":
            async def sound() -> AsyncGenerator[Block]:
                while True:
                    yield endless

            return aclosing(sound())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "RadioInput", Fast)
        taken = 0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0), source.open() as heard:
                async for _ in heard:
                    taken += 1
    assert 10 <= taken <= 20
