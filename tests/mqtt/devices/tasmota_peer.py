"""A Tasmota, as its documents and its source describe it."""

import json
import re
from typing import Any

import aiomqtt

from tests.mqtt.devices.peer import Peer


class TasmotaPeer(Peer):
    """Relays, and with ``dimmer`` a one-channel light behind them: Commands.md, xdrv_12_discovery.ino."""

    def __init__(
        self, mac: str, topic: str, relays: int, *, dimmer: bool = False, full: str = "%prefix%/%topic%/"
    ) -> None:
        count = relays + dimmer
        super().__init__([f"POWER{n}" for n in range(1, count + 1)])
        self.mac, self.topic, self._full = mac, topic, full
        self._relays, self._dimmer = relays, dimmer
        self._brightness = 1.0
        self.commands = (f"{self._at('cmnd')}+",)
        self.online = (f"{self._at('tele')}LWT", "Online", "Offline")

    def _at(self, prefix: str) -> str:
        return self._full.replace("%prefix%", prefix).replace("%topic%", self.topic)

    def config(self) -> dict[str, Any]:
        """As version 14 announces itself."""
        kinds = [1] * self._relays + [2] * self._dimmer
        names = [f"{self.topic} {n}" for n in range(1, len(kinds) + 1)]
        return {
            "ip": "192.168.1.70",
            "dn": self.topic,
            "fn": [*names, *[None] * (8 - len(names))],
            "hn": f"{self.topic}-4711",
            "mac": self.mac,
            "md": "Generic",
            "ty": 0,
            "if": 0,
            "ofln": "Offline",
            "onln": "Online",
            "state": ["OFF", "ON", "TOGGLE", "HOLD"],
            "sw": "14.3.0",
            "t": self.topic,
            "ft": self._full,
            "tp": ["cmnd", "stat", "tele"],
            "rl": [*kinds, *[0] * (32 - len(kinds))],
            "swc": [-1] * 28,
            "swn": [None] * 28,
            "btn": [0] * 32,
            "so": {
                "4": 0,
                "11": 0,
                "13": 0,
                "17": 0,
                "20": 0,
                "30": 0,
                "68": 0,
                "73": 0,
                "82": 0,
                "114": 0,
                "117": 0,
            },
            "lk": 1,
            "lt_st": int(self._dimmer),
            "bat": 0,
            "dslp": 0,
            "sho": [],
            "sht": [],
            "ver": 1,
        }

    async def announce(self, client: aiomqtt.Client) -> None:
        await client.publish(
            f"tasmota/discovery/{self.mac}/config", json.dumps(self.config()), qos=1, retain=True
        )

    async def obey(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        command, text = topic.rsplit("/", 1)[1], payload.decode()
        if command.lower() == "state":
            assert not text
        elif command.lower() in ("backlog", "backlog0"):
            parts = [part.strip() for part in text.split(";")]
            assert len(parts) <= 30
            for part in parts:
                self._run(*part.split(" "))
        else:
            self._run(command, text)
        await self.tell(client)

    def dial(self, light: str, brightness: float) -> None:
        if self._dimmer and light == f"POWER{self._relays + 1}" and brightness:
            self._brightness = brightness
        self.set(light, brightness)

    async def tell(self, client: aiomqtt.Client, light: str = "") -> None:
        state: dict[str, object] = {name: "ON" if on else "OFF" for name, on in self.lit.items()}
        if self._dimmer:
            state["Dimmer"] = round(100 * self._brightness)
        await client.publish(f"{self._at('stat')}RESULT", json.dumps(state))

    def _run(self, command: str, value: str) -> None:
        match = re.fullmatch(r"([A-Za-z]+)(\d*)", command)
        assert match
        name, number = match[1].upper(), int(match[2] or 1)
        light = f"POWER{number}"
        if name == "POWER":
            on = {"ON": True, "OFF": False, "1": True, "0": False}[value]
            dims = self._dimmer and number == self._relays + 1
            self.set(light, (self._brightness if dims else 1.0) if on else 0.0)
        elif name == "DIMMER":
            assert self._dimmer and 0 <= int(value) <= 100
            self._brightness = int(value) / 100
            self.set(f"POWER{self._relays + 1}", self._brightness)
        else:
            assert name == "NODELAY", command
