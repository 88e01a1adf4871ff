"""Zigbee2MQTT, as its documents describe it."""

import json
from collections.abc import Sequence
from typing import Any

import aiomqtt

from tests.mqtt.devices.peer import Peer


class ZigbeePeer(Peer):
    """Zigbee2MQTT with lamps and plugs by their friendly names: mqtt_topics_and_messages.md, exposes.md."""

    def __init__(self, lamps: Sequence[str], plugs: Sequence[str] = (), base: str = "zigbee2mqtt") -> None:
        super().__init__([*lamps, *plugs])
        self._lamps, self._base = tuple(lamps), base
        self._levels = dict.fromkeys([*lamps, *plugs], 254)
        self.online = (f"{base}/bridge/state", '{"state":"online"}', '{"state":"offline"}')
        self.commands = (f"{base}/#",)

    @staticmethod
    def address(place: int) -> str:
        return f"0x00158d000182{place:04x}"

    def devices(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {
                "ieee_address": "0x00124b00120144ae",
                "type": "Coordinator",
                "network_address": 0,
                "supported": False,
                "friendly_name": "Coordinator",
                "definition": None,
                "interview_completed": True,
            }
        ]
        state = {
            "type": "binary",
            "name": "state",
            "property": "state",
            "value_on": "ON",
            "value_off": "OFF",
            "value_toggle": "TOGGLE",
            "access": 7,
        }
        level = {
            "type": "numeric",
            "name": "brightness",
            "property": "brightness",
            "value_min": 0,
            "value_max": 254,
            "access": 7,
        }
        for place, name in enumerate(self.lit):
            lamp = name in self._lamps
            exposed = (
                {"type": "light", "features": [state, level]}
                if lamp
                else {"type": "switch", "features": [state]}
            )
            quality = {
                "type": "numeric",
                "name": "linkquality",
                "property": "linkquality",
                "access": 1,
                "unit": "lqi",
            }
            found.append(
                {
                    "ieee_address": self.address(place),
                    "type": "Router",
                    "network_address": 57440 + place,
                    "supported": True,
                    "disabled": False,
                    "friendly_name": name,
                    "definition": {
                        "model": "LED1624G9" if lamp else "ZNCZ02LM",
                        "vendor": "IKEA" if lamp else "Xiaomi",
                        "description": "",
                        "options": [],
                        "exposes": [exposed, quality],
                    },
                    "power_source": "Mains (single phase)",
                    "interview_completed": True,
                }
            )
        return found

    async def announce(self, client: aiomqtt.Client) -> None:
        await client.publish(f"{self._base}/bridge/devices", json.dumps(self.devices()), qos=1, retain=True)

    async def _take(self, client: aiomqtt.Client, message: aiomqtt.Message) -> None:
        if message.topic.value.endswith(("/set", "/get")):
            await super()._take(client, message)

    async def obey(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        light, verb = topic.removeprefix(f"{self._base}/").rsplit("/", 1)
        if verb == "get":
            assert set(json.loads(payload)) <= {"state", "brightness"}
            await self.tell(client, light)
            return
        told = json.loads(payload)
        assert told["state"] in ("ON", "OFF")
        if light in self._lamps:
            assert told["state"] == "ON" or "brightness" not in told
        self._levels[light] = told.get("brightness", self._levels[light])
        self.set(light, self._levels[light] / 254 if told["state"] == "ON" else 0.0)
        await self.tell(client, light)

    def dial(self, light: str, brightness: float) -> None:
        self._levels[light] = round(254 * brightness) or self._levels[light]
        self.set(light, brightness)

    async def tell(self, client: aiomqtt.Client, light: str) -> None:
        level = {"brightness": self._levels[light]} if light in self._lamps else {}
        said = {"state": "ON" if self.lit[light] else "OFF", "linkquality": 84, **level}
        await client.publish(f"{self._base}/{light}", json.dumps(said))
