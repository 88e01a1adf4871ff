"""A live input of the settings, in the whole service: sound that is written into a fifo lights the house."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest
from aiohttp import ClientSession
from typer.testing import CliRunner
from yarl import URL

from tests.service.test_service import settings_for
from yulelight.app.build import running
from yulelight.commands.cli import app
from yulelight.commands.listen import line
from yulelight.core.messages import State
from yulelight_client.client import YulelightClient, YulelightError

NOISE = (np.random.default_rng(0).uniform(-0.5, 0.5, (44_100 * 3, 2)) * 32767).astype("<i2").tobytes()


async def test_a_fifo_lights_the_house(tmp_path: Path) -> None:
    fifo = tmp_path / "sound"
    os.mkfifo(fifo)
    given = [
        {"type": "pipe", "name": "Speaker", "fifo": fifo, "silence": 1},
        {"type": "pipe", "name": "Gone", "command": ["no-such-program"]},
    ]
    settings = settings_for(tmp_path / "data", input=given)
    async with running(settings) as service:

        def listened(*words: str) -> str:
            asked = [
                *(words or ["listen"]),
                "--data",
                str(settings.data),
                "--http-port",
                str(settings.http.port),
            ]
            result = CliRunner().invoke(app, asked)
            assert result.exit_code == 0, result.output
            return result.output

        async def write() -> None:
            writer = await asyncio.create_subprocess_exec(
                "tee", str(fifo), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
            )
            await writer.communicate(NOISE)

        with service.statuses.subscribe(64) as statuses:
            writing = asyncio.create_task(write())
            async with asyncio.timeout(20):
                async for status in statuses:
                    if status.state is State.LIVE:
                        break
                assert status.song is not None and status.song.title == "Speaker"
                first, second = (await asyncio.to_thread(listened)).splitlines()
                async with ClientSession() as session:
                    client = YulelightClient(session, URL(service.address), service.identity.token)
                    answer = await client.request("PUT", "inputs/Gone", {"muted": True})
                    assert [each["muted"] for each in answer["inputs"]] == [False, True]
                    for path, said in (
                        ("inputs/Gone/play", "Gone is silent .*play something there first"),
                        ("inputs/None/play", "no such input"),
                    ):
                        with pytest.raises(YulelightError, match=said):
                            await client.request("POST", path)
                await asyncio.to_thread(listened, "input", "priority", "gone", "-7")
                await asyncio.to_thread(listened, "input", "unmute", "GONE")
                listed = (await asyncio.to_thread(listened, "input", "list")).splitlines()
                assert listed[0] == "   0  Speaker: playing" and "What was interrupted returns" in listed[2]
                assert listed[1].startswith("  -7  Gone: away (no-such-program cannot be started")
                assert first.split()[:2] == ["Speaker", "playing"] and " dB" in first
                assert (
                    second.split()[:2] == ["Gone", "away"] and "no-such-program cannot be started" in second
                )
                async for status in statuses:
                    if status.state is State.IDLE:
                        break
            await writing


def test_the_meter_of_an_input() -> None:
    shown = line({"name": "Radio", "state": "silent", "level": None, "problem": ""})
    assert shown.split() == ["Radio", "silent", "[", "]", "silent"]
    shown = line({"name": "Radio", "state": "playing", "level": -30.0, "problem": ""})
    assert "[##########          ]" in shown and "-30.0 dB" in shown
