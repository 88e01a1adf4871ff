"""Zigbee2MQTT's devices and commands."""

import json
from typing import Any

import pytest

from tests.mqtt.devices.formats import LAMP, PLUG, one, said, zigbee
from yulelight.mqtt.devices.device import Shown


def test_zigbee_lights_by_their_present_name() -> None:
    lamp = one(f"zigbee2mqtt/{LAMP}/dimmer", ("zigbee2mqtt/bridge/devices", zigbee()))
    topic, payload = said(lamp.show([255], [True], 0.5))
    assert topic == "zigbee2mqtt/lamp/set"
    assert json.loads(payload) == {"state": "ON", "brightness": 254, "transition": 0.5}
    assert json.loads(said(lamp.show([0], [True], 0.5))[1]) == {"state": "OFF", "transition": 0.5}
    assert json.loads(said(lamp.dark())[1]) == {"state": "OFF", "transition": 0.0}
    plug = one(f"zigbee2mqtt/{PLUG}/relay", ("zigbee2mqtt/bridge/devices", zigbee()))
    assert said(plug.show([0], [True], 0.5)) == ("zigbee2mqtt/plug/set", '{"state":"ON"}')


def test_an_endpoint_of_a_zigbee_device() -> None:
    def half(endpoint: str) -> dict[str, Any]:
        state = {"type": "binary", "name": "state", "property": f"state_{endpoint}", "endpoint": endpoint}
        return {"type": "switch", "endpoint": endpoint, "features": [state]}

    device = {
        "ieee_address": "0x00158d0001829999",
        "friendly_name": "double",
        "definition": {"model": "QBKG03LM", "vendor": "Xiaomi", "exposes": [half("left"), half("right")]},
    }
    light = one(
        f"zigbee2mqtt/{device['ieee_address']}/relay/right", ("zigbee2mqtt/bridge/devices", zigbee(device))
    )
    assert said(light.show([0], [True], 0.0)) == ("zigbee2mqtt/double/set", '{"state_right":"ON"}')


@pytest.mark.parametrize(
    "fields",
    [
        {"friendly_name": "+"},
        {"friendly_name": "a/#"},
        {"friendly_name": ""},
        {"friendly_name": "bridge/request/restart"},
        {"friendly_name": "x" * 10_000},
        {"friendly_name": None},
        {"friendly_name": "\ud800"},
        {"disabled": True},
        {"definition": None},
        {"definition": {"exposes": [{"type": "light", "features": "all"}]}},
        {"definition": {"exposes": [[[[]]], None, 3, {"type": "light", "features": [None, {"name": 7}]}]}},
    ],
)
def test_a_zigbee_device_that_could_hurt_is_none(fields: dict[str, object]) -> None:
    device = one(f"zigbee2mqtt/{LAMP}/dimmer", ("zigbee2mqtt/bridge/devices", zigbee(**fields)))
    assert device.problem and device.dark() is None and device.show([255], [True], 0.0) is None


def test_zigbee_devices_that_are_away_are_told() -> None:
    light, devices = f"zigbee2mqtt/{LAMP}/dimmer", ("zigbee2mqtt/bridge/devices", zigbee())
    assert one(light).problem == "is not known to Zigbee2MQTT"
    assert one(light, devices).problem == ""
    for word in (b"offline", b'{"state":"offline"}'):
        assert "not running" in one(light, devices, ("zigbee2mqtt/bridge/state", word)).problem
        assert one(light, devices, ("zigbee2mqtt/lamp/availability", word)).problem == "is not there"
    assert one(light, devices, ("zigbee2mqtt/lamp/availability", b'{"state":"online"}')).problem == ""
    assert "this light" in one(f"zigbee2mqtt/{PLUG}/dimmer", devices).problem


def test_a_zigbee_light_shows_again_what_it_told() -> None:
    devices = ("zigbee2mqtt/bridge/devices", zigbee())
    lamp = one(f"zigbee2mqtt/{LAMP}/dimmer", devices)
    topic, asked = said(lamp.ask())
    assert topic == "zigbee2mqtt/lamp/get" and json.loads(asked) == {"state": "", "brightness": ""}
    lamp.hear("zigbee2mqtt/lamp", b'{"state":"ON","brightness":99,"color":{"x":0.4,"y":0.4}}')
    assert lamp.shown == {0: Shown(True, 99)}
    topic, payload = said(lamp.give_back(lamp.shown))
    assert topic == "zigbee2mqtt/lamp/set"
    assert json.loads(payload) == {"state": "ON", "brightness": 99, "transition": 1.0}
    lamp.hear("zigbee2mqtt/lamp", b'{"state":"OFF","brightness":null}')
    assert lamp.shown == {0: Shown(False, 99)} and lamp.give_back(lamp.shown) is None
    lamp.hear("zigbee2mqtt/lamp/availability", b"offline")
    assert lamp.shown == {}
    plug = one(f"zigbee2mqtt/{PLUG}/relay", devices, ("zigbee2mqtt/plug", b'{"state":"ON"}'))
    assert json.loads(said(plug.give_back(plug.shown))[1]) == {"state": "ON"}
