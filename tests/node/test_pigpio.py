"""The pigpio driver with the real client against a stand-in for pigpiod."""

import asyncio
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby

import pytest

from tests.node.pigpiod import Pigpiod
from yulelight.core.errors import UsageError
from yulelight.node.config import NodeConfig, OutputConfig, PigpioConfig
from yulelight.node.drivers.pigpio import PigpioDriver
from yulelight.node.drivers.pigpiod import answers

RELAYS = tuple(OutputConfig(channel=n + 1, pin=pin) for n, pin in enumerate((4, 17, 27, 22, 5, 6, 26, 16)))
DIMMERS = (
    OutputConfig(channel=1, pin=18, type="dimmer", gamma=1, frequency=400),
    OutputConfig(channel=2, pin=23, type="dimmer", gamma=1, frequency=310, steps=500),
    OutputConfig(channel=3, pin=12, type="dimmer", gamma=1, minimum=0.2, active_low=True),
)


def node(port: int, *outputs: OutputConfig) -> NodeConfig:
    return NodeConfig(outputs=outputs, pigpio=PigpioConfig(port=port))


async def until(true: Callable[[], object], timeout: float = 20) -> None:
    async with asyncio.timeout(timeout):
        while not true():
            await asyncio.sleep(0.005)


@pytest.fixture
def pigpiod() -> Iterator[Pigpiod]:
    with Pigpiod() as running:
        yield running


def on(pattern: str) -> tuple[bytes, tuple[bool, ...]]:
    states = tuple(character == "1" for character in pattern)
    return bytes(255 * state for state in states), states


async def test_all_relays_of_a_frame_change_in_one_instant(pigpiod: Pigpiod) -> None:
    async with PigpioDriver(node(pigpiod.port, *RELAYS)) as driver:
        assert driver.healthy and driver.errors == 0
        assert pigpiod.outputs == {output.pin for output in RELAYS}
        assert set(pigpiod.pins.values()) == {0.0}
        pigpiod.changes.clear()
        driver.show(*on("11110000"))
        await until(lambda: pigpiod.pins[22] == 1.0)
        driver.show(*on("00001111"))
        await until(lambda: pigpiod.pins[16] == 1.0)
        instants = [
            {(change.pin, change.share) for change in group}
            for _, group in groupby(pigpiod.changes, key=lambda change: change.time)
        ]
        assert instants == [
            {(4, 1.0), (17, 1.0), (27, 1.0), (22, 1.0)},
            {(4, 0.0), (17, 0.0), (27, 0.0), (22, 0.0)},
            {(5, 1.0), (6, 1.0), (26, 1.0), (16, 1.0)},
        ]
    assert set(pigpiod.pins.values()) == {0.0}


async def test_all_commands_of_a_frame_are_one_write(pigpiod: Pigpiod) -> None:
    async with PigpioDriver(node(pigpiod.port, *RELAYS, DIMMERS[1])) as driver:
        driver.show(*on("111100000"))
        await until(lambda: pigpiod.pins[22] == 1.0)
        pigpiod.behind.clear()
        driver.show(*on("000011111"))
        await until(lambda: pigpiod.pins[23] == 1.0)
        assert pigpiod.behind == [32, 16], "off, on and the dimmer"


async def test_a_frame_waits_for_its_moment_and_gives_way_to_what_is_shown_at_once(pigpiod: Pigpiod) -> None:
    late: list[int] = []
    async with PigpioDriver(node(pigpiod.port, *RELAYS)) as driver:
        pigpiod.changes.clear()
        begun = time.monotonic()
        driver.show_in(*on("10000000"), 0.05, late.append)
        await until(lambda: bool(late and pigpiod.changes))
        assert pigpiod.changes[0].time >= begun + 0.05
        assert late[0] >= 0
        driver.show_in(*on("11111111"), 1000.0, late.append)
        driver.show(*on("00000001"))
        await until(lambda: pigpiod.pins[16] == 1.0)
        driver.show_in(*on("11111111"), 1000.0, late.append)
    assert {change.pin for change in pigpiod.changes} == {4, 16}
    assert set(pigpiod.pins.values()) == {0.0}
    assert len(late) == 1


async def test_only_what_changes_is_written(pigpiod: Pigpiod) -> None:
    async with PigpioDriver(node(pigpiod.port, *RELAYS)) as driver:
        pigpiod.commands.clear()
        for _ in range(20):
            driver.show(*on("10000000"))
            await asyncio.sleep(0.002)
        await until(lambda: pigpiod.pins[4] == 1.0)
        assert [command for command in pigpiod.commands if command != 16] == [14]


async def test_boards_that_light_when_low(pigpiod: Pigpiod) -> None:
    boards = (
        OutputConfig(channel=1, pin=4, active_low=True),
        OutputConfig(channel=2, pin=5, active_low=True),
        OutputConfig(channel=3, pin=6),
    )
    async with PigpioDriver(node(pigpiod.port, *boards)) as driver:
        assert pigpiod.pins == {4: 1.0, 5: 1.0, 6: 0.0}
        driver.show(*on("101"))
        await until(lambda: pigpiod.pins == {4: 0.0, 5: 1.0, 6: 1.0})
    assert pigpiod.pins == {4: 1.0, 5: 1.0, 6: 0.0}


