"""Pushed sound: what its sender is told, however it ends."""

import asyncio

import numpy as np
import pytest

from yulelight.audio.pcm import PcmFormat
from yulelight.core.errors import AudioError, CommandError
from yulelight.core.messages import Song
from yulelight.inputs.base import Block
from yulelight.inputs.push import PushInput

PCM = PcmFormat(44_100, 2, "s16le")
SECOND = np.full((44_100, 2), 1000, "<i2").tobytes()


async def listen(pushed: PushInput, heard: list[int]) -> None:
    async with pushed.open() as sound:
        async for block in sound:
            assert isinstance(block, Block) and block.due is None
            heard.append(len(block.samples))


async def test_everything_that_is_sent_is_heard() -> None:
    pushed, heard = PushInput(Song("", "x"), PCM), list[int]()
    listening = asyncio.create_task(listen(pushed, heard))
    await pushed.write(SECOND)
    await pushed.write(SECOND)
    await pushed.finish()
    await listening
    assert sum(heard) == 2 * 44_100


async def test_a_sender_hears_that_another_command_ended_it() -> None:
    pushed = PushInput(Song("", "x"), PCM)
    listening = asyncio.create_task(listen(pushed, []))
    await pushed.write(SECOND)
    await asyncio.sleep(0.05)
    listening.cancel()
    await asyncio.wait([listening])
    with pytest.raises(CommandError, match="ended by another"):
        await pushed.write(SECOND)
    with pytest.raises(CommandError, match="ended by another"):
        await pushed.finish()


async def test_a_sender_hears_that_it_is_no_music() -> None:
    pushed = PushInput(Song("", "x"), None)
    listening = asyncio.create_task(listen(pushed, []))
    await pushed.write(b"no music at all, only words. " * 10_000)
    with pytest.raises(AudioError, match="not music"):
        await pushed.finish()
    with pytest.raises(AudioError, match="not music"):
        await listening


async def test_a_listener_hears_that_the_sender_is_gone() -> None:
    pushed = PushInput(Song("", "x"), PCM)
    listening = asyncio.create_task(listen(pushed, []))
    await pushed.write(SECOND)
    await pushed.abort("the sender's connection was lost")
    with pytest.raises(AudioError, match="connection was lost"):
        await listening
