"""A recording device of this machine: line-in, microphone, or the monitor of an output."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

from yulelight.audio.pcm import PcmFormat
from yulelight.core.errors import AudioError
from yulelight.core.messages import Song
from yulelight.dsp.spectrum import RATE
from yulelight.inputs.base import Block, Heard
from yulelight.inputs.gain import Gain
from yulelight.inputs.pipe import PipeInput, from_command

LIST_TIMEOUT = 15.0
"""Seconds for a process to list the devices; a broken driver hangs."""


async def listed() -> list[dict[str, Any]]:
    """The recording devices, as yulelight.inputs.capture.Device has them. Raises AudioError.

    In a process of its own, since PortAudio sees devices that are plugged in later only when it starts anew.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "yulelight.inputs.capture",
        "--list",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(LIST_TIMEOUT):
            out, error = await process.communicate()
    except TimeoutError:
        raise AudioError("the sound devices do not answer; unplug the one that was plugged in last") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        lines = error.decode(errors="replace").strip().splitlines()
        raise AudioError(lines[-1] if lines else "the sound devices cannot be listed")
    found: list[dict[str, Any]] = json.loads(out)
    return found


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
