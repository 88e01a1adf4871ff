"""The examples of docs/mqtt.md are what the code says and understands."""

import json
import re
from pathlib import Path

from yulelight.core.messages import (
    ChannelState,
    Packet,
    ReleaseChannel,
    SetChannel,
    ShowEvent,
    Song,
    State,
    Status,
)
from yulelight.mqtt import payloads
from yulelight.mqtt.packet import decode, encode
from yulelight.mqtt.topics import Topics

PAGE = (Path(__file__).parents[2] / "docs" / "mqtt.md").read_text()
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
SONG = Song("x", "Jingle Bells", "James Pierpont", 90.0)


def example(*keys: str) -> bytes:
    """The first example with just these keys."""
    return json.dumps(next(found for found in EXAMPLES if set(found) == set(keys))).encode()


def test_the_packet_of_the_page() -> None:
    block = re.search(r"```hex\n(.*?)```", PAGE, re.DOTALL)
    assert block
    data = bytes.fromhex(re.sub(r"#.*", "", block[1]))
    packet = Packet(
        session=0x1234ABCD,
        sequence=42,
        at=5_000_000_000,
        interval=11_610,
        levels=(bytes([255, 128, 64, 0, 0, 0, 0, 10]), bytes([200, 0, 0, 0, 0, 0, 0, 255])),
        switched=((True, True, *[False] * 6), (True, *[False] * 6, True)),
    )
    assert decode(data) == packet
    assert encode(packet) == data
    assert f"{len(data)} bytes" in PAGE


def test_what_the_service_says() -> None:
    assert json.loads(payloads.channel_state(ChannelState(1, True, 255, "show"))) in EXAMPLES
    assert '{"state": "OFF", "effect": null}' in PAGE
    playing = Status(State.PLAYING, SONG, position=12.5, as_of=0.0, model="dense", look="calm")
    assert json.loads(payloads.show_state(playing, 0.0)) in EXAMPLES
    assert json.loads(payloads.show_event(ShowEvent("started", SONG))) in EXAMPLES
    pong = payloads.Pong(81_234_567, 5_000_000_120, 5_000_000_150)
    assert json.loads(pong.payload()) in EXAMPLES


def test_what_the_service_understands() -> None:
    assert payloads.light_command(1, example("state", "brightness")) == SetChannel(1, True, 128)
    assert payloads.light_command(1, example("state")) == SetChannel(1, False)
    assert payloads.light_command(1, example("state", "effect")) == ReleaseChannel(1)
    assert payloads.Ping.parse(example("t0")) == payloads.Ping(81_234_567)
    status = payloads.NodeStatus.parse(example("online", "driver", "channels", "version", "outputs"))
    assert json.loads(status.payload()) in EXAMPLES
    house = next(found for found in EXAMPLES if set(found) == {"lights"})
    assert json.loads(payloads.HouseLights.parse(json.dumps(house).encode()).payload()) == house
    health = next(found for found in EXAMPLES if "error_p50_us" in found)
    assert json.loads(payloads.NodeHealth.parse(json.dumps(health).encode()).payload()) == health


def test_every_topic_is_on_the_page() -> None:
    topics = Topics("x")
    for topic in (
        topics.status,
        topics.frames,
        topics.channel_state(1),
        topics.channel_set(1),
        topics.show_state,
        topics.show_event,
        topics.house,
        topics.node_status("n"),
        topics.node_health("n"),
        topics.clock_ping("n"),
        topics.clock_pong("n"),
    ):
        name = topic.removeprefix("yulelight/x").replace("/1/", "/<n>/").replace("/n/", "/<id>/")
        assert f"`{name}`" in PAGE
