"""How long a live frame takes from its last sample's arrival to its packet's arrival at a subscriber.

Samples are sent over the API's WebSocket in pieces of one hop at the pace of the music; a second client subscribes to
the frames. In one run with the embedded broker as either program, and with a mosquitto of its own.
"""

import asyncio
import contextlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import numpy as np

from tests.benchmarks.aims import Report
from tests.benchmarks.songs import carol
from tests.brokers import Mosquitto, free_port
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.app.settings import load
from yulelight.core.messages import Packet
from yulelight.dsp.spectrum import HOP, RATE
from yulelight.mqtt import packet
from yulelight.mqtt.engine import Program
from yulelight.mqtt.link import connect
from yulelight.mqtt.topics import Topics

SECONDS = 20


@asynccontextmanager
async def service(folder: Path, broker: str | None, program: Program = "auto") -> AsyncIterator[Service]:
    """A service on loopback that nobody announces."""
    settings = load(
        data=folder,
        http__host="127.0.0.1",
        http__port=free_port(),
        mqtt__host="127.0.0.1",
        mqtt__port=free_port(),
        mqtt__broker=broker,
        mqtt__program=program,
        zeroconf__enabled=False,
        sound__enabled=False,
    )
    async with running(settings) as started:
        yield started


async def measure(broker: str | None, program: Program = "auto") -> np.ndarray:
    """Latencies in seconds, one for each frame of SECONDS of music."""
    samples = (np.clip(carol(SECONDS), -1, 1) * 32767).astype("<i2")
    pieces = [samples[k : k + HOP].tobytes() for k in range(0, len(samples) - HOP + 1, HOP)]
    sent: list[float] = []
    seen: list[tuple[float, Packet]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with (
            service(Path(folder), broker, program) as running_service,
            connect(running_service.broker) as client,
        ):
            topics = Topics(running_service.identity.id)
            await client.subscribe(topics.frames)

            async def listen() -> None:
                async for message in client.messages:
                    seen.append((time.monotonic(), packet.decode(bytes(message.payload))))

            listening = asyncio.create_task(listen())
            url = f"http://127.0.0.1:{running_service.settings.http.port}/api/v1/ingest"
            headers = {"Authorization": f"Bearer {running_service.identity.token}"}
            async with aiohttp.ClientSession() as session, session.ws_connect(url, headers=headers) as ws:
                await ws.send_str(
                    json.dumps({"rate": RATE, "channels": 2, "format": "s16le", "title": "bench"})
                )
                start = time.monotonic()
                for k, piece in enumerate(pieces):
                    due = start + k * HOP / RATE
                    await asyncio.sleep(max(0.0, due - time.monotonic()))
                    sent.append(time.monotonic())
                    await ws.send_bytes(piece)
                await asyncio.sleep(0.3)
                await ws.send_str(json.dumps({"type": "end"}))
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
    # Piece k completes frame k, and a live session's packets hold one frame each, after the one that begins it.
    live, _ = Counter(frames.session for _, frames in seen).most_common(1)[0]
    came = {frames.sequence - 1: now for now, frames in seen if frames.session == live}
    settled = range(int(RATE / HOP), len(pieces))
    return np.array([came[k] - sent[k] for k in settled if k in came])


def run() -> Report:
    """All brokers, one after the other."""
    report = Report("latency")
    report_one(report, "embedded, mosquitto", asyncio.run(measure(None, "mosquitto")))
    report_one(report, "embedded, Python", asyncio.run(measure(None, "python")))

    async def with_mosquitto() -> np.ndarray:
        async with Mosquitto() as broker:
            return await measure(f"mqtt://127.0.0.1:{broker.port}")

    report_one(report, "mosquitto", asyncio.run(with_mosquitto()))
    return report


def report_one(report: Report, name: str, latencies: np.ndarray) -> None:
    """p50 and p99 in milliseconds."""
    p50, p99 = np.percentile(1000 * latencies, [50, 99])
    report.aim(f"input to frame published, {name}, p50", float(p50), most=10, unit="ms")
    report.aim(f"input to frame published, {name}, p99", float(p99), most=20, unit="ms")
