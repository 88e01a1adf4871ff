"""yulelight play and stop, on a real API: what a word means, and what is told where it means nothing."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.api.stubs import TOKEN, Served, serve
from yulelight.commands.cli import app
from yulelight.core.messages import Play, Stop


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YULELIGHT_HTTP__HOST", "127.0.0.1")
    keys = {"id": "house1", "token": TOKEN, "broker_user": "u", "broker_password": "p"}
    (tmp_path / "identity.json").write_text(json.dumps(keys))
    return tmp_path


async def say(data: Path, served: Served, *words: str) -> Result:
    arguments = [*words, "--data", str(data), "--http-port", str(served.server.port)]
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env={"COLUMNS": "120"})


async def test_what_a_word_means(data: Path) -> None:
    async with serve() as served:
        station = served.services.stations.stations.add("http://radio.example/", "Noël")
        served.services.playlists.lists._folder.path.mkdir()
        (served.services.playlists.lists._folder.path / "Evening.m3u8").write_text("#EXTM3U\n")
        for words, meant in (
            (
                ("play", "http://x.example/a.mp3", "--queue"),
                Play(url="http://x.example/a.mp3", enqueue="add"),
            ),
            (("play", "noel", "--look", "calm"), Play(station=station.id, look="calm")),
            (("play", "EVENING"), Play(playlist="Evening")),
            (("play",), Play()),
            (("stop",), Stop()),
        ):
            result = await say(data, served, *words)
            assert result.exit_code == 0, result.output
            assert served.house.commands[-1] == meant
        before = len(served.house.commands)
        for words, said in (
            (("play", "ftp://x/"), "begins with http:// or https://"),
            (("play", "nothing like it"), "no station, playlist or song 'nothing like it'"),
            (("station", "remove", "Nol"), "no station 'Nol'"),
            (("station", "add", "radio.example"), "begins with http:// or https://"),
        ):
            result = await say(data, served, *words)
            assert result.exit_code != 0 and said in " ".join(f"{result.output} {result.exception}".split())
        assert len(served.house.commands) == before
