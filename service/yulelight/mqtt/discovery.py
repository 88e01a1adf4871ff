"""Home Assistant MQTT device discovery: one device with eight lights.

The payload is the device format (``components``), which Home Assistant 2026.8 to 2026.11 and later support.
"""

import json
import re
from typing import Any

from yulelight.core.messages import CHANNELS
from yulelight.mqtt.payloads import SHOW_EFFECT
from yulelight.mqtt.topics import PREFIX, Topics


def device_id(service_id: str) -> str:
    """The device's identifier in Home Assistant's registry (under the domain ``mqtt``)."""
    return f"yulelight_{service_id}"


def device_config(
    service_id: str,
    name: str,
    version: str,
    topics: Topics,
    *,
    discovery_prefix: str = "homeassistant",
) -> tuple[str, dict[str, Any]]:
    """Topic and content of the retained discovery message.

    The component without an entity removes an event entity of earlier versions, which the integration provides now.
    The device's connection is the same as that of the integration's device, so that Home Assistant links the two.
    """
    device = device_id(service_id)
    info: dict[str, Any] = {
        "identifiers": [device],
        "connections": [["yulelight", service_id]],
        "name": name,
        "manufacturer": "Yulelight",
        "model": "Show service",
        "sw_version": version,
    }
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "yulelight"
    components = {f"light_{n}": _light(device, slug, n, topics) for n in range(1, CHANNELS + 1)}
    config = {
        "device": info,
        "origin": {"name": "Yulelight", "sw_version": version},
        "availability": [{"topic": topics.status}],
        "qos": 0,
        "components": {**components, "show": {"platform": "event"}},
    }
    return f"{discovery_prefix}/device/{device}/config", config


def announcement(service_id: str, name: str, host: str, port: int) -> tuple[str, dict[str, Any]]:
    """Topic and content of the retained message through which the integration finds the service's API."""
    return f"{PREFIX}/discovery/{service_id}", {"id": service_id, "name": name, "host": host, "port": port}


def payload(config: dict[str, Any]) -> bytes:
    """The config as a payload."""
    return json.dumps(config, ensure_ascii=False, separators=(",", ":")).encode()


def _light(device: str, slug: str, channel: int, topics: Topics) -> dict[str, Any]:
    return {
        "platform": "light",
        "schema": "json",
        "name": f"Light {channel}",
        "unique_id": f"{device}_light_{channel}",
        "default_entity_id": f"light.{slug}_light_{channel}",
        "icon": "mdi:string-lights",
        "command_topic": topics.channel_set(channel),
        "state_topic": topics.channel_state(channel),
        "brightness": True,
        "supported_color_modes": ["brightness"],
        "effect": True,
        "effect_list": [SHOW_EFFECT],
        "flash": False,
        "transition": False,
    }
