"""A radio station on this machine, as an Icecast server is one to its listeners."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

import av
import numpy as np
from aiohttp import web
from aiohttp.test_utils import TestServer

SECONDS = 8
RATE = 44_100
STEP = 4000
"""Bytes of sound from title to title."""
BYTES_PER_SECOND = 16_000


@cache
def mp3(seconds: int = SECONDS) -> bytes:
    """A tune at 128 kbit/s: half a second high, half a second low."""
    times = np.arange(seconds * RATE) / RATE
    wave = 0.5 * np.sin(2 * np.pi * np.where(times % 1 < 0.5, 440, 2000) * times)
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=RATE, layout="stereo", options={"reservoir": "0"})
        stream.bit_rate = 8 * BYTES_PER_SECOND
        frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]).astype(np.float32), "fltp", "stereo")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


class Station:
    """Sends the tune again and again: five seconds at once, then as fast as it is heard."""

    def __init__(self) -> None:
        self.title = "Choir - Carol"
        self.listeners = 0
        """How many came so far."""
        self.on = True
        """Whether it sends, and takes listeners."""

    async def listen(self, request: web.Request) -> web.StreamResponse:
        if not self.on:
            return web.Response(status=503)
        self.listeners += 1
        asked = request.headers.get("Icy-MetaData") == "1"
        headers = {"icy-name": "Radio Noel", "icy-br": "128", "Content-Type": "audio/mpeg"}
        answer = web.StreamResponse(headers=headers | ({"icy-metaint": str(STEP)} if asked else {}))
        await answer.prepare(request)
        loop, sent, begun = asyncio.get_running_loop(), 0, asyncio.get_running_loop().time()
        tune, told = mp3(), ""
        while self.on:
            at = sent % len(tune)
            piece = (tune[at:] + tune)[:STEP]
            text = b"" if told == self.title else f"StreamTitle='{self.title}';".encode()
            text += bytes(-len(text) % 16)
            told = self.title
            await answer.write(piece + (bytes([len(text) // 16]) + text if asked else b""))
            sent += STEP
            await asyncio.sleep(max(0.0, begun + sent / BYTES_PER_SECOND - 5.0 - loop.time()))
        return answer

    async def listed(self, request: web.Request) -> web.Response:
        live = request.url.with_path("/live")
        return web.Response(text=f"[playlist]\nFile1={live}\nTitle1=x\n", content_type="audio/x-scpls")

    async def file(self, request: web.Request) -> web.Response:
        return web.Response(body=mp3(2), content_type="audio/mpeg")


@asynccontextmanager
async def on_air(station: Station) -> AsyncIterator[str]:
    """Its address, without a path: /live sends, /radio.pls names that, /song.mp3 is a whole song."""
    app = web.Application()
    app.add_routes(
        [
            web.get("/live", station.listen),
            web.get("/radio.pls", station.listed),
            web.get("/song.mp3", station.file),
        ]
    )
    server = TestServer(app)
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/")
    finally:
        station.on = False
        await server.close()
