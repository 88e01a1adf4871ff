"""The whole service on loopback: embedded broker, API, a real light node; songs and streams made on the spot."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest
import soundfile
from aiohttp import web

from tests.brokers import free_port
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.app.settings import Settings, load
from yulelight.core.errors import CommandError, ModelError, NetworkError, UsageError
from yulelight.core.messages import (
    Blackout,
    GetStatus,
    Next,
    Pause,
    Play,
    Resume,
    Seek,
    SetOption,
    State,
    Status,
    Stop,
)
from yulelight.node.config import NodeConfig
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import LightNode
from yulelight.outputs.timeline import Frame

RATE = 44_100


def tones(seconds: float, low: float = 220, high: float = 2200) -> np.ndarray:
    """Two tones in turns, four times a second, with silent ends."""
    times = np.arange(int(seconds * RATE)) / RATE
    wave = 0.5 * np.sin(2 * np.pi * np.where(times % 0.5 < 0.25, low, high) * times)
    wave[: RATE // 10] = wave[-RATE // 10 :] = 0
    return wave.astype(np.float32)


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("music")
    soundfile.write(folder / "a long one.flac", tones(20), RATE)
    soundfile.write(folder / "b short.flac", tones(1.5, 300, 3000), RATE)
    (folder / "c broken.mp3").write_bytes(b"\x00" * 4000)
    soundfile.write(folder / "d last.flac", tones(1.0), RATE)
    return folder


def settings_for(tmp_path: Path, music: Path | None = None, **more: Any) -> Settings:
    return load(
        data=tmp_path,
        music=[music] if music else [],
        http__host="127.0.0.1",
        http__port=free_port(),
        mqtt__host="127.0.0.1",
        mqtt__port=free_port(),
        zeroconf__enabled=False,
        sound__enabled=False,
        **more,
    )


@pytest.fixture
async def service(tmp_path: Path, music: Path) -> AsyncIterator[Service]:
    async with running(settings_for(tmp_path, music)) as started:
        yield started


@pytest.fixture
async def node(service: Service) -> AsyncIterator[tuple[LightNode, list[Frame]]]:
    shown: list[Frame] = []
    config = NodeConfig(id="n1", service=service.identity.id)
    made = LightNode(config, service.broker, SimulatedDriver(draw=False), on_frame=shown.append)
    running_node = asyncio.create_task(made.run())
    await until(lambda: made.player.led)
    yield made, shown
    running_node.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running_node


async def until(condition: Callable[[], bool], patience: float = 20.0) -> None:
    async with asyncio.timeout(patience):
        while not condition():
            await asyncio.sleep(0.02)


async def state(service: Service, wanted: State, patience: float = 20.0) -> Status:
    await until(
        lambda: service.statuses.latest is not None and service.statuses.latest.state is wanted, patience
    )
    assert service.statuses.latest is not None
    return service.statuses.latest


async def song_id(service: Service, title: str) -> str:
    songs = await asyncio.to_thread(service.library.scan)
    return next(found.song.id for found in songs if title in found.song.title)


async def test_a_song_plays_on_a_node_and_ends_dark(
    service: Service, node: tuple[LightNode, list[Frame]]
) -> None:
    light_node, shown = node
    with service.events.subscribe() as events:
        await service.director.ask(Play(await song_id(service, "b short")))
        kinds = []
        async for event in events:
            kinds.append(event.kind)
            if event.kind == "finished":
                break
    assert kinds[0] == "started"
    assert any(any(frame.levels) for frame in shown)
    assert any(any(frame.switched) for frame in shown)
    await until(lambda: not any(shown[-1].levels) and not any(shown[-1].switched))
    assert light_node.player.timeline.late <= len(shown) * 0.05


async def test_pause_resume_seek_next_and_stop(service: Service) -> None:
    await service.director.ask(Play(await song_id(service, "a long one")))
    playing = await state(service, State.PLAYING)
    assert playing.song is not None and playing.song.duration == pytest.approx(20, abs=0.1)
    paused = await service.director.ask(Pause())
    paused = await state(service, State.PAUSED)
    await asyncio.sleep(0.2)
    assert (await service.director.ask(GetStatus())).position == paused.position
    await service.director.ask(Seek(12.0))
    await until(lambda: service.statuses.latest is not None and service.statuses.latest.position == 12.0)
    await service.director.ask(Resume())
    resumed = await state(service, State.PLAYING)
    assert 11.0 <= resumed.position <= 13.0
    with pytest.raises(CommandError, match="outside"):
        await service.director.ask(Seek(500.0))
    await service.director.ask(Next())
    assert "b short" in (await service.director.ask(GetStatus())).song.title
    stopped = await service.director.ask(Stop())
    assert stopped.state is State.IDLE and stopped.song is None


async def test_a_command_is_answered_with_the_status_after_it(service: Service) -> None:
    await service.director.ask(Play(await song_id(service, "a long one")))
    await state(service, State.PLAYING)
    assert (await service.director.ask(Pause())).state is State.PAUSED
    sought = await service.director.ask(Seek(7.0))
    assert (sought.state, sought.position) == (State.PAUSED, 7.0)
    assert (await service.director.ask(Resume())).state is State.PLAYING
    with pytest.raises(CommandError, match="nothing is paused"):
        await service.director.ask(Resume())


async def test_the_queue_skips_what_cannot_be_played(service: Service) -> None:
    await service.director.ask(Play())
    await state(service, State.PLAYING)
    await service.director.ask(Next())
    with service.events.subscribe(64) as events:
        heard = []
        async for event in events:
            heard.append((event.kind, event.song.title if event.song else ""))
            if event.kind == "song_changed" and event.song and "d last" in event.song.title:
                break
    assert ("failed", "c broken") in heard
    latest = await service.director.ask(GetStatus())
    assert "c broken" in latest.message


@pytest.mark.parametrize("command", [Pause(), Resume(), Seek(1.0), Next()])
async def test_commands_that_make_no_sense_are_answered(service: Service, command: Pause) -> None:
    with pytest.raises(CommandError):
        await service.director.ask(command)
    assert (await service.director.ask(Stop())).state is State.IDLE


async def test_an_unknown_song_is_answered(service: Service) -> None:
    with pytest.raises(CommandError, match="no such song"):
        await service.director.ask(Play("../../etc/passwd"))


async def test_blackout_darkens_the_node_at_once_and_for_as_long_as_it_lasts(
    service: Service, node: tuple[LightNode, list[Frame]]
) -> None:
    _, shown = node
    await service.director.ask(Play(await song_id(service, "a long one")))
    await until(lambda: bool(shown) and any(shown[-1].levels))
    await service.director.ask(Blackout(True))
    await until(lambda: not any(shown[-1].levels))
    mark = len(shown)
    await asyncio.sleep(0.5)
    assert not any(any(frame.levels) or any(frame.switched) for frame in shown[mark:])
    await service.director.ask(Blackout(False))
    await until(lambda: any(shown[-1].levels))


def client(service: Service) -> aiohttp.ClientSession:
    headers = {"Authorization": f"Bearer {service.identity.token}"}
    return aiohttp.ClientSession(f"http://127.0.0.1:{service.settings.http.port}", headers=headers)


async def test_a_stream_lights_the_node_while_it_arrives(
    service: Service, node: tuple[LightNode, list[Frame]], tmp_path: Path
) -> None:
    _, shown = node
    with soundfile.SoundFile(tmp_path / "stream.ogg", "w", RATE, 1) as file:
        for _ in range(60):
            file.write(tones(1))
    data = (tmp_path / "stream.ogg").read_bytes()
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        """Until there is light, however long this machine takes for it."""
        nonlocal sent
        while sent < len(data) and not any(any(frame.levels) for frame in shown):
            yield data[sent : sent + 2000]
            sent += 2000
            await asyncio.sleep(0.05)

    async with client(service) as http, http.post("/api/v1/ingest", data=body()) as response:
        assert response.status == 200, await response.text()
    assert sent < len(data), "there was light before all had been sent"
    await state(service, State.IDLE)
    await until(lambda: not any(shown[-1].levels))


async def test_pcm_over_a_websocket_lights_the_node(
    service: Service, node: tuple[LightNode, list[Frame]]
) -> None:
    _, shown = node
    samples = (tones(2) * 32767).astype("<i2").tobytes()
    async with client(service) as http, http.ws_connect("/api/v1/ingest") as ws:
        await ws.send_json({"rate": RATE, "channels": 1, "format": "s16le", "title": "line in"})
        for start in range(0, len(samples), 2048):
            await ws.send_bytes(samples[start : start + 2048])
        await state(service, State.LIVE)
        await ws.send_json({"type": "end"})
        await state(service, State.IDLE)
    assert any(any(frame.levels) for frame in shown)


async def test_a_stream_that_is_no_audio_is_refused_with_a_reason(service: Service) -> None:
    async with client(service) as http, http.post("/api/v1/ingest", data=b"not audio" * 10_000) as response:
        assert response.status in (400, 415)
        assert "stream" in (await response.json())["error"]
    await state(service, State.IDLE)
    await service.director.ask(Play(await song_id(service, "b short")))
    await state(service, State.PLAYING)


async def test_stop_ends_a_stream(service: Service) -> None:
    samples = (tones(1) * 32767).astype("<i2").tobytes()
    async with client(service) as http, http.ws_connect("/api/v1/ingest") as ws:
        await ws.send_json({"rate": RATE, "channels": 1, "format": "s16le", "title": "line in"})
        await ws.send_bytes(samples)
        await state(service, State.LIVE)
        await service.director.ask(Stop())
        await state(service, State.IDLE)
        async with asyncio.timeout(10):
            while not ws.closed:
                with contextlib.suppress(ConnectionError, aiohttp.ClientError, TimeoutError):
                    await ws.send_bytes(samples[:2048])
                    await ws.receive(timeout=0.1)
        assert ws.closed


async def refuses(settings: Settings, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        async with running(settings):
            pass


async def test_what_cannot_start_says_why(tmp_path: Path) -> None:
    await refuses(settings_for(tmp_path, model="nonsense"), ModelError, "nonsense")
    await refuses(settings_for(tmp_path, mqtt__broker="http://x"), UsageError, "mqtt://")


async def test_a_data_folder_is_one_services_own(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)):
        await refuses(
            settings_for(tmp_path), UsageError, "another service runs with the data folder .* --data"
        )
    async with running(settings_for(tmp_path)):
        pass


async def test_a_music_folder_may_come_later(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stick = tmp_path / "stick"
    async with running(settings_for(tmp_path, stick)) as service:

        async def missing(places: tuple[str, ...]) -> None:
            async with asyncio.timeout(90):
                while (service.statuses.latest or Status()).missing_music != places:
                    await asyncio.sleep(0.05)

        await missing((str(stick),))
        assert f"no music at {stick}" in caplog.text
        async with client(service) as http, http.get("/api/v1/library") as response:
            assert (await response.json())["missing"] == [str(stick)]
        make = tmp_path / "made"
        make.mkdir()
        soundfile.write(make / "plugged in.wav", tones(1), RATE)
        make.rename(stick)
        await missing(())
        assert await song_id(service, "plugged in")


async def test_two_services_on_one_port(service: Service, tmp_path: Path) -> None:
    taken = settings_for(tmp_path / "other")
    clash = taken.model_copy(update={"http": service.settings.http})
    await refuses(clash, NetworkError, "in use")


async def test_a_service_starts_and_plays_without_its_broker(tmp_path: Path, music: Path) -> None:
    settings = settings_for(tmp_path, music, mqtt__broker=f"mqtt://127.0.0.1:{free_port()}")
    async with running(settings) as service:
        await service.director.ask(Play(await song_id(service, "b short")))
        await state(service, State.PLAYING)
        assert (await state(service, State.IDLE)).message == ""


async def test_a_sender_hears_that_another_command_ended_its_stream(service: Service, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "sent.flac", tones(20), RATE)
    song = (tmp_path / "sent.flac").read_bytes()

    async def send() -> tuple[int, str]:
        async with client(service) as http, http.post("/api/v1/ingest", data=song) as response:
            return response.status, (await response.json())["error"]

    sending = asyncio.create_task(send())
    await state(service, State.LIVE)
    await service.director.ask(Play(await song_id(service, "b short")))
    assert await sending == (409, "the stream was ended by another command")


async def test_look_and_model_change_while_a_stream_is_lit(service: Service) -> None:
    samples = (tones(1) * 32767).astype("<i2").tobytes()
    async with client(service) as http, http.ws_connect("/api/v1/ingest") as ws:
        await ws.send_json({"rate": RATE, "channels": 1, "format": "s16le", "title": "line in"})
        await ws.send_bytes(samples)
        await state(service, State.LIVE)
        assert (await service.director.ask(SetOption("look", "calm"))).look == "calm"
        assert (await service.director.ask(SetOption("model", "dense"))).model == "dense"
        await ws.send_bytes(samples)
        await ws.send_json({"type": "end"})
        assert (await state(service, State.IDLE)).message == ""


async def test_a_song_from_the_web_is_pulled_played_and_gone(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "far away.flac", tones(2), RATE)

    async def answer(_: web.Request) -> web.FileResponse:
        return web.FileResponse(tmp_path / "far away.flac")

    app = web.Application()
    app.router.add_get("/song", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    async with running(settings_for(tmp_path, urls__reach="any")) as service:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/song"
        async with client(service) as http:
            body = {"command": "play", "url": url, "title": "Far away"}
            async with http.post("/api/v1/control", json=body) as response:
                assert response.status == 200, await response.text()
            playing = await state(service, State.PLAYING)
            assert playing.song is not None and (playing.song.id, playing.song.title) == ("", "Far away")
            assert playing.song.duration == pytest.approx(2.0, abs=0.1)
            await state(service, State.IDLE)
            await service.director.ask(Play(url=url + "/nowhere"))
            await until(lambda: "did not send a song" in (service.statuses.latest or Status()).message)
    await runner.cleanup()


async def test_a_show_outlives_a_restart_of_the_service(tmp_path: Path, music: Path) -> None:
    settings = settings_for(tmp_path, music, resume_within=5.0)
    async with running(settings) as service:
        await service.director.ask(SetOption("brightness", 0.5))
        await service.director.ask(Play(await song_id(service, "a long one"), position=10.0))
        await state(service, State.PLAYING)
    async with running(settings) as service:
        playing = await state(service, State.PLAYING)
        assert playing.song is not None and playing.song.title == "a long one"
        assert 9.5 <= playing.position <= 15.0 and playing.brightness == 0.5