async def test_dimmers_take_the_hardware_where_they_can_and_pigpiods_pulses_elsewhere(
    pigpiod: Pigpiod,
) -> None:
    async with PigpioDriver(node(pigpiod.port, *DIMMERS)) as driver:
        # 12 shares its generator with 18, which was named first.
        assert pigpiod.pulses == {18: (400, 1_000_000, True), 23: (320, 500, False), 12: (400, 1000, False)}
        assert pigpiod.pins == {18: 0.0, 23: 0.0, 12: 1.0}
        driver.show(bytes((51, 102, 255)), (False,) * 3)
        await until(lambda: pigpiod.pins[12] == 0.0)
        assert pigpiod.pins == {18: 0.2, 23: 0.4, 12: 0.0}
        driver.show(bytes((255, 255, 0)), (False,) * 3)
        await until(lambda: pigpiod.pins == {18: 1.0, 23: 1.0, 12: 1.0})
    assert pigpiod.pins == {18: 0.0, 23: 0.0, 12: 1.0}
    assert not pigpiod.pulses


async def test_without_hardware_pulses_pigpiod_times_them(caplog: pytest.LogCaptureFixture) -> None:
    with Pigpiod(hardware=False) as pigpiod:
        async with PigpioDriver(node(pigpiod.port, DIMMERS[0])) as driver:
            assert driver.healthy and pigpiod.pulses == {18: (400, 1000, False)}
    assert "no hardware PWM on pin 18" in caplog.text


async def test_pulses_left_on_a_relays_pin_are_ended(pigpiod: Pigpiod) -> None:
    pigpiod.pulses[4], pigpiod.pins[4] = (800, 255, False), 0.5
    async with PigpioDriver(node(pigpiod.port, RELAYS[0])) as driver:
        assert pigpiod.pins[4] == 0.0
        driver.show(*on("1"))
        await until(lambda: pigpiod.pins[4] == 1.0)


async def test_a_pigpiod_that_restarts_is_found_and_given_what_shows_now(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with Pigpiod() as first:
        driver = PigpioDriver(node(first.port, *RELAYS, *DIMMERS[:1]))
        await driver.__aenter__()
        driver.show(*on("111100001"))
        await until(lambda: first.pins[18] == 1.0)
    await until(lambda: not driver.healthy)
    driver.show(*on("000011110"))
    assert driver.errors >= 1
    with Pigpiod(first.port) as second:
        await until(lambda: driver.healthy)
        expected = {output.pin: float(n >= 4) for n, output in enumerate(RELAYS)} | {18: 0.0}
        assert second.pins == expected
        # Nothing that is dark has been lit on the way.
        assert all(expected[change.pin] == change.share or not change.share for change in second.changes)
        await driver.__aexit__(None, None, None)
        assert set(second.pins.values()) == {0.0}
    outages = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(outages) == 1, "each outage is told once"
    assert "pigpiod is back" in caplog.text


async def test_a_pigpiod_that_hangs_holds_nobody_up(pigpiod: Pigpiod) -> None:
    async with PigpioDriver(node(pigpiod.port, *RELAYS)) as driver:
        pigpiod.hang()
        for _ in range(50):
            driver.show(*on("11111111"))
            await asyncio.sleep(0.01)
        await until(lambda: not driver.healthy)
        driver.show(*on("00000001"))
        pigpiod.go_on()
        await until(lambda: driver.healthy and pigpiod.pins[16] == 1.0 and pigpiod.pins[4] == 0.0)
        assert driver.errors
    assert set(pigpiod.pins.values()) == {0.0}


async def test_without_pigpiod_it_says_what_to_do_and_keeps_trying(caplog: pytest.LogCaptureFixture) -> None:
    with Pigpiod() as gone:
        port = gone.port
    assert not answers(PigpioConfig(port=port))
    async with PigpioDriver(node(port, *RELAYS)) as driver:
        assert not driver.healthy
        driver.show(*on("10000000"))
        with Pigpiod(port) as late:
            assert answers(PigpioConfig(port=port))
            await until(lambda: driver.healthy)
            assert late.pins[4] == 1.0
    assert "sudo systemctl enable --now pigpiod" in caplog.text


async def test_killed_and_started_again_as_a_process() -> None:
    def start(port: int) -> tuple[subprocess.Popen[str], int]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.node.pigpiod", "--port", str(port)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout
        return process, int(process.stdout.readline())

    process, port = await asyncio.to_thread(start, 0)
    try:
        async with PigpioDriver(node(port, *RELAYS)) as driver:
            assert driver.healthy
            process.send_signal(signal.SIGKILL)
            process.wait()
            await until(lambda: not driver.healthy)
            process, _ = await asyncio.to_thread(start, port)
            await until(lambda: driver.healthy)
    finally:
        process.kill()
        process.wait()


def test_an_output_without_a_pin_is_refused() -> None:
    with pytest.raises(UsageError, match=r"output 1 \(channel 3\) has no pin.*node setup"):
        PigpioDriver(NodeConfig(outputs=(OutputConfig(channel=3),)))
