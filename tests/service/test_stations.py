"""A radio station in the whole service: played by its address and by its name, alone and in a playlist."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner

from tests.radio import Station, on_air
from tests.service.test_service import settings_for
from yulelight.app.build import running
from yulelight.app.service import Service
from yulelight.app.settings import Settings
from yulelight.commands.cli import app
from yulelight.core.messages import Announce, Play, State, Status


async def say(settings: Settings, *words: str, status: int = 0) -> str:
    """What a command prints."""
    port = ["--http-port", str(settings.http.port)] if words[0] != "playlist" else []
    arguments = [*words, "--data", str(settings.data), *port]
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert result.exit_code == status, (words, result.output, result.exception)
    return result.output


async def until(service: Service, condition: Callable[[Status], object]) -> Status:
    with service.statuses.subscribe(64) as statuses:
        if service.statuses.latest is not None and condition(service.statuses.latest):
            return service.statuses.latest
        async with asyncio.timeout(60):
            async for status in statuses:
                if condition(status):
                    return status
    raise AssertionError


async def test_a_station_is_played_kept_and_put_into_a_playlist(tmp_path: Path) -> None:
    station = Station()
    settings = settings_for(tmp_path / "data", urls__reach="any")
    async with on_air(station) as url, running(settings) as service:
        await say(settings, "play", f"{url}/radio.pls")
        status = await until(service, lambda status: status.song and status.song.artist == "Choir")
        assert status.song is not None and status.state is State.LIVE
        assert (status.song.title, status.song.album) == ("Carol", "Radio Noel")
        assert "idle" in await say(settings, "stop")

        # A whole song at an address is one, as ever.
        await say(settings, "play", f"{url}/song.mp3")
        status = await until(service, lambda status: status.state is State.PLAYING)
        assert status.song is not None and status.song.title == "song.mp3"
        await say(settings, "stop")

        assert "No station" in await say(settings, "station", "list")
        assert await say(settings, "station", "add", f"{url}/radio.pls") == f"Radio Noel: {url}/radio.pls\n"
        assert "status 404" in await say(settings, "station", "add", f"{url}/none", status=1)
        assert "kept already" in await say(settings, "station", "add", f"{url}/radio.pls", "Again", status=1)
        await say(settings, "station", "rename", "radio noel", "Noël")
        await say(settings, "playlist", "new", "Evening")
        await say(settings, "playlist", "add", "Evening", "noel", "--seconds", "5")
        assert "Noël (station)  0:05" in await say(settings, "playlist", "show", "Evening")
        await say(settings, "play", "evening")
        status = await until(service, lambda status: status.state is State.LIVE)
        assert status.playlist == "Evening"
        await until(service, lambda status: status.state is State.IDLE)

        # The calendar names what it plays as a playlist.
        await service.director.ask(Play(playlist="noel"))
        status = await until(service, lambda status: status.state is State.LIVE)
        assert status.playlist == "Noël"
        await say(settings, "station", "remove", "Noël")
        assert "No station" in await say(settings, "station", "list")
        missing = await say(settings, "play", "Noël", status=1)
        assert "no station, playlist or song 'Noël'" in missing


async def test_an_announcement_is_no_station(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "data", urls__reach="any")
    async with on_air(Station()) as url, running(settings) as service:
        service.director.post(Play(url=f"{url}/live"))
        await until(service, lambda status: status.state is State.LIVE)
        await service.director.ask(Announce(url=f"{url}/live"))
        status = await until(service, lambda status: status.message)
        assert "can be played, but not announced" in status.message and status.state is State.LIVE
