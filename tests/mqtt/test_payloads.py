import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.messages import ChannelState, ReleaseChannel, SetChannel, ShowEvent, Song, State, Status
from yulelight.mqtt import payloads
from yulelight.mqtt.payloads import HouseLights, NodeHealth, NodeStatus, PayloadError, Ping, Pong
from yulelight.safety.physics import Light

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
KEYS = [
    "state",
    "brightness",
    "effect",
    "t0",
    "t1",
    "t2",
    "online",
    "driver",
    "channels",
    "version",
    "late",
    "outputs",
    "lights",
    "rtt_us",
]


def hostile() -> st.SearchStrategy[bytes]:
    """Noise, nonsense JSON, and JSON objects with the right keys and the wrong values."""
    objects = st.dictionaries(st.sampled_from(KEYS), json_values, max_size=8)
    return st.binary(max_size=100) | json_values.map(_dump) | objects.map(_dump)


def _dump(value: object) -> bytes:
    return json.dumps(value).encode()


@given(hostile())
def test_a_hostile_payload_is_refused_or_gives_a_value_in_range(data: bytes) -> None:
    for parse in (Ping.parse, Pong.parse, NodeStatus.parse, NodeHealth.parse, HouseLights.parse):
        try:
            value = parse(data)
        except PayloadError:
            continue
        assert parse(value.payload()) == value
    try:
        command = payloads.light_command(3, data)
    except PayloadError:
        return
    assert command.channel == 3
    assert isinstance(command, ReleaseChannel) or command.brightness is None or 1 <= command.brightness <= 255


@pytest.mark.parametrize(
    "data", [b"[" * 4000, b"9" * 4000, b'{"state":"ON"}' + b" " * 5000, b"\xff\xfe", b"NaN", b""]
)
def test_payloads_made_to_hurt_are_refused(data: bytes) -> None:
    with pytest.raises(PayloadError):
        payloads.light_command(1, data)


@pytest.mark.parametrize(
    ("data", "command"),
    [
        ('{"state":"ON"}', SetChannel(2, True)),
        ('{"state":"ON","brightness":128}', SetChannel(2, True, 128)),
        ('{"state":"ON","brightness":0}', SetChannel(2, False)),
        ('{"state":"OFF"}', SetChannel(2, False)),
        ('{"state":"OFF","effect":"show"}', SetChannel(2, False)),
        ('{"state":"ON","effect":"show"}', ReleaseChannel(2)),
        ('{"state":"ON","transition":2.0,"flash":"short"}', SetChannel(2, True)),
    ],
)
def test_light_commands(data: str, command: SetChannel | ReleaseChannel) -> None:
    assert payloads.light_command(2, data.encode()) == command


@pytest.mark.parametrize(
    "data",
    [
        "{}",
        '{"state":"on"}',
        '{"brightness":3}',
        '{"state":"ON","brightness":256}',
        '{"state":"ON","brightness":-1}',
        '{"state":"ON","brightness":true}',
        '{"state":"ON","brightness":"7"}',
        '{"state":"ON","effect":"rainbow"}',
        '["state"]',
    ],
)
def test_wrong_light_commands_are_refused(data: str) -> None:
    with pytest.raises(PayloadError):
        payloads.light_command(2, data.encode())


def test_channel_states_as_home_assistant_wants_them() -> None:
    assert json.loads(payloads.channel_state(ChannelState(1, True, 200, "show"))) == {
        "state": "ON",
        "brightness": 200,
        "effect": "show",
    }
    # It ignores brightness 0.
    assert json.loads(payloads.channel_state(ChannelState(1, True, 0))) == {"state": "OFF", "effect": None}


def test_the_show_state_goes_on_counting_while_it_plays() -> None:
    song = Song("x", "Jingle Bells", "Pierpont", 90.04)
    status = Status(
        State.PLAYING, song, position=10.0, as_of=100.0, model="dense", look="calm", playlist="Xmas"
    )
    assert json.loads(payloads.show_state(status, 102.5)) == {
        "state": "playing",
        "song": "Jingle Bells",
        "artist": "Pierpont",
        "position": 12.5,
        "duration": 90.0,
        "playlist": "Xmas",
        "model": "dense",
        "look": "calm",
        "mode": "show",
        "led": False,
    }
    paused = Status(State.PAUSED, song, position=10.0, as_of=100.0)
    assert json.loads(payloads.show_state(paused, 102.5))["position"] == 10.0


@pytest.mark.parametrize(
    ("status", "mode"),
    [
        (Status(), "idle"),
        (Status(State.LIVE), "live"),
        (Status(State.PLAYING), "show"),
        (Status(State.POST_SHOW), "show"),
        (Status(State.PLAYING, all_on=True), "all_on"),
        (Status(State.PLAYING, blackout=True, all_on=True), "blackout"),
    ],
)
def test_modes(status: Status, mode: str) -> None:
    assert payloads.mode(status) == mode


def test_events_carry_their_type_and_song() -> None:
    event = json.loads(payloads.show_event(ShowEvent("failed", Song("x", "A \ud800 song"), "no such file")))
    assert event["event_type"] == "failed"
    assert event["detail"] == "no such file"


@given(
    st.builds(
        NodeHealth,
        *[st.integers(0, 2**53)] * 7,
        st.booleans(),
        st.integers(-(2**62), 2**62),
        error_histogram=st.just(()) | st.tuples(*[st.integers(0, 2**53)] * 10),
    )
)
def test_health_survives_the_wire(health: NodeHealth) -> None:
    assert NodeHealth.parse(health.payload()) == health


lights = st.builds(
    Light,
    channel=st.integers(1, 64),
    kind=st.sampled_from(["relay", "ssr", "dimmer", None]),
    load=st.floats(0.001, 1e5),
    gamma=st.floats(1, 4),
    minimum=st.floats(0, 0.9),
    node=st.sampled_from(["", "porch", "shed-2"]),
    min_on=st.none() | st.floats(0, 60),
    min_off=st.none() | st.floats(0, 60),
    red=st.floats(0, 1),
)


@given(st.lists(lights, max_size=64))
def test_what_is_said_of_lights_is_understood(said: list[Light]) -> None:
    assert HouseLights.parse(HouseLights(tuple(said)).payload()).lights == tuple(said)
    status = NodeStatus(True, "pigpio", (1, 2), "1.0", tuple(said))
    assert NodeStatus.parse(status.payload()) == status


def test_a_node_of_an_early_version_is_understood() -> None:
    status = NodeStatus.parse(b'{"online":true,"driver":"pigpio","channels":[2,5],"version":"0.1.0"}')
    assert status.lights == (Light(channel=2), Light(channel=5))


def test_a_kind_of_the_future_is_unknown() -> None:
    status = NodeStatus.parse(b'{"online":true,"channels":[1],"outputs":[{"channel":1,"kind":"laser"}]}')
    assert status.lights == (Light(channel=1),)


@pytest.mark.parametrize(
    "light",
    [
        "3",
        "{}",
        '{"channel":0}',
        '{"channel":true}',
        '{"channel":1,"load":0}',
        '{"channel":1,"load":NaN}',
        '{"channel":1,"load":1e400}',
        '{"channel":1,"gamma":"2"}',
        '{"channel":1,"minimum":1}',
        '{"channel":1,"node":"a b"}',
        '{"channel":1,"min_on":-1}',
    ],
)
def test_lights_that_cannot_be_are_refused(light: str) -> None:
    with pytest.raises(PayloadError):
        HouseLights.parse(f'{{"lights":[{light}]}}'.encode())
