"""Whatever stands on a broker: what is found can be named, and what is hostile is answered with nothing dangerous."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mqtt.devices.formats import LAMP, MAC, PLUG, announced, one, tasmota, zigbee
from tests.mqtt.devices.shelly_peers import FirstShellyPeer, ShellyPeer
from yulelight.mqtt.devices import ids
from yulelight.mqtt.devices.device import percent, publishable
from yulelight.mqtt.devices.find import Finder
from yulelight.mqtt.devices.zigbee import Bridge


def test_ids_of_no_light_are_told() -> None:
    for light in (
        "",
        "tasmota",
        "tasmota/A/relay/1",
        "shelly/+/switch:0",
        "shelly/a/b",
        "zigbee2mqtt/lamp",
        "shelly/$a/relay/0",
    ):
        with pytest.raises(ValueError, match="yulelight lights --find"):
            ids.dims(light)


def test_what_is_found_can_be_named_in_the_settings() -> None:
    finder = Finder("yulelight-test")
    shelly = ShellyPeer("shellyplus2pm-a8032abe54dc", "switch:0", "light:0", prefix="gate")
    question = finder.hear(
        "gate/announce", json.dumps({"id": shelly.device, "gen": 2, "name": "Gate"}).encode()
    )
    assert question is not None and question.topic == "gate/rpc"
    asked = json.loads(question.payload)
    answer = {
        "id": asked["id"],
        "src": shelly.device,
        "result": {"ble": {}, "switch:0": {}, "light:0": {}, "input:0": {}},
    }
    finder.hear(f"{asked['src']}/rpc", json.dumps(answer).encode())
    finder.hear(*announced())
    finder.hear("zigbee2mqtt/bridge/devices", zigbee())
    finder.hear(f"shellies/{FirstShellyPeer('shelly1-1').device}/relay/0", b"off")
    finder.hear("shellies/shellydimmer-1/light/0/status", b"{}")
    finder.hear("shellies/shellydimmer-1/light/0", b"off")
    found = {light.id: (light.dims, light.name) for light in finder.lights}
    assert found == {
        "shelly/gate/switch:0": (False, "Gate switch:0"),
        "shelly/gate/light:0": (True, "Gate light:0"),
        "shelly/shelly1-1/relay/0": (False, "shelly1-1 relay 0"),
        "shelly/shellydimmer-1/light/0": (True, "shellydimmer-1 light 0"),
        f"tasmota/{MAC}/relay/1": (False, "shed 1"),
        f"tasmota/{MAC}/relay/2": (False, "shed 2"),
        f"tasmota/{MAC}/dimmer/3": (True, "shed 3"),
        f"zigbee2mqtt/{LAMP}/dimmer": (True, "lamp"),
        f"zigbee2mqtt/{PLUG}/relay": (False, "plug"),
    }
    assert {light: ids.dims(light) for light in found} == {light: dims for light, (dims, _) in found.items()}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
TOPICS = [
    f"tasmota/discovery/{MAC}/config",
    "zigbee2mqtt/bridge/devices",
    "zigbee2mqtt/bridge/state",
    "zigbee2mqtt/lamp/availability",
    "shellies/announce",
    "gate/announce",
    "shellies/a/relay/0",
    "shellies/a/light/0/status",
    "test/0/rpc",
    "a/online",
    "shellies/a/online",
    "tele/shed/LWT",
    "stat/shed/RESULT",
    "tele/shed/STATE",
    "zigbee2mqtt/lamp",
    "a/events/rpc",
    "a/status/light:0",
    "yulelight/a/light:0/rpc",
]


@st.composite
def payloads(draw: st.DrawFn) -> tuple[str, bytes]:
    """Something on a topic that we listen to: what belongs there with a field exchanged, any JSON, or any bytes."""
    topic = draw(st.sampled_from(TOPICS))
    config = json.loads(tasmota())
    devices = json.loads(zigbee())
    config[draw(st.sampled_from(sorted(config)))] = draw(JSON)
    changed = draw(st.sampled_from(devices))
    changed[draw(st.sampled_from(sorted(changed)))] = draw(JSON)
    if changed.get("definition") and draw(st.booleans()):
        changed["definition"] = {
            "exposes": [{"type": "light", "features": [draw(JSON)], "endpoint": draw(JSON)}]
        }
    answer = {
        "id": draw(JSON),
        "gen": 2,
        "src": "x",
        "result": draw(st.dictionaries(st.text(max_size=9), JSON)),
    }
    status = {"output": draw(JSON), "brightness": draw(JSON), "ison": draw(JSON), "state": draw(JSON)}
    status |= {"POWER1": draw(JSON), "Dimmer": draw(JSON), "light:0": draw(JSON)}
    status |= {"result": dict(status), "params": {"light:0": dict(status)}}
    told = draw(st.sampled_from([config, devices, answer, status]) | JSON)
    return topic, draw(st.just(json.dumps(told).encode()) | st.binary(max_size=200))


@given(st.lists(payloads(), max_size=6))
def test_whatever_is_announced_we_publish_to_proper_topics_only(heard: list[tuple[str, bytes]]) -> None:
    lights = [
        f"tasmota/{MAC}/relay/1",
        f"tasmota/{MAC}/dimmer/3",
        "shelly/a/relay/0",
        "shelly/a/light:0",
        f"zigbee2mqtt/{LAMP}/dimmer",
        f"zigbee2mqtt/{PLUG}/relay",
    ]
    bridge = Bridge()
    devices = ids.devices(lights, bridge)
    finder = Finder("test")
    asked = []
    for topic, payload in heard:
        asked.append(finder.hear(topic, payload))
        for listener in (bridge, *devices):
            if topic in listener.topics:
                listener.hear(topic, payload)
    count = len(lights)
    told = [device.show([200] * count, [True] * count, 0.5) for device in devices]
    told += [device.give_back(device.shown) for device in devices]
    told += [device.ask() for device in devices]
    for device in devices:
        for shown in device.shown.values():
            assert isinstance(shown.on, bool) and (shown.level is None or 0 <= shown.level <= 254)
    for message in (*asked, *told, *(device.dark() for device in devices)):
        if message is not None:
            topic = message.topic.encode().decode()
            assert topic and not set("+#\0") & set(topic) and not topic.startswith("$") and len(topic) < 600
            assert len(message.payload) < 2000
    for light in finder.lights:
        ids.dims(light.id)


@pytest.mark.parametrize(
    "payload", [b"[" * 200_000, b'{"a":' * 100_000, b" " * 3_000_000, b"[1e999]", b"\xff"]
)
def test_bombs_are_nothing(payload: bytes) -> None:
    finder = Finder("test")
    for topic in TOPICS:
        assert finder.hear(topic, payload) is None
    assert not [light for light in finder.lights if light.maker != "shelly"]
    assert one(f"tasmota/{MAC}/relay/1", (TOPICS[0], payload)).dark() is None
    assert one(f"zigbee2mqtt/{LAMP}/dimmer", (TOPICS[1], payload)).dark() is None


def test_a_crowd_is_cut_off() -> None:
    finder = Finder("test")
    for number in range(2000):
        finder.hear(f"shellies/a{number}/relay/0", b"on")
        finder.hear("shellies/announce", json.dumps({"id": f"b{number}", "gen": 2}).encode())
    assert len(finder.lights) == 1024
    many = [
        json.loads(zigbee())[1] | {"ieee_address": f"0x{n:016x}", "friendly_name": f"n{n}"}
        for n in range(2000)
    ]
    bridge = Bridge()
    bridge.hear("zigbee2mqtt/bridge/devices", json.dumps(many).encode())
    assert len(bridge.devices) == 512


@given(st.integers(0, 255))
def test_percent_is_dark_only_at_zero(level: int) -> None:
    assert (percent(level) == 0) == (level == 0) and abs(percent(level) - level / 2.55) <= 1


@given(st.text())
def test_publishable_topics_have_no_wildcards(topic: str) -> None:
    if publishable(topic):
        assert 0 < len(topic.encode()) <= 512 and not {"+", "#", "\0"} & set(topic)
