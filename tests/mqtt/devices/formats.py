"""Announcements of devices, and what a device of ours makes of them."""

import json
from typing import Any

from tests.mqtt.devices.tasmota_peer import TasmotaPeer
from tests.mqtt.devices.zigbee_peer import ZigbeePeer
from yulelight.mqtt.devices import ids
from yulelight.mqtt.devices.device import Device, Message
from yulelight.mqtt.devices.zigbee import Bridge

MAC = "A4CF12B8D3E1"
LAMP, PLUG = ZigbeePeer.address(0), ZigbeePeer.address(1)


def tasmota(**fields: object) -> bytes:
    return json.dumps(TasmotaPeer(MAC, "shed", 2, dimmer=True).config() | fields).encode()


def zigbee(*more: Any, **fields: object) -> bytes:
    return json.dumps(
        [one | fields for one in ZigbeePeer(["lamp"], ["plug"]).devices()] + list(more)
    ).encode()


def one(light: str, *heard: tuple[str, bytes], bridge: Bridge | None = None) -> Device:
    """The device of ``light`` after these messages."""
    bridge = bridge or Bridge()
    (device,) = ids.devices([light], bridge)
    for topic, payload in heard:
        for listener in (bridge, device):
            if topic in listener.topics:
                listener.hear(topic, payload)
    return device


def said(message: Message | None) -> tuple[str, str]:
    assert message is not None
    return message.topic, message.payload.decode()


def announced(**fields: object) -> tuple[str, bytes]:
    return f"tasmota/discovery/{MAC}/config", tasmota(**fields)
