import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.messages import ChannelState, ReleaseChannel, SetChannel, ShowEvent, Song, State, Status
from yulelight.mqtt import payloads
from yulelight.mqtt.payloads import NodeHealth, NodeStatus, PayloadError, Ping, Pong

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
    for parse in (Ping.parse, Pong.parse, NodeStatus.parse, NodeHealth.parse):
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
