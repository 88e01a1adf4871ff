"""Streams: every container that can be read without seeking, however it is chopped up, and every way to break."""

import asyncio
import random
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audio.sounds import assert_burst, burst, encode, streams
from yulelight.audio.feed import ByteFeed
from yulelight.audio.pcm import PcmDecoder, PcmFormat, SampleFormat
from yulelight.audio.stream import pcm_blocks, stream_blocks
from yulelight.core.errors import AudioError


def collect(blocks: Iterator[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.empty((0, 2), np.float32), *blocks])


async def send(feed: ByteFeed, data: bytes, seed: int = 0) -> None:
    """The data in pieces of 1 to 5,000 bytes."""
    rng, start = random.Random(seed), 0
    while start < len(data):
        size = rng.choice([1, 7, 300, 5000])
        await feed.write(data[start : start + size])
        start += size
    feed.close()


@pytest.mark.parametrize("name", streams())
async def test_containers(name: str) -> None:
    container, codec, rate = streams()[name]
    feed = ByteFeed()
    worker = asyncio.create_task(asyncio.to_thread(collect, stream_blocks(feed)))
    await send(feed, encode(burst(rate), container, codec, rate))
    assert_burst(await worker, early=0.06 if codec == "aac" else 0.03)


@pytest.mark.parametrize("name", streams())
async def test_sound_comes_out_while_it_comes_in(name: str) -> None:
    container, codec, rate = streams()[name]
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (10 * rate, 2)).astype(np.float32)
    data = encode(noise, container, codec, rate)
    feed = ByteFeed(capacity=len(data))
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work() -> int:
        samples = 0
        for block in stream_blocks(feed):
            assert len(block) < 44100
            samples += len(block)
            if samples > 3 * 44100:
                loop.call_soon_threadsafe(enough.set)
        return samples

    worker = asyncio.create_task(asyncio.to_thread(work))
    await feed.write(data[: len(data) // 2])
    async with asyncio.timeout(20):
        await enough.wait()
        await feed.write(data[len(data) // 2 :])
        feed.close()
        assert await worker == pytest.approx(10 * 44100, abs=5000)


@pytest.mark.parametrize(
    "data", [b"", b"?", b"no music at all " * 10_000, bytes(300_000), random.Random(1).randbytes(300_000)]
)
async def test_garbage_is_refused_and_frees_the_sender(data: bytes) -> None:
    feed = ByteFeed(capacity=20_000)
    worker = asyncio.create_task(asyncio.to_thread(collect, stream_blocks(feed)))
    async with asyncio.timeout(20):
        try:
            await send(feed, data)
        except AudioError:
            assert len(data) > 20_000
        with pytest.raises(AudioError, match="not music"):
            await worker


def pcm(feed: ByteFeed) -> Iterator[np.ndarray]:
    return pcm_blocks(feed, PcmFormat(44100, 2, "s16le"))


@pytest.mark.parametrize("open_blocks", [stream_blocks, pcm])
async def test_abort_in_the_middle(open_blocks: Callable[[ByteFeed], Iterator[np.ndarray]]) -> None:
    data = encode(burst(), "wav", "pcm_s16le")
    feed = ByteFeed(capacity=len(data))
    worker = asyncio.create_task(asyncio.to_thread(collect, open_blocks(feed)))
    await feed.write(data[: len(data) // 2])
    feed.abort("the sender is gone")
    async with asyncio.timeout(20):
        with pytest.raises(AudioError, match="the sender is gone"):
            await worker
    with pytest.raises(AudioError, match="the sender is gone"):
        await feed.write(b"more")


@pytest.mark.parametrize("open_blocks", [stream_blocks, pcm])
@pytest.mark.parametrize("share", [0.0, 0.5])
async def test_a_silent_sender_ends_the_stream(
    open_blocks: Callable[[ByteFeed], Iterator[np.ndarray]], share: float
) -> None:
    data = encode(burst(), "wav", "pcm_s16le")
    feed = ByteFeed(capacity=len(data), timeout=0.1)
    await feed.write(data[: int(len(data) * share)])
    with pytest.raises(AudioError, match="nothing arrived"):
        await asyncio.to_thread(collect, open_blocks(feed))


async def test_a_reader_that_leaves_frees_the_sender() -> None:
    feed = ByteFeed(capacity=1000)

    def first() -> int:
        blocks = pcm(feed)
        block = next(blocks)
        assert isinstance(blocks, Generator)
        blocks.close()
        return len(block)

    worker = asyncio.create_task(asyncio.to_thread(first))
    async with asyncio.timeout(20):
        with pytest.raises(AudioError, match="over"):
            await feed.write(bytes(1_000_000))
        assert await worker > 0


async def test_the_sender_waits_while_the_feed_is_full() -> None:
    feed = ByteFeed(capacity=50_000)
    data = random.Random(0).randbytes(500_000)
    writer = asyncio.create_task(feed.write(data))
    await asyncio.sleep(0.05)
    assert not writer.done()
    received = bytearray()

    def read() -> None:
        while piece := feed.read(3000):
            received.extend(piece)

    reader = asyncio.create_task(asyncio.to_thread(read))
    async with asyncio.timeout(20):
        await writer
        feed.close()
        await reader
    assert received == data
    with pytest.raises(AudioError, match="over already"):
        await feed.write(b"more")


async def test_abort_from_another_thread_wakes_the_sender() -> None:
    feed = ByteFeed(capacity=10)
    writer = asyncio.create_task(feed.write(bytes(100_000)))
    await asyncio.sleep(0.01)
    threading.Thread(target=feed.abort, args=("stopped",)).start()
    async with asyncio.timeout(20):
        with pytest.raises(AudioError, match="stopped"):
            await writer


def size28(number: int) -> bytes:
    """As ID3 writes sizes: four times seven bits."""
    return bytes(number >> shift & 127 for shift in (21, 14, 7, 0))


def tag_bomb(_: Path) -> bytes:
    """A song behind tags of 1.5 MB that say that they unpack to 1.6 GB, and do."""
    packed = zlib.compress(b"\3" + b"B" * 200_000_000, 9)
    frame = b"TXXX" + size28(len(packed) + 4) + b"\0\x09" + size28(200_000_001) + packed
    return b"ID3\4\0\0" + size28(8 * len(frame)) + 8 * frame + encode(burst(), "mp3", "libmp3lame")


def table_bomb(folder: Path) -> bytes:
    """A file that says in twelve bytes that it has seventy million packets of one byte."""
    file = folder / "a.mp4"  # a path: the index is moved to the front when all is written
    with av.open(str(file), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("aac", rate=44_100, layout="stereo")
        frame = av.AudioFrame.from_ndarray(burst().T.copy(), "fltp", "stereo")
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    data, many = bytearray(file.read_bytes()), (70_000_000).to_bytes(4, "big")
    sizes, times, chunks = data.find(b"stsz"), data.find(b"stts"), data.find(b"stsc")
    data[sizes + 8 : sizes + 16] = (1).to_bytes(4, "big") + many
    data[times + 12 : times + 16] = data[chunks + 16 : chunks + 20] = many
    return bytes(data)


_MEASURE = """
import re, resource, sys
from yulelight.audio.feed import ByteFeed
from yulelight.audio.stream import stream_blocks
from yulelight.core.errors import AudioError
feed, data = ByteFeed(), sys.stdin.buffer.read()
feed._pieces.append(data); feed._held = len(data); feed.close()
try:
    heard = sum(map(len, stream_blocks(feed)))
except AudioError as error:
    heard = -1
# Not RUSAGE_SELF: it remembers the process that started this one.
own = int(re.search("VmHWM:\\s*([0-9]+)", open("/proc/self/status").read())[1])
print(heard, max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process")
@pytest.mark.parametrize("bomb", [tag_bomb, table_bomb])
def test_what_unpacks_to_gigabytes_takes_little_memory(tmp_path: Path, bomb: Callable[[Path], bytes]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE],
        input=bomb(tmp_path),
        stdout=subprocess.PIPE,
        timeout=120,
        check=True,
    )
    heard, kilobytes = map(int, done.stdout.split())
    assert kilobytes < 700_000
    if bomb is tag_bomb:  # the music behind it is heard
        assert heard > 44_100 / 2


def packed(samples: np.ndarray, kind: SampleFormat) -> bytes:
    if kind == "f32le":
        return samples.astype("<f4").tobytes()
    bits = int(kind[1:3])
    whole: np.ndarray = np.round(samples.astype(np.float64) * (2 ** (bits - 1) - 1)).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()


@given(
    kind=st.sampled_from(["s16le", "s24le", "s32le", "f32le"]),
    channels=st.integers(1, 8),
    sizes=st.lists(st.integers(0, 400), max_size=20),
)
def test_pcm_of_any_chunking(kind: SampleFormat, channels: int, sizes: list[int]) -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, (300, channels)).astype(np.float32)
    samples[:, 2:] = 0
    data, decoder, start, parts = packed(samples, kind), PcmDecoder(PcmFormat(44100, channels, kind)), 0, []
    for size in [*sizes, len(data)]:
        parts.append(decoder.push(data[start : start + size]))
        start += size
    sound = np.concatenate([*parts, decoder.flush()])
    scale = 1 + 0.7071 * max(0, channels - 2)
    np.testing.assert_allclose(sound * scale, np.broadcast_to(samples[:, :2], (300, 2)), atol=1e-3)


@pytest.mark.parametrize("rate", [8000, 48000, 192000])
def test_pcm_is_resampled(rate: int) -> None:
    decoder = PcmDecoder(PcmFormat(rate, 2, "s16le"))
    data = packed(burst(rate), "s16le")
    parts = [decoder.push(data[start : start + 1001]) for start in range(0, len(data), 1001)]
    assert_burst(np.concatenate([*parts, decoder.flush()]))


def test_pcm_delay_is_small() -> None:
    """A frame of light is 11.6 ms; what the resampler holds back must not be many of them."""
    for rate in (16000, 32000, 48000, 96000):
        decoder = PcmDecoder(PcmFormat(rate, 2, "f32le"))
        piece = np.zeros((rate // 100, 2), np.float32).tobytes()
        got = [len(decoder.push(piece)) for _ in range(100)]
        assert sum(got) > 44100 * 0.95


def test_hostile_floats_come_out_finite() -> None:
    values = np.array([np.nan, np.inf, -np.inf, 3e38] * 100, "<f4")
    assert np.isfinite(PcmDecoder(PcmFormat(48000, 2, "f32le")).push(values.tobytes())).all()


@pytest.mark.parametrize(
    ("rate", "channels", "kind", "words"),
    [
        (7999, 2, "s16le", "rate"),
        (192001, 2, "s16le", "rate"),
        (44100.0, 2, "s16le", "rate"),
        (True, 2, "s16le", "rate"),
        (44100, 0, "s16le", "channels"),
        (44100, 9, "s16le", "channels"),
        (44100, "2", "s16le", "channels"),
        (44100, 2, "u8", "format"),
        (44100, 2, ["s16le"], "format"),
        (44100, 2, None, "format"),
    ],
)
def test_a_hello_that_makes_no_sense_is_refused(
    rate: object, channels: object, kind: object, words: str
) -> None:
    with pytest.raises(AudioError, match=words):
        PcmFormat(rate, channels, kind)  # type: ignore[arg-type]
