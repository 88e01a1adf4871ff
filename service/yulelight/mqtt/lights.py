"""The JSON format of lights: docs/mqtt.md, "Nodes" and "House". Defaults are omitted."""

import math
from dataclasses import fields
from typing import Any, cast

from yulelight.mqtt.topics import is_id
from yulelight.safety.physics import Kind, Light

_KINDS = ("relay", "ssr", "dimmer")
_RANGES = {
    "load": (0.001, 1e5),
    "gamma": (1.0, 4.0),
    "minimum": (0.0, 0.9),
    "min_on": (0.0, 60.0),
    "min_off": (0.0, 60.0),
    "red": (0.0, 1.0),
}
_MAX_CHANNELS = 64


def light_wire(light: Light) -> dict[str, Any]:
    """The light as a JSON object."""
    said = {one.name: (getattr(light, one.name), one.default) for one in fields(light)}
    return {name: value for name, (value, usual) in said.items() if name == "channel" or value != usual}


def parse_light(data: object) -> Light:
    """Parses a light from JSON ``data``. Raises ValueError with a message. Unknown kinds become None."""
    if not isinstance(data, dict):
        raise ValueError("a light must be an object")
    channel = data.get("channel")
    if type(channel) is not int or not 1 <= channel <= _MAX_CHANNELS:
        raise ValueError(f'"channel" must be a whole number from 1 to {_MAX_CHANNELS}')
    given: dict[str, float] = {}
    for name, (low, high) in _RANGES.items():
        value = data.get(name)
        if value is None:
            continue
        if type(value) not in (int, float) or not math.isfinite(value) or not low <= value <= high:
            raise ValueError(f'"{name}" must be a number from {low:g} to {high:g}')
        given[name] = float(value)
    node = data.get("node", "")
    if not isinstance(node, str) or (node and not is_id(node)):
        raise ValueError('"node" must be the id of a node')
    kind = data.get("kind")
    return Light(channel=channel, kind=cast("Kind", kind) if kind in _KINDS else None, node=node, **given)
