import io

from rich.console import Console

from yulelight.core.messages import CHANNELS
from yulelight.node.drivers.simulated import SimulatedDriver, bulbs

ON = (True,) * CHANNELS


async def test_outputs_are_dark_before_and_after() -> None:
    shown: list[bytes] = []
    async with SimulatedDriver(on_show=lambda levels, switched: shown.append(levels)) as driver:
        driver.show(b"\xff" * CHANNELS, ON)
    assert shown == [bytes(CHANNELS), b"\xff" * CHANNELS, bytes(CHANNELS)]


async def test_a_terminal_sees_bulbs_and_a_pipe_nothing() -> None:
    terminal, pipe = io.StringIO(), io.StringIO()
    for file, is_terminal in ((terminal, True), (pipe, False)):
        console = Console(file=file, force_terminal=is_terminal, color_system="truecolor")
        async with SimulatedDriver(console) as driver:
            driver.show(b"\xff" * CHANNELS, ON)
    assert "○" in terminal.getvalue()
    assert pipe.getvalue() == ""


def test_a_bulb_is_as_bright_as_its_level_and_filled_when_its_relay_is_on() -> None:
    line = bulbs(bytes([255, 0, 0, 0, 0, 0, 0, 0]), (True,) + (False,) * 7)
    assert line.plain.split() == ["●"] + ["○"] * 7
    styles = [str(span.style) for span in line.spans]
    assert styles[0] == "rgb(255,59,48)"
    assert styles[1] == "rgb(31,18,0)"
