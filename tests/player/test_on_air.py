"""What players elsewhere hear that is not in the library."""

import asyncio
import io
from pathlib import Path

import av
import numpy as np
import pytest

from yulelight.core.messages import Song
from yulelight.inputs.url import suffix_of
from yulelight.player.on_air import BEHIND, MAX_LISTENERS, LiveSound, Mp3, OnAir, TooManyPlayersError

RATE = 44_100


def tone(seconds: float, hertz: float = 440.0, loud: float = 0.5) -> np.ndarray:
    times = np.arange(int(seconds * RATE)) / RATE
    return np.stack([loud * np.sin(2 * np.pi * hertz * times)] * 2, axis=1).astype(np.float32)


def heard(data: bytes) -> np.ndarray:
    """(2, k) samples of an MP3 stream."""
    with av.open(io.BytesIO(data), "r", format="mp3") as file:
        return np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)


def test_it_is_what_was_played() -> None:
    encoder, samples = Mp3(), tone(3.0)
    data = b"".join(encoder.push(samples[start : start + 777]) for start in range(0, len(samples), 777))
    there = heard(data)[:, RATE : 2 * RATE]
    spectrum = np.abs(np.fft.rfft(there[0]))
    assert np.argmax(spectrum) == 440
    assert 0.4 < np.max(np.abs(there)) < 0.6


def test_it_is_as_loud_as_it_was_and_of_the_quality_that_is_said() -> None:
    data = Mp3().push(tone(10.0, loud=0.95))
    assert 8 * len(data) / 10.0 == pytest.approx(192_000, rel=0.03)
    there = heard(data)[:, RATE : 2 * RATE]
    assert (there.min(), there.max()) == pytest.approx((-0.95, 0.95), abs=0.05)


async def test_players_come_and_go() -> None:
    air = OnAir(remote=True)
    assert air.stream is None
    async with air.live() as sound:
        assert air.stream is sound
        await asyncio.to_thread(sound.push, tone(1.0))  # Nobody listens.
        async with sound.listening() as pieces:
            await asyncio.to_thread(sound.push, tone(1.0))
            first = await anext(pieces)
            assert heard(first).shape[1] > RATE / 2
            sound.end()
            assert [piece async for piece in pieces] == []
    assert air.stream is None
    async with sound.listening() as pieces:  # Too late.
        assert [piece async for piece in pieces] == []


async def test_one_that_is_too_slow_is_left_behind() -> None:
    sound = LiveSound()
    async with sound.listening() as pieces:
        block = tone(0.1)
        for _ in range(BEHIND + 9):
            await asyncio.to_thread(sound.push, block)
        await asyncio.sleep(0)
        assert len([piece async for piece in pieces]) < BEHIND


async def test_there_is_room_for_so_many() -> None:
    sound = LiveSound()
    opened = [sound.listening() for _ in range(MAX_LISTENERS)]
    for one in opened:
        await one.__aenter__()
    with pytest.raises(TooManyPlayersError):
        async with sound.listening():
            pass
    for one in opened:
        await one.__aexit__(None, None, None)
    async with sound.listening():
        pass


def test_files_are_lent(tmp_path: Path) -> None:
    air, song = OnAir(), Song("", "From the web")
    with air.lent("web-1", song, tmp_path / "a"):
        with air.lent("web-1", song, tmp_path / "b"):  # The same once more, as an announcement may be.
            assert air.find("web-1") is not None
        found = air.find("web-1")
        assert found is not None and found.path == tmp_path / "a"
        assert air.find("web-2") is None
    assert air.find("web-1") is None


@pytest.mark.parametrize(
    ("start", "suffix"),
    [
        (b"ID3\x04rest", ".mp3"),
        (b"\xff\xfbrest", ".mp3"),
        (b"\xff\xf1rest", ".aac"),
        (b"\0\0\0\x20ftypM4A ", ".m4a"),
        (b"OggS", ".ogg"),
        (b"fLaC", ".flac"),
        (b"what", ""),
        (b"", ""),
    ],
)
def test_what_a_file_is(start: bytes, suffix: str) -> None:
    assert suffix_of(start) == suffix
