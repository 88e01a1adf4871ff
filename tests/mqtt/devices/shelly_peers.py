"""Shelly devices of both generations, as their API is documented."""

import asyncio
import json
from typing import Any

import aiomqtt

from tests.mqtt.devices.peer import Peer


class FirstShellyPeer(Peer):
    """A Shelly 2.5 with relays, or with ``light`` a Shelly Dimmer: the MQTT chapter of the Gen1 API."""

    def __init__(self, device: str, relays: int = 0, *, light: bool = False) -> None:
        super().__init__([*(f"relay/{n}" for n in range(relays)), *(["light/0"] if light else [])])
        self.device = device
        self._level = 1.0
        self._base = f"shellies/{device}"
        self.online = (f"{self._base}/online", "true", "false")
        self.commands = (
            "shellies/command",
            f"{self._base}/command",
            f"{self._base}/relay/+/command",
            f"{self._base}/light/0/set",
        )

    async def announce(self, client: aiomqtt.Client) -> None:
        said = {
            "id": self.device,
            "model": "SHSW-25",
            "mac": "98CDAC1F2A3B",
            "ip": "192.168.1.71",
            "new_fw": False,
            "fw_ver": "20230913-112234/v1.14.0-gcb84623",
        }
        await client.publish("shellies/announce", json.dumps(said))
        await client.publish(f"{self._base}/announce", json.dumps(said))

    async def obey(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        if topic in ("shellies/command", f"{self._base}/command"):
            if payload == b"announce":
                await self.announce(client)
            elif payload == b"update":
                await self.tell(client)
            return
        light = "/".join(topic.split("/")[2:4])
        if light.startswith("relay"):
            self.set(light, {b"on": 1.0, b"off": 0.0}[payload])
        else:
            told = json.loads(payload)
            assert 0 <= told.get("transition", 0) <= 5000
            self._level = told.get("brightness", 100 * self._level) / 100
            self.set(light, self._level if told["turn"] == "on" else 0.0)
        await self.tell(client)

    def dial(self, light: str, brightness: float) -> None:
        if light.startswith("light") and brightness:
            self._level = brightness
        self.set(light, brightness)

    async def tell(self, client: aiomqtt.Client, light: str = "") -> None:
        for each, lit in self.lit.items():
            await client.publish(f"{self._base}/{each}", "on" if lit else "off")
            if each.startswith("light"):
                status = {
                    "ison": lit > 0,
                    "source": "mqtt",
                    "mode": "white",
                    "brightness": round(100 * self._level),
                }
                await client.publish(f"{self._base}/{each}/status", json.dumps(status))


class ShellyPeer(Peer):
    """Switches and lights of Gen2 or later, with their flip-back timers: the chapters Mqtt, Switch and Light."""

    def __init__(self, device: str, *components: str, prefix: str | None = None) -> None:
        super().__init__(components)
        self.levels = dict.fromkeys(components, 1.0)
        self.device, self.prefix = device, prefix or device
        self.online = (f"{self.prefix}/online", "true", "false")
        self.commands = ("shellies/command", f"{self.prefix}/command", f"{self.prefix}/rpc")
        self._timers: dict[str, asyncio.TimerHandle] = {}

    async def announce(self, client: aiomqtt.Client) -> None:
        said = {
            "name": "Gate",
            "id": self.device,
            "mac": "A8032ABE54DC",
            "slot": 0,
            "model": "SNSW-002P16EU",
            "gen": 2,
            "fw_id": "20240625-123141/1.3.3-gbdfd9b3",
            "ver": "1.3.3",
            "app": "Plus2PM",
            "auth_en": False,
            "auth_domain": None,
        }
        await client.publish("shellies/announce", json.dumps(said))
        await client.publish(f"{self.prefix}/announce", json.dumps(said))

    async def obey(self, client: aiomqtt.Client, topic: str, payload: bytes) -> None:
        if topic != f"{self.prefix}/rpc":
            if payload == b"announce":
                await self.announce(client)
            return
        call = json.loads(payload)
        method, params = call["method"], call.get("params", {})
        if method == "Shelly.GetStatus":
            result: dict[str, Any] = {"ble": {}, "cloud": {"connected": False}, "mqtt": {"connected": True}}
            result |= {name: self._status(name) for name in self.lit}
        elif method.endswith(".GetStatus"):
            result = self._status(f"{method.removesuffix('.GetStatus').lower()}:{params['id']}")
        else:
            component = f"{method.removesuffix('.Set').lower()}:{params['id']}"
            result = {"was_on": self.lit[component] > 0}
            self._set(component, params)
            await self.tell(client, component)
        answer = {"id": call["id"], "src": self.device, "dst": call["src"], "result": result}
        await client.publish(f"{call['src']}/rpc", json.dumps(answer))

    def _status(self, component: str) -> dict[str, Any]:
        level = {"brightness": round(100 * self.levels[component])} if component.startswith("light") else {}
        return {"id": int(component[-1]), "source": "MQTT", "output": self.lit[component] > 0, **level}

    def dial(self, light: str, brightness: float) -> None:
        self.levels[light] = brightness or self.levels[light]
        self.set(light, brightness)

    async def tell(self, client: aiomqtt.Client, light: str) -> None:
        # "RPC status notifications over MQTT", on by default.
        changed = {"ts": 1764543600.1, light: {"id": int(light[-1]), "output": self.lit[light] > 0}}
        said = {
            "src": self.device,
            "dst": f"{self.prefix}/events",
            "method": "NotifyStatus",
            "params": changed,
        }
        await client.publish(f"{self.prefix}/events/rpc", json.dumps(said))

    def _set(self, component: str, params: dict[str, Any]) -> None:
        if timer := self._timers.pop(component, None):
            timer.cancel()
        assert component.startswith("light") or "brightness" not in params
        self.levels[component] = params.get("brightness", 100 * self.levels[component]) / 100
        self.set(component, self.levels[component] if params["on"] else 0.0)
        if after := params.get("toggle_after"):
            flip = {**params, "on": not params["on"]}
            del flip["toggle_after"]
            loop = asyncio.get_running_loop()
            self._timers[component] = loop.call_later(after, self._set, component, flip)
