"""yulelight calibrate, at the keyboard of a real service's API."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from tests.api.shelf import Shelf, shelf
from tests.api.stubs import TOKEN, Served
from tests.brokers import free_port
from yulelight.commands.cli import app
from yulelight.commands.sound import nudged
from yulelight.core.errors import UsageError
from yulelight.core.messages import MAX_DELAY, MIN_DELAY, Calibrate, SetOption


def identity(data: Path) -> Path:
    data.mkdir()
    keys = {"id": "house1", "token": TOKEN, "broker_user": "u", "broker_password": "p"}
    (data / "identity.json").write_text(json.dumps(keys))
    return data


async def calibrate(data: Path, served: Served, typed: str, *more: str) -> Result:
    arguments = ["calibrate", "--data", str(data), "--http-port", str(served.server.port), *more]
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, typed)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YULELIGHT_HTTP__HOST", "127.0.0.1")
    return identity(tmp_path / "data")


def delays(house: Shelf) -> list[object]:
    return [message.value for message in house.commands if isinstance(message, SetOption)]


async def test_the_user_nudges_until_it_matches(tmp_path: Path, data: Path) -> None:
    async with shelf(tmp_path) as (house, served):
        result = await calibrate(data, served, "e\neee\nll\nhm\n0,3\n9\n\n")
        assert result.exit_code == 0, result.output
        assert delays(house) == pytest.approx([0.01, 0.26, 0.21, 0.3])
        assert house.commands[0] == Calibrate(True) and house.commands[-1] == Calibrate(False)
        assert "type e, l" in result.output and "from -2 to 5" in result.output
        assert "wait 0.30 s for main" in result.output


async def test_x_forgets_all_changes(tmp_path: Path, data: Path) -> None:
    async with shelf(tmp_path) as (house, served):
        result = await calibrate(data, served, "eee\nx\n")
        assert result.exit_code == 0, result.output
        assert delays(house) == pytest.approx([0.25, 0.0])


async def test_another_output(tmp_path: Path, data: Path) -> None:
    async with shelf(tmp_path) as (house, served):
        result = await calibrate(data, served, "l\n", "--output", "terrace")  # and the keyboard ends
        assert result.exit_code == 0, result.output
        assert "no sound card was found" in result.output
        assert house.outputs.outputs()[1].delay == pytest.approx(0.24)
        assert house.commands == [Calibrate(True), Calibrate(False)]
        result = await calibrate(data, served, "", "--output", "nobody")
        assert result.exit_code == 2 and "there are main, terrace" in result.stderr


async def test_without_a_service_one_line_says_so(data: Path) -> None:
    arguments = ["calibrate", "--data", str(data), "--http-port", str(free_port())]
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert result.exit_code == 5
    assert "start it with `yulelight serve`" in result.stderr and len(result.stderr.splitlines()) == 1


@given(
    st.floats(MIN_DELAY, MAX_DELAY),
    st.text(max_size=6) | st.sampled_from(["e", "ll", "eee", "1.5", "nan", "inf", "-2"]),
)
def test_a_nudge_stays_within_what_can_be(delay: float, answer: str) -> None:
    try:
        wanted = nudged(delay, answer)
    except UsageError as error:
        assert str(error)
    else:
        assert MIN_DELAY <= wanted <= MAX_DELAY
