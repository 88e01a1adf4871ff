"""yulelight library, with a running service and without."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.brokers import free_port
from tests.library.shelf import make_song
from yulelight.app.build import running
from yulelight.app.settings import load
from yulelight.commands.cli import app

Say = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATA": str(tmp_path / "data"),
        "MUSIC": f'["{tmp_path / "music"}"]',
        "HTTP__PORT": str(free_port()),
        "HTTP__HOST": "127.0.0.1",
        "MQTT__PORT": str(free_port()),
        "MQTT__HOST": "127.0.0.1",
        "ZEROCONF__ENABLED": "false",
        "SOUND__ENABLED": "false",
        "LIBRARY__SETTLE": "0",
    }.items():
        monkeypatch.setenv(f"YULELIGHT_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")
    make_song(tmp_path / "music" / "Jingle Bells.flac", 400)
    make_song(tmp_path / "music" / "Silent Night.flac", 300)
    return tmp_path


def say(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, ["library", *arguments])
    assert result.exit_code == status, result.output
    return result.stdout if status == 0 else result.stderr


def test_without_a_service(home: Path) -> None:
    assert "3 songs, 0 rendered, 3 waiting" in say("scan")  # the carol is always there
    listed = say("list", "bells")
    assert "Jingle Bells" in listed
    assert "Silent" not in listed
    assert "There is no such song" in say("list", "nowhere")
    assert "1 rendered" in say("render", "silent")
    (home / "music" / "Words.mp3").write_text("no music")
    say("render", "words")
    told = say("status", "--music", str(home / "music"), "--music", str(home / "stick"))
    assert "1 song cannot be played:\n  Words (" in told
    assert f"no music at {home / 'stick'} now" in told
    (home / "music" / "Words.mp3").unlink()
    assert "paused" in say("pause")
    assert "1 rendered" in say("render")
    assert "paused" not in say("resume")
    assert "3 rendered, 0 waiting" in say("render")
    assert [line.split()[1] for line in say("list").splitlines()] == ["*", "*", "*"]
    assert "no song 'nowhere'" in say("render", "nowhere", status=2)


async def test_with_a_service(home: Path) -> None:
    async def ask(*arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "yulelight", "library", *arguments, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        assert process.returncode == 0
        return output.decode()

    async with running(load()) as service:
        assert "3 rendered, 0 waiting" in await ask("render", "--wait")
        assert "paused" in await ask("pause")
        make_song(home / "music" / "New.flac", 700)
        assert "4 songs, 3 rendered, 1 waiting" in await ask("scan")
        assert "4 rendered" in await ask("render", "new", "--wait")
        assert "paused" not in await ask("resume")
        assert len(service.library.songs()) == 4
        assert "New" in await ask("list", "new")
