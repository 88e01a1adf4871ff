"""A Snapcast server, the real one, on this machine: both read the same monotonic clock, which tells what is exact."""

import asyncio
import contextlib
import json
import os
import random
import shutil
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import AudioError, NetworkError, YulelightError
from yulelight.core.messages import Song
from yulelight.inputs import snapcast_wire as wire
from yulelight.inputs.base import Block
from yulelight.inputs.mdns import announced
from yulelight.inputs.snapcast import SnapcastInput

SNAPSERVER = shutil.which("snapserver")
real = pytest.mark.skipif(SNAPSERVER is None, reason="needs snapserver")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def server(folder: Path, codec: str, rate: int, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """A snapserver that reads ``folder``/sound."""
    address = "bind_to_address = 127.0.0.1"
    (folder / "snapserver.conf").write_text(
        f"[server]\ndatadir = {folder}\n[http]\nenabled = false\n[tcp]\nenabled = false\n"
        f"[tcp-control]\nenabled = false\n[tcp-streaming]\n{address}\nport = {port}\n"
        f"[stream]\n{address}\nport = {port}\ncodec = {codec}\nbuffer = 1000\n"
        f"source = pipe://{folder}/sound?name=x&mode=create&sampleformat={rate}:16:2\n"
    )
    process = await asyncio.create_subprocess_exec(
        str(SNAPSERVER),
        "-c",
        str(folder / "snapserver.conf"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    break
                except OSError:
                    await asyncio.sleep(0.02)
        writer.close()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        with contextlib.suppress(FileNotFoundError):  # a writer that still waits for the server goes on
            os.close(os.open(folder / "sound", os.O_RDONLY | os.O_NONBLOCK))


def feed(fifo: Path, rate: int) -> None:
    """Writes silence with a loud 20 ms each half second, as fast as the server takes it, until the server is gone."""
    half = np.zeros((rate // 2, 2), "<i2")
    half[-rate // 50 :] = 12_000
    with contextlib.suppress(BrokenPipeError), fifo.open("wb", buffering=0) as file:
        while True:
            file.write(half.tobytes())


async def stamps(port: int, found: list[float]) -> None:
    """A client that only notes when the server says that each piece of sound was recorded."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    text = json.dumps(
        {
            "MAC": "1",
            "HostName": "h",
            "ID": "other",
            "Instance": 1,
            "ClientName": "Other",
            "Version": "1",
            "OS": "x",
            "Arch": "y",
            "SnapStreamProtocolVersion": 2,
        }
    )
    said = struct.pack("<I", len(text)) + text.encode()
    writer.write(struct.pack("<3H4iI", 5, 0, 0, 0, 0, 0, 0, len(said)) + said)
    while True:
        head = await reader.readexactly(26)
        payload = await reader.readexactly(int.from_bytes(head[22:], "little"))
        if head[0] == 2:
            whole, micros = struct.unpack("<ii", payload[:8])
            found.append(whole + micros / 1e6)


async def listen(source: SnapcastInput, seconds: float) -> list[Block]:
    blocks: list[Block] = []
    async with source.open() as sound:
        async for each in sound:
            assert isinstance(each, Block) and each.due is not None
            blocks.append(each)
            if sum(len(block.samples) for block in blocks) >= seconds * 44_100:
                break
    return blocks


def onsets(blocks: list[Block]) -> list[float]:
    """The moments at which it becomes loud."""
    moments = np.concatenate(
        [(block.due or 0.0) + np.arange(len(block.samples)) / 44_100 for block in blocks]
    )
    loud = np.abs(np.concatenate([block.samples[:, 0] for block in blocks])) > 0.15
    return [float(moments[k]) for k in np.flatnonzero(loud) if not loud[max(0, k - 8000) : k].any()]


@real
@pytest.mark.parametrize(
    ("codec", "rate"), [("flac", 44_100), ("pcm", 44_100), ("flac", 48_000), ("opus", 48_000)]
)
async def test_sound_is_heard_when_the_server_says(tmp_path: Path, codec: str, rate: int) -> None:
    port, recorded = free_port(), list[float]()
    source = SnapcastInput(Song("", "x"), "127.0.0.1", port)
    async with server(tmp_path, codec, rate, port):
        feeding = asyncio.create_task(asyncio.to_thread(feed, tmp_path / "sound", rate))
        other = asyncio.create_task(stamps(port, recorded))
        blocks = await listen(source, 2.2)
        other.cancel()
    await feeding
    # It is the same clock; the limits bear a machine that stalls, and `scripts/bench inputs` measures.
    assert abs(source.server.ahead) < 0.02
    if rate == 44_100:  # blocks begin where the server's pieces do
        dues = np.array([block.due for block in blocks])
        known = dues[(dues > recorded[0] + 1.0) & (dues < recorded[-1] + 1.0)]
        errors = [min(abs(due - 1.0 - stamp) for stamp in recorded) for due in known]
        assert len(errors) > 20 and np.quantile(errors, 0.5) < 0.01
    found = np.array(onsets(blocks))
    assert len(found) >= 3
    assert np.diff(found) == pytest.approx(0.5, abs=0.02)


@real
async def test_a_server_is_found_on_the_network(tmp_path: Path) -> None:
    """The server's own announcement needs a daemon (Avahi): its record is announced here as snapserver writes it."""
    port, loopback = free_port(), ["127.0.0.1"]
    source = SnapcastInput(Song("", "x"), None, interfaces=loopback)
    with pytest.raises(NetworkError, match="found on the network; start one, or set host"):
        async with source.open():
            pass
    async with server(tmp_path, "flac", 44_100, port):
        feeding = asyncio.create_task(asyncio.to_thread(feed, tmp_path / "sound", 44_100))
        async with announced("_snapcast._tcp", "Snapcast", port, {}, loopback):
            assert await listen(source, 0.5)
    await feeding


@real
async def test_a_server_that_is_killed_comes_back(tmp_path: Path) -> None:
    port = free_port()
    for _ in range(2):
        async with server(tmp_path, "flac", 44_100, port) as process:
            feeding = asyncio.create_task(asyncio.to_thread(feed, tmp_path / "sound", 44_100))
            with pytest.raises(NetworkError, match="was lost"):
                async with SnapcastInput(Song("", "x"), "127.0.0.1", port).open() as sound:
                    assert isinstance(await anext(sound), Block)
                    process.kill()
                    async for _ in sound:
                        pass
        await feeding
    with pytest.raises(NetworkError, match=f"127.0.0.1:{port}; start it"):
        await listen(SnapcastInput(Song("", "x"), "127.0.0.1", port), 1)


@pytest.mark.parametrize("size", [0, 10, 5000])
async def test_garbage_is_an_error_in_words(size: int) -> None:
    garbage = random.Random(size).randbytes(size)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(garbage)
        writer.close()

    peer = await asyncio.start_server(answer, "127.0.0.1", 0)
    with pytest.raises(NetworkError, match="Snapcast server"):
        await listen(SnapcastInput(Song("", "x"), "127.0.0.1", peer.sockets[0].getsockname()[1]), 1)
    peer.close()


@given(st.binary(max_size=200))
def test_no_payload_does_more_than_be_refused(payload: bytes) -> None:
    for read in (wire.chunk, wire.decoder, wire.buffered, wire.seconds):
        try:
            read(payload)
        except YulelightError as error:
            assert str(error)


def test_a_codec_that_is_not_read_is_named() -> None:
    with pytest.raises(AudioError, match="'ogg'; set its codec"):
        wire.decoder(struct.pack("<I", 3) + b"ogg" + struct.pack("<I", 0))


@given(
    st.floats(-1e6, 1e6), st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)), min_size=1, max_size=60)
)
def test_the_clock_is_never_further_off_than_half_the_shortest_way(
    ahead: float, ways: list[tuple[float, float]]
) -> None:
    clock = wire.ServerClock()
    for there, back in ways:
        clock.answered(there + ahead, back - ahead)
    assert abs(clock.ahead - ahead) <= min(there + back for there, back in ways[-30:]) / 2 + 1e-6
