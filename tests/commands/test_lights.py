"""yulelight lights, on a real API: what drives the lights of a house, how it does, and a blink."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.api.stubs import TOKEN, House, Served, serve
from tests.brokers import Mosquitto, free_port
from tests.mqtt.devices.yard import Yard as BrokerYard
from yulelight.api.services import FoundOnBroker
from yulelight.commands import lights as command
from yulelight.commands.cli import app
from yulelight.core.messages import Identify
from yulelight.lights.mirrors import Mirror
from yulelight.mqtt.devices.device import FoundLight
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.mqtt.payloads import NodeStatus
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.ddp import Ddp
from yulelight.outputs.driven import Driven
from yulelight.outputs.network import NetworkDriver
from yulelight.outputs.pixels import Range, Strip
from yulelight.safety.physics import Light


class Yard(House):
    """A house with a node of three lights, and a strip of pixels that does not run yet."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes = NodeRegistry(lambda: 0.0)
        relays = tuple(Light(channel=channel, kind="relay") for channel in (2, 3, 3))
        self.nodes.heard_status("garage", NodeStatus(True, "simulated", (2, 3), "1.0", relays))
        self.board = OutputBoard({"fence": "ddp", "porch": "wled"})
        strip = Strip(10, (Range(5, 0, 10),), 2.2)
        self.board.put(Driven("fence", NetworkDriver("fence", "127.0.0.1", Ddp(), strip)))
        self.mirrors.tell("ha", [Mirror("Terrace", 4, (True, False))], time.monotonic())


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YULELIGHT_HTTP__HOST", "127.0.0.1")
    monkeypatch.setattr(command, "_BLINKING", 0.0)
    keys = {"id": "house1", "token": TOKEN, "broker_user": "u", "broker_password": "p"}
    (tmp_path / "identity.json").write_text(json.dumps(keys))
    return tmp_path


async def lights(data: Path, served: Served, *more: str) -> Result:
    arguments = ["lights", *more, "--data", str(data), "--http-port", str(served.server.port)]
    return await asyncio.to_thread(CliRunner().invoke, app, arguments, env={"COLUMNS": "120"})


async def test_nodes_and_outputs_are_listed_with_what_is_wrong(data: Path) -> None:
    async with serve(Yard()) as served:
        result = await lights(data, served)
        assert result.exit_code == 0, result.output
        rows = [line.split() for line in result.output.splitlines()[1:]]
    assert rows == [
        ["garage", "node", "2,", "3", "well"],
        ["fence", "ddp", "5", "is", "being", "looked", "for"],
        ["porch", "wled", "does", "not", "run", "yet"],
        ["Terrace", "home-assistant", "4", "well"],
    ]


async def test_each_channel_of_one_blinks(data: Path) -> None:
    house = Yard()
    async with serve(house) as served:
        for arguments in (["garage"], ["fence"], ["garage", "--channel", "3"]):
            result = await lights(data, served, "blink", *arguments)
            assert result.exit_code == 0, result.output
    assert house.commands == [Identify(2), Identify(3), Identify(5), Identify(3)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["roof"], "no node or output 'roof'; there are: garage, fence, porch, Terrace"),
        (["Terrace"], "make it blink there"),
        (["garage", "--channel", "5"], "garage does not have channel 5; it has 2, 3"),
    ],
)
async def test_what_does_not_hang_there_is_told(data: Path, arguments: list[str], said: str) -> None:
    house = Yard()
    async with serve(house) as served:
        result = await lights(data, served, "blink", *arguments)
    assert result.exit_code == 2 and said in result.output
    assert not house.commands


async def test_the_answer_has_loads_and_counts(data: Path) -> None:
    async with serve(Yard()) as served, served.client() as client:
        said = await (await client.get("/api/v1/lights")).json()
    garage, fence, porch, _ = said["outputs"]
    assert garage["lights"][0] == {"channel": 2, "kind": "relay", "load": 1.0} and garage["healthy"]
    assert fence["lights"] == [{"channel": 5, "kind": "dimmer", "load": 10.0}] and fence["frames"] == 0
    assert not porch["healthy"] and porch["lights"] == []


async def test_lights_on_a_broker_are_found(data: Path) -> None:
    async with Mosquitto() as broker, BrokerYard(broker):
        arguments = [
            "lights",
            "--find",
            "--interface",
            "127.0.0.1",
            "--broker",
            f"{broker.host}:{broker.port}",
        ]
        result = await asyncio.to_thread(CliRunner().invoke, app, arguments, env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    rows = [line.split() for line in result.output.splitlines()]
    assert [
        "shelly/shellyplus2pm-a8032abe54dc/switch:1",
        "Gate",
        "switch:1",
        "relay",
        "Gen2",
        "or",
        "later",
    ] in rows
    assert ["tasmota/A4CF12B8D3E1/dimmer/3", "shed", "3", "dimmer", "Generic"] in rows
    assert 'type = "mqtt-light"' in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--find", "--broker", "mqtt://"], "no host"),
        (["--broker", "192.0.2.1"], "--broker is for --find"),
    ],
)
def test_a_broker_that_cannot_be_searched_is_told(data: Path, arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(app, ["lights", *arguments])
    assert result.exit_code == 2 and said in result.output, result.output


def test_a_broker_that_is_not_there_is_told(data: Path) -> None:
    arguments = ["lights", "--find", "--interface", "127.0.0.1", "--broker", f"127.0.0.1:{free_port()}"]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "160"})
    assert result.exit_code == 0 and "is not reachable" in result.output


def test_names_that_look_like_markup_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    light = FoundLight("tasmota/A4CF12B8D3E1/relay/1", "[/bold]", "tasmota", dims=False, model="[red]")
    command._print_on_brokers([FoundOnBroker("broker:1883", [light])])
    said = capsys.readouterr().out
    assert "[/bold]" in said and "[red]" in said
