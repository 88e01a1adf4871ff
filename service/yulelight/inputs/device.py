"""A recording device of this machine: line-in, microphone, or the monitor of an output."""

import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace

from yulelight.audio.pcm import PcmFormat
from yulelight.core.messages import Song
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block, Heard
from yulelight.inputs.gain import Gain
from yulelight.inputs.pipe import PipeInput, from_command


class DeviceInput:
    """An Input of ``device``: its number, part of its name, or None for the machine's default.

    ``gain``: automatic gain, or None for the sound as it is.
    """

    def __init__(self, song: Song, device: str | None, gain: Gain | None) -> None:
        self.song = song
        command = [sys.executable, "-m", "yulelight.inputs.capture"]
        command += [] if device is None else [f"--device={device}"]
        self._recorded = PipeInput(
            song, from_command(command, called="recording"), PcmFormat(RATE, 2, "f32le")
        )
        self._gain = gain

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input. It ends if the device is removed; the listener reopens it."""
        async with self._recorded.open() as recorded, aclosing(self._louder(recorded)) as heard:
            yield heard

    async def _louder(self, recorded: AsyncIterator[Heard]) -> AsyncGenerator[Heard]:
        async for heard in recorded:
            if self._gain is not None and isinstance(heard, Block):
                yield replace(heard, samples=self._gain.push(heard.samples))
            else:
                yield heard
