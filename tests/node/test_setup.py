import os
import pty
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.node.pigpiod import Pigpiod
from yulelight.core.errors import NetworkError, UsageError
from yulelight.node.config import NodeConfig, PigpioConfig, load
from yulelight.node.drivers.pigpio import PigpioDriver
from yulelight.node.setup import Dialogue, set_up
from yulelight.outputs.driver import Driver


class Person:
    """Answers by what a question says, and looks at the lights while being asked."""

    def __init__(self, answers: dict[str, str | list[str]], look: Callable[[str], object] = str) -> None:
        self.answers = answers
        self.look = look
        self.seen: list[tuple[str, object]] = []
        self.told: list[str] = []

    def ask(self, question: str, usual: str) -> str:
        self.seen.append((question, self.look(question)))
        for words, answer in self.answers.items():
            if words in question:
                return answer.pop(0) if isinstance(answer, list) else answer
        return usual

    def talk(self) -> Dialogue:
        return Dialogue(self.ask, self.told.append)


def on_pigpiod(port: int) -> Callable[[NodeConfig, str | None], Driver]:
    def start(config: NodeConfig, name: str | None) -> Driver:
        return PigpioDriver(NodeConfig(outputs=config.outputs, pigpio=PigpioConfig(port=port)))

    return start


def test_a_walk_through_an_active_low_board(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "node.toml"
    with Pigpiod() as pigpiod:

        def look(question: str) -> dict[int, float]:
            give_up = time.monotonic() + 20
            while (
                (pin := re.match(r"GPIO (\d+) is on", question))
                and (pigpiod.pins[int(pin[1])] != 0.0)
                and time.monotonic() < give_up
            ):
                time.sleep(0.005)
            return dict(pigpiod.pins)

        person = Person(
            {
                "What is connected": ["lamps", "relay"],
                "Which GPIOs": ["4, 4", "4 17 27"],
                "Is everything dark": "n",
                "GPIO 4 is on": "gutter",
                "GPIO 17 is on": "-",
                "GPIO 27 is on": "tree",
                "Channel": ["1", "x", "99", "8"],
                "watts": ["40", "25"],
                "called": ["Front Door", "front-door"],
                "broker": "mqtt://yulelight:secret@192.168.1.10",
            },
            look,
        )
        config = set_up(path, person.talk(), start=on_pigpiod(pigpiod.port))
        assert pigpiod.pins == {4: 1.0, 17: 1.0, 27: 1.0}, "off, and low lights"
    looked = {question.split(" is on")[0]: pins for question, pins in person.seen if " is on" in question}
    assert looked == {
        "GPIO 4": {4: 0.0, 17: 1.0, 27: 1.0},
        "GPIO 17": {4: 1.0, 17: 0.0, 27: 1.0},
        "GPIO 27": {4: 1.0, 17: 1.0, 27: 0.0},
    }
    assert load(path) == config
    assert [(o.pin, o.channel, o.name, o.load, o.active_low) for o in config.outputs] == [
        (4, 1, "gutter", 40.0, True),
        (27, 8, "tree", 25.0, True),
    ]
    assert config.id == "front-door" and config.broker == "mqtt://yulelight:secret@192.168.1.10"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, "there is a password in it"
    assert any("named twice" in told for told in person.told)


def test_a_file_that_is_there_stays_unless_one_says_so(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text("channels = [3]")
    with pytest.raises(UsageError, match="stays as it is"):
        set_up(path, Person({}).talk(), "simulated")
    assert path.read_text() == "channels = [3]"
    assert set_up(path, Person({"Make a new one": "y"}).talk(), "simulated").channels == tuple(range(1, 9))


def test_nothing_lights(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is saved"):
        set_up(tmp_path / "node.toml", Person({" is on": "-"}).talk(), "simulated")
    assert not list(tmp_path.iterdir())


def test_no_pins(tmp_path: Path) -> None:
    with Pigpiod() as gone:
        port = gone.port
    with pytest.raises(NetworkError, match="pigpiod"):
        set_up(tmp_path / "node.toml", Person({}).talk(), start=on_pigpiod(port))


def test_without_pins_lines_of_bulbs_stand_for_the_outputs_and_a_comma_is_a_point(tmp_path: Path) -> None:
    person = Person(
        {"Which GPIOs": "5 6 16", "GPIO 6 is on": "-", "GPIO": "tree", "How many watts": ["2,5", "1"]}
    )
    config = set_up(tmp_path / "node.toml", person.talk(), "simulated")
    lines = [line.split() for line in person.told if "○" in line]
    assert lines == [["○"] * 3, ["●", "○", "○"], ["○", "●", "○"], ["○", "○", "●"]]
    assert [output.load for output in config.outputs] == [2.5, 1.0]


def test_on_a_terminal_every_question_can_be_read(tmp_path: Path) -> None:
    """With a real terminal: nothing moves the cursor, hides it or clears a line while somebody is asked."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "yulelight", "node", "setup", "--driver", "simulated"]
    process = subprocess.Popen(
        [*command, "--config", str(tmp_path / "node.toml")],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color"},
    )  # fmt: skip
    os.close(theirs)
    shown, questions = "", 0
    try:
        while "Saved to" not in shown:
            shown += os.read(ours, 4096).decode()
            if shown.rstrip().endswith(":") and shown.count(":") > questions:
                questions = shown.count(":")
                os.write(ours, b"\n" if "is on" not in shown.rpartition("\n")[2] else b"gutter\n")
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert "GPIO 24 is on. Which lights do you see?" in shown and "●" in shown
    assert "\x1b[" not in shown
