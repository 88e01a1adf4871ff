"""How exactly live light is timed: the moments of its frames against the play times of a real server.

Sendspin: a server of aiosendspin in a process of its own, whose clock is hours ahead, and which has been connected for
15 s. Snapcast: the snapserver that is installed. Both directly, and through a TCP proxy that holds each piece back for
up to 80 ms, in both directions.
"""

import asyncio
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from tests.benchmarks.aims import Report
from tests.brokers import free_port
from tests.inputs import test_snapcast as snapcast
from yulelight.core.messages import Song
from yulelight.dsp.spectrum import HOP, RATE
from yulelight.inputs.base import Block
from yulelight.inputs.sendspin import SendspinInput
from yulelight.inputs.sendspin_config import SendspinConfig
from yulelight.inputs.snapcast import SnapcastInput
from yulelight.player.moments import Moments

SECONDS = 30
JITTER = 0.08
"""Seconds by which the proxy holds a piece back, at most."""


@asynccontextmanager
async def proxy(to: int, jitter: float) -> AsyncIterator[int]:
    """A port from which pieces reach ``to`` late, in order; the port."""
    tasks: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop, rng, pieces = asyncio.get_running_loop(), random.Random(1), asyncio.Queue[tuple[float, bytes]]()

        async def write() -> None:
            while True:
                at, piece = await pieces.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                writer.write(piece)

        writing = asyncio.create_task(write())
        try:
            while piece := await reader.read(65_536):
                pieces.put_nowait((loop.time() + rng.uniform(0, jitter), piece))
        except OSError:
            pass
        finally:
            writing.cancel()
            writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", to)
        tasks.update({asyncio.create_task(pump(reader, back)), asyncio.create_task(pump(there, writer))})

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def frames(blocks: list[Block], signal: np.ndarray) -> list[tuple[float, float]]:
    """The moment at which each frame is lit, and that of the signal's moment which it shows, in seconds.

    Where in the signal a block belongs is told by its samples alone: they are noise, and occur once.
    """
    where = {key(signal[k : k + 3]): k for k in range(len(signal) - 3)}
    moments, found, samples, frame = Moments(0.0), list[tuple[float, float]](), 0, 0
    for block in blocks:
        moments.block(len(block.samples), block.due, 0.0)
        begin = where[key(block.samples)]
        while frame * HOP < samples + len(block.samples):
            at = moments.next(float("-inf"))
            assert at is not None
            found.append((at, (begin + frame * HOP - samples) / RATE))
            frame += 1
        samples += len(block.samples)
    return found


def key(samples: np.ndarray) -> bytes:
    """Three samples of both sides, as they were sent."""
    return np.round(samples[:3] * 32768).astype("<i2").tobytes()


async def sendspin(jitter: float) -> np.ndarray:
    """Errors in seconds, one for each frame."""
    from tests.inputs.test_sendspin import noise

    port, blocks = free_port(), list[Block]()
    with tempfile.TemporaryDirectory() as folder:
        config = SendspinConfig("Bench", Path(folder), port, host="127.0.0.1", announce=False)
        async with proxy(port, jitter) as far, SendspinInput(Song("", "x"), config).open() as sound:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.benchmarks.sendspin_server",
                str(far if jitter else port), str(SECONDS), stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            assert process.stdout is not None
            reading = asyncio.create_task(_lines(process.stdout))
            try:
                async with asyncio.timeout(SECONDS + 90):
                    async for heard in sound:
                        if isinstance(heard, Block):
                            blocks.append(heard)
                            if sum(len(block.samples) for block in blocks) > (SECONDS - 1) * RATE:
                                break
            finally:
                process.kill()
                await process.wait()
            told = np.array([line.split() for line in await reading], dtype=float)
    signal = np.trunc(noise(SECONDS) * 32767) / 32768
    lit = frames(blocks, signal)
    which = [int(np.searchsorted(told[:, 0], round(meant * RATE), "right")) - 1 for _, meant in lit]
    return np.array(
        [at - told[k, 1] - (meant - told[k, 0] / RATE) for (at, meant), k in zip(lit, which, strict=True)]
    )


async def _lines(stream: asyncio.StreamReader) -> list[bytes]:
    return [line async for line in stream]


async def snapcast_errors(jitter: float) -> np.ndarray:
    """Errors in seconds, one for each block after the first two seconds."""
    port, recorded, blocks = free_port(), list[float](), list[Block]()
    with tempfile.TemporaryDirectory() as folder:
        async with snapcast.server(Path(folder), "flac", RATE, port), proxy(port, jitter) as far:
            fifo = Path(folder) / "sound"
            feeding = asyncio.create_task(asyncio.to_thread(snapcast.feed, fifo, RATE))
            other = asyncio.create_task(snapcast.stamps(port, recorded))
            source = SnapcastInput(Song("", "x"), "127.0.0.1", far if jitter else port)
            blocks = await snapcast.listen(source, SECONDS)
            other.cancel()
        await feeding
    dues = np.array([block.due for block in blocks]) - 1.0
    stamps = np.array(recorded)
    known = dues[(dues > stamps[0] + 2) & (dues < stamps[-1])]
    return np.array([(due - stamps)[np.abs(due - stamps).argmin()] for due in known])


def run() -> Report:
    """The errors' 99th percentiles, on loopback and with jitter."""
    report = Report("inputs")
    for name, measure in (("Sendspin", sendspin), ("Snapcast", snapcast_errors)):
        for way, jitter, most in (("loopback", 0.0, 5.0), ("80 ms of jitter", JITTER, 10.0)):
            errors = 1000 * np.abs(asyncio.run(measure(jitter)))
            report.aim(f"{name}, {way}, p99", float(np.quantile(errors, 0.99)), most=most, unit="ms")
            report.figure(f"{name}, {way}, median, ms", float(np.median(errors)))
            report.figure(f"{name}, {way}, largest, ms", float(errors.max()))
    return report
