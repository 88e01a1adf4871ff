"""A media player elsewhere: it fetches a playlist's song by a link, reports where it is, and the lights follow."""

import asyncio
import contextlib
import io
from pathlib import Path
from typing import Any

import aiohttp
import av
import numpy as np
import pytest
import soundfile
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.brokers import free_port
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.app.settings import Settings, load
from yulelight.audio.pcm import PcmFormat
from yulelight.core.errors import CommandError
from yulelight.core.messages import Calibrate, Play, SetOption, Song, State, Stop
from yulelight.inputs.push import PushInput
from yulelight.player.director import OpenInput

RATE = 44_100


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    music = tmp_path / "music"
    music.mkdir()
    times = np.arange(60 * RATE) / RATE
    tone = 0.5 * np.sin(2 * np.pi * np.where(times % 0.5 < 0.25, 300, 3000) * times)
    soundfile.write(music / "long.flac", tone.astype(np.float32), RATE)
    return load(
        data=tmp_path / "data",
        music=[music],
        http__host="127.0.0.1",
        http__port=free_port(),
        mqtt__host="127.0.0.1",
        mqtt__port=free_port(),
        zeroconf__enabled=False,
        sound__output="remote",
        urls__reach="any",
    )


class Player:
    """What a media player's integration does: it has the token, the player itself has not."""

    def __init__(self, service: Service, session: aiohttp.ClientSession) -> None:
        self._service, self._session = service, session
        self._headers = {"Authorization": f"Bearer {service.identity.token}"}

    async def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        async with self._session.request(method, path, json=body, headers=self._headers) as answer:
            value: dict[str, Any] = await answer.json()
            assert answer.status == 200, value
            return value

    async def fetch(self, song: str) -> bytes:
        link = await self.ask("GET", f"/api/v1/songs/{song}/link")
        async with self._session.get(link["path"]) as answer:
            assert answer.status == 200
            return await answer.read()

    async def until(self, state: State) -> dict[str, Any]:
        async with asyncio.timeout(60):
            while (status := await self.ask("GET", "/api/v1/status"))["state"] != state:
                await asyncio.sleep(0.05)
        return status


async def test_a_playlist_on_a_player_elsewhere(settings: Settings) -> None:
    async with (
        running(settings) as service,
        aiohttp.ClientSession(f"http://127.0.0.1:{settings.http.port}") as session,
    ):
        player = Player(service, session)
        outputs = (await player.ask("GET", "/api/v1/outputs"))["outputs"]
        assert outputs[0]["remote"] and "remote" in outputs[0]["problem"]
        song = next(s for s in (await player.ask("GET", "/api/v1/songs"))["songs"] if s["title"] == "long")
        await player.ask("PUT", "/api/v1/playlists/Evening", {"songs": [song["id"]]})
        await service.director.ask(Play(playlist="Evening"))
        status = await player.until(State.PLAYING)
        assert status["song"]["id"] == song["id"]
        assert await player.fetch(song["id"]) == (settings.music[0] / "long.flac").read_bytes()

        # Far off: the show jumps to where the player is.
        report = {"position": 30.0, "state": "playing", "song": song["id"]}
        assert (await player.ask("POST", "/api/v1/playback", report))["position"] >= 30.0
        # A report about another song is none.
        other = {"position": 5.0, "state": "playing", "song": "another"}
        assert (await player.ask("POST", "/api/v1/playback", other))["position"] >= 30.0
        # Paused there, paused here.
        await player.ask("POST", "/api/v1/playback", {**report, "state": "paused"})
        await player.until(State.PAUSED)


async def test_the_clicks_can_be_fetched(settings: Settings) -> None:
    async with (
        running(settings) as service,
        aiohttp.ClientSession(f"http://127.0.0.1:{settings.http.port}") as session,
    ):
        player = Player(service, session)
        await service.director.ask(Calibrate(True))
        assert (await player.fetch("calibrate"))[:4] == b"RIFF"
        assert (await player.ask("PUT", "/api/v1/outputs/main", {"delay": 0.3}))["outputs"][0]["delay"] == 0.3
        await service.director.ask(Calibrate(False))
        await player.until(State.IDLE)


async def test_a_song_from_the_web_is_heard_there(settings: Settings) -> None:
    """The player fetches the very file that the show was made from, for as long as it plays."""
    song = (settings.music[0] / "long.flac").read_bytes()

    async def somewhere(request: web.Request) -> web.Response:
        return web.Response(body=song)

    app = web.Application()
    app.router.add_get("/song", somewhere)
    async with (
        TestServer(app, host="127.0.0.1") as other,
        running(settings) as service,
        aiohttp.ClientSession(f"http://127.0.0.1:{settings.http.port}") as session,
    ):
        player = Player(service, session)
        await service.director.ask(Play(url=str(other.make_url("/song"))))
        status = await player.until(State.PLAYING)
        assert status["song"]["id"] == "" and status["sound"].startswith("web-")
        link = await player.ask("GET", f"/api/v1/songs/{status['sound']}/link")
        assert link["content_type"] == "audio/flac"
        assert await player.fetch(status["sound"]) == song
        report = {"position": 30.0, "state": "playing", "song": status["sound"]}
        assert (await player.ask("POST", "/api/v1/playback", report))["position"] >= 30.0
        status = await player.ask("POST", "/api/v1/control", {"command": "stop"})
        assert status["sound"] == ""
        async with session.get(link["path"]) as gone:
            assert gone.status == 404


async def test_a_stream_is_heard_there_and_its_lights_wait(settings: Settings) -> None:
    pcm = PcmFormat(RATE, 1, "s16le")
    block = (8000 * np.sin(2 * np.pi * 440 * np.arange(RATE // 10) / RATE)).astype("<i2").tobytes()
    async with (
        running(settings) as service,
        aiohttp.ClientSession(f"http://127.0.0.1:{settings.http.port}") as session,
    ):
        player = Player(service, session)
        await service.director.ask(SetOption("delay", 1.5))
        stream = PushInput(Song("", "From the kitchen"), pcm)
        await service.director.ask(OpenInput(stream))

        async def send() -> None:
            with contextlib.suppress(CommandError):
                while True:
                    await stream.write(block)

        sending = asyncio.create_task(send())
        status = await player.until(State.LIVE)
        assert status["sound"] == "live"
        link = await player.ask("GET", "/api/v1/songs/live/link")
        assert link["content_type"] == "audio/mpeg"
        async with session.get(link["path"]) as answer:
            assert answer.status == 200
            heard = await answer.content.readexactly(24_000)
        with av.open(io.BytesIO(heard), "r", format="mp3") as file:
            assert next(file.decode(audio=0)).sample_rate == RATE
        await service.director.ask(Stop())
        await sending
        async with session.get(link["path"]) as answer:
            assert answer.status == 404
