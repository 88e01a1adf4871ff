"""The process that turns the lights off when the node cannot: its loop on pipes, then whole nodes and their pins."""

import math
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.node.stage import Node, Pins, Stage, until
from yulelight.core.errors import YulelightError
from yulelight.outputs.deadman import for_sure, guard


class Guarded:
    """``guard`` in a thread, with lights that count how often they were turned off."""

    def __init__(self, failures: int = 0) -> None:
        self.offs = 0
        self.told = 0
        self.goodbye: bool | None = None
        self._failures = failures
        self._source, self._feed = os.pipe()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self.goodbye = guard(self._source, self._dark, self._acted)

    def _dark(self) -> None:
        if self._failures:
            self._failures -= 1
            raise YulelightError("no pins")
        self.offs += 1

    def _acted(self) -> None:
        self.told += 1

    def write(self, data: bytes) -> None:
        os.write(self._feed, data)

    def feed(self, moment: float) -> None:
        self.write(struct.pack("<d", moment))

    def end(self) -> bool | None:
        os.close(self._feed)
        self._thread.join(20)
        os.close(self._source)
        return self.goodbye


def test_a_moment_that_passes_turns_the_lights_off_once() -> None:
    guarded = Guarded()
    guarded.feed(0.0)
    until(lambda: guarded.told)
    assert guarded.end() is False
    assert (guarded.offs, guarded.told) == (1, 1)


def test_moments_to_come_and_none_leave_them_alone() -> None:
    guarded = Guarded()
    for _ in range(2000):
        guarded.feed(1e12)
    guarded.feed(math.inf)
    guarded.feed(math.nan)
    assert guarded.end() is True
    assert guarded.offs == 0


def test_a_moment_may_come_in_pieces() -> None:
    guarded = Guarded()
    for byte in struct.pack("<d", 1.0):
        guarded.write(bytes([byte]))
    until(lambda: guarded.told)
    guarded.feed(math.nan)
    assert guarded.end() is True


def test_pins_that_do_not_answer_are_tried_again() -> None:
    guarded = Guarded(failures=2)
    guarded.feed(1.0)
    until(lambda: guarded.told)
    guarded.end()
    assert guarded.offs == 1


def test_after_the_end_it_is_tried_for_a_while() -> None:
    tried = []

    def dark() -> None:
        tried.append(1)
        if len(tried) < 3:
            raise YulelightError("no pins")

    assert for_sure(dark, patience=20.0)
    assert len(tried) == 3
    tried.clear()
    assert not for_sure(dark, patience=-1.0)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as running:
        yield running


def playing(node: Node) -> None:
    until(node.follows, node.process)


def guardian(node: Node) -> psutil.Process:
    """The node's dead man's switch."""
    [child] = psutil.Process(node.process.pid).children()
    return child


def test_a_killed_node_leaves_no_light_on_and_nothing_behind(stage: Stage) -> None:
    node = stage.node(idle=40)
    playing(node)
    child = guardian(node)
    node.process.end(signal.SIGKILL)
    until(lambda: node.pins.dark)
    psutil.wait_procs([child], timeout=20)
    assert not child.is_running()


def test_a_stopped_node_goes_dark_and_plays_on_when_it_is_let_go(stage: Stage) -> None:
    node = stage.node()
    playing(node)
    node.process.send(signal.SIGSTOP)
    until(lambda: node.pins.dark, node.process)
    node.process.send(signal.SIGCONT)
    playing(node)
    # Also what it had left on before, and believed to be so: every output is told anew.
    until(lambda: set(node.pins.levels) == set(range(1, 9)) and node.follows(), node.process)
    assert "has turned them off" in node.log


def test_a_switch_that_is_killed_is_started_again(stage: Stage) -> None:
    node = stage.node()
    playing(node)
    first = guardian(node)
    first.kill()
    until(lambda: "starting it again" in node.log, node.process)
    until(lambda: any(child.pid != first.pid for child in psutil.Process(node.process.pid).children()))
    playing(node)
    node.process.end(signal.SIGKILL)
    until(lambda: node.pins.dark)


def test_a_node_that_ends_in_good_order_says_goodbye(stage: Stage) -> None:
    node = stage.node()
    playing(node)
    child = guardian(node)
    # As systemd does: all processes of the unit are told at once.
    child.send_signal(signal.SIGTERM)
    node.process.end(signal.SIGTERM)
    until(lambda: node.pins.dark)
    psutil.wait_procs([child], timeout=20)
    assert not child.is_running()
    assert "guards the lights" not in node.log


def test_it_waits_for_a_pigpiod_that_is_away(tmp_path: Path) -> None:
    pins = Pins(tmp_path)
    text = f"[pigpio]\nport = {pins.port}\n[[outputs]]\nchannel = 1\npin = 4\n".encode()
    switch = subprocess.Popen(
        [sys.executable, "-m", "yulelight.node.deadman", "pigpio", str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert switch.stdin is not None and switch.stdout is not None
        switch.stdin.write(struct.pack("<I", len(text)) + text)
        switch.stdin.flush()
        assert switch.stdout.read(1) == b"!"
        pins.process.end()
        switch.stdin.close()
        pins.start()
        assert switch.wait(30) == 0
        until(lambda: 1 in pins.levels)
        assert pins.dark
    finally:
        switch.kill()
        switch.wait()
        pins.process.end()
