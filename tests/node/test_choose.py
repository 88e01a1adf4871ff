import logging
from pathlib import Path

import pytest

from tests.node.pigpiod import Pigpiod
from yulelight.core.errors import NetworkError, UsageError
from yulelight.node.config import NodeConfig, OutputConfig, PigpioConfig
from yulelight.node.drivers.choose import board, choose, suggest
from yulelight.node.off import all_off

PI_3, PI_5 = "Raspberry Pi 3 Model B Plus Rev 1.3", "Raspberry Pi 5 Model B Rev 1.0"


@pytest.fixture(scope="module")
def closed() -> int:
    """A port at which nothing listens."""
    with Pigpiod() as gone:
        return gone.port


def wired(port: int, host: str = "127.0.0.1") -> NodeConfig:
    return NodeConfig(
        outputs=(OutputConfig(channel=1, pin=4), OutputConfig(channel=2, pin=18, type="dimmer")),
        pigpio=PigpioConfig(host=host, port=port),
    )


def test_which_board(tmp_path: Path) -> None:
    model = tmp_path / "model"
    assert board(model) == ""
    model.write_bytes(PI_5.encode() + b"\0")
    assert board(model) == PI_5
    model.write_bytes(b"QEMU something\0")
    assert board(model) == ""


def test_what_is_suggested(closed: int) -> None:
    def nothing(name: str) -> None: ...

    def installed(name: str) -> str:
        return f"/usr/bin/{name}"

    config = wired(closed)
    assert suggest(NodeConfig(), PI_3)[0] == "simulated"
    assert suggest(config, PI_5, installed)[0] == "lgpio"
    assert suggest(config, "Raspberry Pi Compute Module 5 Rev 1.0")[0] == "lgpio"
    assert suggest(config, PI_3, installed)[0] == "pigpio", "it may start after us"
    assert suggest(config, PI_3, nothing)[0] == "lgpio"
    assert suggest(config, "", installed)[0] == "simulated"
    assert suggest(wired(closed, "192.168.1.20"), "", nothing)[0] == "pigpio"
    with Pigpiod() as pigpiod:
        assert suggest(wired(pigpiod.port), "")[0] == "pigpio"


def test_the_choice_is_told_and_can_be_overridden(
    closed: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = tmp_path / "model"
    with caplog.at_level(logging.INFO, "yulelight"):
        assert choose(wired(closed), model=model).name == "simulated"
        assert caplog.records[-1].levelno == logging.WARNING
        assert "no light is switched" in caplog.text
        model.write_text(PI_5)
        assert choose(wired(closed), model=model).name == "lgpio"
        assert "driver lgpio: this is a Raspberry Pi 5" in caplog.text
    assert choose(wired(closed), "pigpio", model=model).name == "pigpio"
    assert choose(wired(closed), "simulated", model=model).name == "simulated"
    with pytest.raises(UsageError, match=r"'magic'.*simulated"):
        choose(NodeConfig(), "magic")
    with pytest.raises(UsageError, match="no pin"):
        choose(NodeConfig(), "pigpio")


async def test_all_off(closed: int) -> None:
    with Pigpiod() as pigpiod:
        pigpiod.pins |= {4: 1.0, 18: 0.5}
        pigpiod.pulses[18] = (400, 1_000_000, True)
        await all_off(wired(pigpiod.port))
        assert pigpiod.pins == {4: 0.0, 18: 0.0} and not pigpiod.pulses
    with pytest.raises(NetworkError, match="may still be on"):
        await all_off(wired(closed), "pigpio")
