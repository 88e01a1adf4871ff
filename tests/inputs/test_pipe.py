"""Fifos, sockets and commands as inputs: real ones, on this machine."""

import asyncio
import fcntl
import os
import re
import shutil
import sys
import tomllib
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.brokers import free_port
from yulelight.audio.pcm import PcmFormat
from yulelight.core.errors import AudioError, NetworkError, UsageError
from yulelight.core.messages import Song
from yulelight.inputs import pipe as module
from yulelight.inputs.base import Block
from yulelight.inputs.pipe import Opened, PipeInput, from_command, from_connection, from_fifo, from_sender

CD = PcmFormat(44_100, 2, "s16le")
RAMP = np.stack([np.arange(44_100) % 20_000, -(np.arange(44_100) % 20_000)], axis=1).astype("<i2")
SAID = RAMP.tobytes()


async def heard(opened: Opened, pcm: PcmFormat | None = CD) -> np.ndarray:
    """All samples until the sender is gone."""
    async with PipeInput(Song("", "x"), opened, pcm).open() as sound:
        return np.concatenate([each.samples async for each in sound if isinstance(each, Block)])


def same(samples: np.ndarray, times: int = 1) -> bool:
    return np.array_equal(samples, np.concatenate([RAMP.astype(np.float32) / 32768] * times))


async def write_into(fifo: Path, data: bytes) -> None:
    """As a program of another user's would: in a process of its own."""
    code = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(fifo), stdin=asyncio.subprocess.PIPE
    )
    await writer.communicate(data)


async def test_writers_of_a_fifo_come_and_go(tmp_path: Path) -> None:
    fifo = tmp_path / "sound"
    os.mkfifo(fifo)
    for _ in range(2):
        hearing = asyncio.create_task(heard(from_fifo(fifo)))
        await asyncio.sleep(0.05)
        assert not hearing.done()
        await write_into(fifo, SAID)
        assert same(await hearing)


async def test_nobody_waits_for_a_fifo_that_nobody_writes_into(tmp_path: Path) -> None:
    fifo = tmp_path / "sound"
    os.mkfifo(fifo)
    hearing = asyncio.create_task(heard(from_fifo(fifo)))
    await asyncio.sleep(0.05)
    hearing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hearing
    with pytest.raises(OSError, match="No such device"):  # nobody reads it any more
        os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)


@pytest.mark.parametrize("name", ["missing", "file"])
async def test_what_is_no_fifo_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(SAID)
    with pytest.raises(UsageError, match="mkfifo"):
        await heard(from_fifo(tmp_path / name))


async def test_a_container_of_another_rate_through_a_fifo(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, 22_050, 0, "NONE", ""))
        file.writeframes(np.full(22_050, 8192, "<i2").tobytes())
    fifo = tmp_path / "sound"
    os.mkfifo(fifo)
    hearing = asyncio.create_task(heard(from_fifo(fifo), None))
    await write_into(fifo, (tmp_path / "a.wav").read_bytes())
    samples = await hearing
    assert abs(len(samples) - 44_100) < 100
    assert np.allclose(samples[5000:-5000], 0.25, atol=0.01)


async def test_what_is_no_music_is_told(tmp_path: Path) -> None:
    fifo = tmp_path / "sound"
    os.mkfifo(fifo)
    hearing = asyncio.create_task(heard(from_fifo(fifo), None))
    await write_into(fifo, b"no music at all, only words. " * 10_000)
    with pytest.raises(AudioError, match="not music"):
        await hearing


async def test_a_connection_to_a_server() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(SAID[:1001])  # half a sample waits for its other half
        await writer.drain()
        writer.write(SAID[1001:])
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert same(await heard(from_connection("127.0.0.1", port)))
    server.close()
    await server.wait_closed()
    with pytest.raises(NetworkError, match=f"127.0.0.1:{port}"):
        await heard(from_connection("127.0.0.1", port))


async def test_one_sender_at_a_time_connects_and_comes_back() -> None:
    port = free_port()
    for _ in range(2):
        hearing = asyncio.create_task(heard(from_sender("127.0.0.1", port)))
        await asyncio.sleep(0.05)
        _, first = await asyncio.open_connection("127.0.0.1", port)
        first.write(SAID[:1000])
        await first.drain()
        await asyncio.sleep(0.05)
        other, _ = await asyncio.open_connection("127.0.0.1", port)
        assert await other.read() == b""  # turned away
        first.write(SAID[1000:])
        first.close()
        assert same(await hearing)


async def test_a_sender_that_says_nothing_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT", 0.2)
    port = free_port()
    hearing = asyncio.create_task(heard(from_sender("127.0.0.1", port)))
    await asyncio.sleep(0.05)
    dumb, _kept = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(0.3)
    _, sender = await asyncio.open_connection("127.0.0.1", port)
    assert await dumb.read() == b""
    sender.write(SAID)
    sender.close()
    async with asyncio.timeout(10):
        assert same(await hearing)


async def test_a_sender_that_fell_silent_ends_when_another_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SILENT", 0.2)
    port = free_port()
    hearing = asyncio.create_task(heard(from_sender("127.0.0.1", port)))
    await asyncio.sleep(0.05)
    first, kept = await asyncio.open_connection("127.0.0.1", port)
    kept.write(SAID)
    await asyncio.sleep(0.5)
    other, _kept = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(10):
        assert same(await hearing)
        assert await first.read() == b"" and await other.read() == b""


async def test_a_command_is_heard_and_no_shell_reads_it() -> None:
    code = "import sys; assert sys.argv[1] == '$HOME; *'; sys.stdout.buffer.write(bytes.fromhex(sys.argv[2]) * 44100)"
    samples = await heard(from_command([sys.executable, "-c", code, "$HOME; *", "004000c0"]))
    assert np.array_equal(samples, np.tile(np.array([0.5, -0.5], np.float32), (44_100, 1)))


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs ffmpeg")
async def test_the_recipe_for_ffmpeg() -> None:
    page = (Path(__file__).parents[2] / "docs" / "inputs.md").read_text(encoding="utf-8")
    recipe = next(found for found in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if "ffmpeg" in found)
    words = tomllib.loads(recipe)["input"][0]["command"]
    source = {"-re": "-f", "music.ogg": "sine=frequency=440:duration=1"}
    words = [source.get(word, word) for word in words]
    words.insert(words.index("-f") + 1, "lavfi")
    samples = await heard(from_command(words))
    assert len(samples) == 44_100
    assert np.argmax(np.abs(np.fft.rfft(samples[:, 0]))) == 440


async def test_why_a_command_fails() -> None:
    code = "import sys; print('the device is busy', file=sys.stderr); sys.exit(3)"
    with pytest.raises(AudioError, match="status 3: the device is busy"):
        await heard(from_command([sys.executable, "-c", code]))
    with pytest.raises(UsageError, match="no-such-program"):
        await heard(from_command(["no-such-program"]))


async def test_a_command_ends_with_all_that_it_started(tmp_path: Path) -> None:
    """Its child, too, which holds a lock as long as it lives."""
    child = (
        "import fcntl, sys, time; file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX);"
        "sys.stdout.buffer.write(bytes(8)); sys.stdout.flush(); time.sleep(600)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}, sys.argv[1]])"
    held = tmp_path / "held"
    async with PipeInput(
        Song("", "x"), from_command([sys.executable, "-c", parent, str(held)]), CD
    ).open() as sound:
        first = await anext(sound)
        assert isinstance(first, Block)

    with held.open("w") as file:
        async with asyncio.timeout(10):
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(0.02)
