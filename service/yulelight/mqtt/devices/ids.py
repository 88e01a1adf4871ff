"""The ids of lights in the settings, and the devices that they stand for. Pure."""

import re
from collections.abc import Sequence

from yulelight.mqtt.devices.device import Device, publishable
from yulelight.mqtt.devices.shelly import FirstShelly, Shelly
from yulelight.mqtt.devices.tasmota import Output, Tasmota
from yulelight.mqtt.devices.zigbee import Bridge, ZigbeeLight

_TASMOTA = re.compile(r"tasmota/([0-9A-F]{12})/(relay|dimmer)/([1-9]\d?)")
_FIRST_SHELLY = re.compile(r"shelly/([^/]{1,128})/(relay|light|white|color)/(\d)")
_SHELLY = re.compile(r"shelly/(.{1,256})/(switch|light|rgb|rgbw|cct):(\d{1,3})")
_ZIGBEE = re.compile(r"zigbee2mqtt/(0x[0-9a-f]{16})/(relay|dimmer)(?:/([^/]{1,32}))?")
_MAX_TASMOTA = 28
"""Lights of one Tasmota: its relays, and what fits into the 30 commands of a Backlog."""


def dims(light: str) -> bool:
    """Whether the light with this id is a dimmer. Raises ValueError if this is no id of a light."""
    if match := _TASMOTA.fullmatch(light):
        return match[2] == "dimmer"
    if (match := _FIRST_SHELLY.fullmatch(light)) and publishable(match[1]):
        return match[2] != "relay"
    if (match := _SHELLY.fullmatch(light)) and publishable(match[1]):
        return match[2] != "switch"
    if match := _ZIGBEE.fullmatch(light):
        return match[2] == "dimmer"
    raise ValueError(
        f"there is no light {light!r}; copy what `yulelight lights --find` says, such as shelly/…/switch:0"
    )


def on_zigbee(light: str) -> bool:
    """Whether it is a light of Zigbee2MQTT."""
    return _ZIGBEE.fullmatch(light) is not None


def devices(lights: Sequence[str], bridge: Bridge) -> list[Device]:
    """The devices of these lights, which have their places in this order. Raises ValueError."""
    made: list[Device] = []
    tasmotas: dict[str, list[Output]] = {}
    for place, light in enumerate(lights):
        dimmer = dims(light)
        if match := _TASMOTA.fullmatch(light):
            tasmotas.setdefault(match[1], []).append(Output(place, int(match[3]), dimmer))
        elif match := _FIRST_SHELLY.fullmatch(light):
            made.append(FirstShelly(match[1], match[2], int(match[3]), place))
        elif match := _SHELLY.fullmatch(light):
            made.append(Shelly(match[1], match[2], int(match[3]), place))
        elif match := _ZIGBEE.fullmatch(light):
            made.append(ZigbeeLight(bridge, match[1], match[3] or "", place, dims=dimmer))
    for mac, outputs in tasmotas.items():
        commands = sum(2 if one.dims else 1 for one in outputs)
        if commands > _MAX_TASMOTA:
            raise ValueError(
                f"too many lights of one Tasmota ({mac}): relays count 1, dimmers 2, up to {_MAX_TASMOTA}"
            )
        made.append(Tasmota(mac, outputs))
    return sorted(made, key=lambda device: device.places[0])
