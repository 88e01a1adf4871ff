"""The lgpio driver with the real Python module; only the chip below it is not real."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yulelight.core.errors import UsageError
from yulelight.node.config import NodeConfig, OutputConfig
from yulelight.node.drivers.lgpio import LgpioDriver, load

pytest.importorskip("_lgpio", reason="lgpio is not installed")

NODE = NodeConfig(
    outputs=(
        OutputConfig(channel=1, pin=17),
        OutputConfig(channel=2, pin=23, type="dimmer", gamma=1, frequency=50),
        OutputConfig(channel=3, pin=27, active_low=True),
        OutputConfig(channel=4, pin=22, type="ssr"),
    )
)
BUSY, CANNOT_OPEN, BAD_WRITE = -79, -78, -77


class Chip:
    """Two chips as a Pi 5 has them, at the level of lgpio's C functions: each call, and what each line carries."""

    def __init__(self) -> None:
        self.labels = {0: "brcmvirt-gpio", 4: "pinctrl-rp1"}
        self.lines: dict[int, float] = {}
        self.group: list[int] = []
        self.calls: list[str] = []
        self.open: set[int] = set()
        self.broken = False
        self.busy: set[int] = set()
        self.room = 10

    def _gpiochip_open(self, number: int) -> int:
        if self.broken or number not in self.labels:
            return CANNOT_OPEN
        self.open.add(number)
        return number

    def _gpiochip_close(self, handle: int) -> int:
        self.open.discard(handle)
        return 0

    def _gpio_get_chip_info(self, handle: int) -> list[Any]:
        return [0, 54, f"gpiochip{handle}", self.labels[handle]]

    def _group_claim_output(self, handle: int, flags: int, pins: bytearray, levels: bytearray) -> int:
        assert handle == 4 and not flags
        self.group = [pin for (pin,) in struct.iter_unpack("I", pins)]
        if self.busy & set(self.group):
            return BUSY
        self.lines |= dict(
            zip(self.group, (float(level) for (level,) in struct.iter_unpack("I", levels)), strict=True)
        )
        return 0

    def _gpio_claim_output(self, handle: int, flags: int, pin: int, level: int) -> int:
        self.lines[pin] = float(level)
        return 0

    def _group_write(self, handle: int, leader: int, bits: int, mask: int) -> int:
        if self.broken:
            return BAD_WRITE
        assert leader == self.group[0]
        self.calls.append("group")
        self.lines |= {pin: float(bits >> place & 1) for place, pin in enumerate(self.group)}
        return 0

    def _gpio_write(self, handle: int, pin: int, level: int) -> int:
        self.calls.append("write")
        self.lines[pin] = float(level)
        return 0

    def _tx_room(self, handle: int, pin: int, kind: int) -> int:
        return self.room

    def _tx_pwm(self, handle: int, pin: int, frequency: float, duty: float, *_: int) -> int:
        self.calls.append(f"pwm {frequency:g}")
        self.lines[pin] = duty / 100
        return 10


@pytest.fixture
def chip(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chip]:
    chip = Chip()
    lgpio = load()
    for name in dir(Chip):
        if name.startswith(("_g", "_tx")):
            monkeypatch.setattr(lgpio._lgpio, name, getattr(chip, name))
    yield chip
    assert not chip.open, "every chip that was opened is closed"


async def test_relays_change_by_one_call_and_dimmers_pulse(chip: Chip) -> None:
    async with LgpioDriver(NODE) as driver:
        assert driver.healthy and chip.open == {4}
        assert chip.lines == {17: 0.0, 27: 1.0, 22: 0.0, 23: 0.0}
        driver.show(bytes((0, 102, 0, 0)), (True, False, True, True))
        assert chip.lines == {17: 1.0, 27: 0.0, 22: 1.0, 23: 0.4}
        assert chip.calls == ["group", "pwm 100"]
        driver.show(bytes((9, 102, 9, 9)), (True, False, True, True))
        assert len(chip.calls) == 2, "only what changes is written"
        driver.show(bytes((0, 255, 0, 0)), (False, True, False, False))
        assert chip.calls[2:] == ["group", "pwm 0", "write"]
        assert chip.lines == {17: 0.0, 27: 1.0, 22: 0.0, 23: 1.0}
        driver.show(bytes((0, 51, 0, 0)), (True,) * 4)
    assert chip.lines == {17: 0.0, 27: 1.0, 22: 0.0, 23: 0.0}


async def test_pulses_that_wait_are_not_added_to_but_darkness_is_shown_at_once(chip: Chip) -> None:
    async with LgpioDriver(NODE) as driver:
        driver.show(bytes((0, 102, 0, 0)), (False,) * 4)
        chip.room = 0
        driver.show(bytes((0, 204, 0, 0)), (False,) * 4)
        assert chip.lines[23] == 0.4
        driver.show(bytes(4), (False,) * 4)
        assert chip.lines[23] == 0.0


async def test_a_chip_that_fails_is_opened_again(chip: Chip, caplog: pytest.LogCaptureFixture) -> None:
    now = 0.0
    async with LgpioDriver(NODE, clock=lambda: now) as driver:
        chip.broken = True
        driver.show(bytes(4), (True,) * 4)
        assert not driver.healthy and driver.errors == 1
        driver.show(bytes(4), (True,) * 4)
        assert driver.errors == 1, "not tried again at every frame"
        now, chip.broken = 2.0, False
        driver.show(bytes(4), (True, False, False, False))
        assert driver.healthy
        assert chip.lines == {17: 1.0, 27: 1.0, 22: 0.0, 23: 0.0}
    assert "the pins fail" in caplog.text and "the pins are back" in caplog.text


async def test_a_pin_that_somebody_else_has(chip: Chip) -> None:
    chip.busy = {22}
    with pytest.raises(UsageError, match="in use"):
        await LgpioDriver(NODE).__aenter__()


async def test_no_chip_with_a_header(chip: Chip) -> None:
    chip.broken = True
    with pytest.raises(UsageError, match="gpio"):
        await LgpioDriver(NODE).__aenter__()


def test_loading_leaves_nothing_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load().error
    assert Path.cwd() == tmp_path and not list(tmp_path.iterdir())
