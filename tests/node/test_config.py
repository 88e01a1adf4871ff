from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import UsageError
from yulelight.node.config import NodeConfig, OutputConfig, PigpioConfig, find, load, parse
from yulelight.node.toml import to_toml

TWO = """
id = "porch"
[[outputs]]
channel = 1
pin = 17
active_low = true
[[outputs]]
channel = 9
pin = 18
type = "dimmer"
minimum = 0.1
idle = 200
"""

names = st.text(st.characters(codec="utf-8").filter(str.isprintable), max_size=60)
ids = st.text("abcxyz019_-", min_size=1, max_size=64)
outputs = st.builds(
    OutputConfig,
    channel=st.integers(1, 64),
    pin=st.none(),
    type=st.sampled_from(["relay", "ssr", "dimmer"]),
    name=names,
    active_low=st.booleans(),
    load=st.floats(0.001, 1e5),
    idle=st.integers(0, 255),
    min_on=st.none() | st.floats(0, 60),
    min_off=st.none() | st.floats(0, 60),
    gamma=st.floats(1, 4),
    minimum=st.floats(0, 0.9),
    frequency=st.integers(10, 10_000),
    steps=st.integers(25, 40_000),
)


@given(
    st.builds(
        NodeConfig,
        id=st.none() | ids,
        service=st.none() | ids,
        broker=st.sampled_from([None, "mqtts://me:p%25s@10.0.0.1:1884", "broker.local"]),
        driver=st.sampled_from(["auto", "pigpio", "lgpio", "simulated"]),
        deadline=st.floats(1.5, 60),
        pigpio=st.builds(PigpioConfig, host=names, port=st.integers(1, 65535)),
        outputs=st.lists(outputs, min_size=1, max_size=12).map(tuple),
    )
)
def test_what_is_written_is_what_is_read(config: NodeConfig) -> None:
    assert parse(to_toml(config)) == config


def test_a_file() -> None:
    config = parse(TWO)
    assert config.id == "porch" and config.driver == "auto" and config.deadline == 2.5
    assert config.channels == (1, 9)
    assert config.idle == bytes((0, 200)) and config.idle_switched == (False, True)
    relay, dimmer = config.outputs
    assert relay.light().minimum_times == (0.1, 0.1) and not relay.dims and relay.label == "channel 1"
    assert dimmer.light().minimum_times == (0.0, 0.0) and dimmer.dims
    assert OutputConfig(channel=1, min_on=0.5).light().minimum_times == (0.5, 0.1)


def test_channels_make_simulated_outputs_or_choose_of_real_ones() -> None:
    assert parse("channels = [3, 1]").channels == (3, 1)
    assert all(output.pin is None for output in parse("channels = [3, 1]").outputs)
    assert parse("channels = [9]" + TWO).outputs == parse(TWO).outputs[1:]
    assert NodeConfig().channels == tuple(range(1, 9))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("outputs", "not valid TOML"),
        ("lights = 3", "lights: there is no such setting"),
        ('id = "Front Door"', "id: use 1 to 64 of the characters"),
        ('broker = "http://here"', "broker: the broker's address begins with 'http'"),
        ("deadline = 0.1", "deadline: must be a number from 1.5 to 60"),
        ("deadline = nan", "deadline: must be a number"),
        ('driver = "magic"', "driver: must be one of auto, pigpio, lgpio, simulated"),
        ("outputs = []", "a node has 1 to 64"),
        ("outputs = 3", "output 1: must be a table"),
        ("[[outputs]]\npin = 3", "output 1: channel: is missing"),
        ("[[outputs]]\nchannel = true", "output 1: channel: must be a whole number from 1 to 64"),
        (
            "[[outputs]]\nchannel = 1\n[[outputs]]\nchannel = 65\npin = 28",
            "output 2: channel: .*pin: must be",
        ),
        ("[[outputs]]\nchannel = 1\npin = 4\n[[outputs]]\nchannel = 2\npin = 4", "pin 4 is named twice"),
        ('[[outputs]]\nchannel = 1\nname = "a\\nb"', "output 1: name: must be text"),
        ("[pigpio]\nport = 0", "pigpio: port: must be"),
        ("pigpio = 8888", "pigpio: must be a table"),
        ("channels = [0]", "channels: must be numbers from 1 to 64"),
        ("channels = [2]" + TWO, "no output shows any of the channels"),
    ],
)
def test_what_is_wrong_is_named(written: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as error:
        parse(written, "here.toml")
    assert "here.toml" in str(error.value) and "\n" not in str(error.value)


def test_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert load() == NodeConfig()
    with pytest.raises(UsageError, match="node setup"):
        find()
    with pytest.raises(UsageError, match=r"no node file at .*nowhere"):
        load(tmp_path / "nowhere")
    (tmp_path / "config" / "yulelight").mkdir(parents=True)
    (tmp_path / "config" / "yulelight" / "node.toml").write_text("channels = [2]")
    assert load().channels == (2,)
    (tmp_path / "node.toml").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="cannot be read"):
        load()


def test_the_password_in_the_brokers_address_is_not_shown() -> None:
    assert "secret" not in repr(NodeConfig(broker="mqtt://user:secret@host"))


def test_brackets_without_end_are_a_sentence() -> None:
    with pytest.raises(UsageError, match="nested too deeply"):
        parse("channels = " + "[" * 100_000)
