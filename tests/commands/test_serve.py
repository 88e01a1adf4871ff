"""`yulelight serve`, as who starts it sees it: on a terminal, and in a log."""

import asyncio
import contextlib
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.brokers import free_port
from yulelight.app.settings import Settings, load
from yulelight.commands.client import connected
from yulelight.core.identity import load_or_make
from yulelight.library.songs import Library

CAROL = Path(sys.modules["yulelight"].__path__[0]) / "assets" / "carol.ogg"


def command(data: Path, *more: object) -> list[str]:
    ports = ("--http-port", free_port(), "--mqtt-port", free_port())
    arguments = ("serve", "--data", data, "--no-zeroconf", "--no-audio", *ports, *more)
    return [sys.executable, "-m", "yulelight", *map(str, arguments)]


def on_a_terminal(arguments: Sequence[str], last: str) -> str:
    """What is shown until ``last`` is; then Ctrl-C."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        arguments, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=os.environ | {"TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    shown = ""
    try:
        while last not in shown:
            shown += os.read(ours, 65_536).decode(errors="replace")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        os.close(ours)
    return shown


def in_a_log(arguments: Sequence[str], last: str) -> str:
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if last in line:
            process.terminate()
    assert process.wait(20) == 0
    return "".join(lines)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    (tmp_path / "music").mkdir()
    for name in ("a", "b"):
        (tmp_path / "music" / f"{name}.ogg").write_bytes(CAROL.read_bytes() + name.encode())
    assert len(Library([tmp_path / "music"], []).scan()) == 2
    return tmp_path / "music"


def test_a_terminal_shows_addresses_with_the_token_a_code_and_the_songs(tmp_path: Path, music: Path) -> None:
    shown = on_a_terminal(command(tmp_path / "data", "--music", music), "3 songs found")
    token = load_or_make(tmp_path / "data").token
    pages = re.findall(r"the page: (http://[\d.]+:\d+/)#token=(\S+)", shown)
    if pages:  # a machine without any network has no address for phones
        assert {one for _, one in pages} == {token} and "127.0.0.1" not in pages[0][0]
        assert "\x1b[97;40m██ ▄▄▄▄▄ █" in shown
    else:
        assert "phones cannot open it" in shown
    assert "shows ready: 0, being rendered in the background: 3" in shown


def test_a_log_has_no_token(tmp_path: Path) -> None:
    log = in_a_log(command(tmp_path, "--host", "127.0.0.1"), "bundled carol")
    token = load_or_make(tmp_path).token
    assert token not in log and "█" not in log
    assert "phones cannot open it (--host 0.0.0.0 lets them in)" in log
    assert "`yulelight token` shows" in log and "name a folder of yours with --music" in log


def wait_until_free(port: int) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return
        time.sleep(0.1)


async def play_in_the_dark(settings: Settings) -> None:
    """Until the song plays, and that is written down."""
    async with connected(settings) as client:
        await client.control("blackout", on=True)
        status = await client.control("play")
        async with asyncio.timeout(60):
            while status["state"] != "playing":
                await asyncio.sleep(0.1)
                status = await client.get("status")
        await asyncio.sleep(1.0)


def test_a_killed_service_offers_what_played_and_tells_of_a_blackout(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    tone = np.sin(2 * np.pi * 440 * np.arange(30 * 22_050) / 22_050) / 2
    soundfile.write(tmp_path / "music" / "a tone.flac", tone, 22_050)
    arguments = command(tmp_path, "--host", "127.0.0.1", "--music", tmp_path / "music")
    port = int(arguments[arguments.index("--http-port") + 1])
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None and any("2 songs found" in line for line in process.stderr)
        asyncio.run(play_in_the_dark(load(data=tmp_path, http__port=port)))
    finally:
        process.kill()
        process.wait()
    # Its broker notices the end, and gives the port back, a moment later.
    for option in ("--http-port", "--mqtt-port"):
        wait_until_free(int(arguments[arguments.index(option) + 1]))
    log = in_a_log(arguments, "2 songs found")
    assert "a restart interrupted a song: play goes on where it was, for 15 minutes" in log
    assert "blackout was on before this start" in log
