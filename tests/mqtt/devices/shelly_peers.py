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
        self._base = f"shellies/{device}"
        self.online = (f"{self._base}/online", "true", "false")
        self.commands = ("shellies/command", f"{self._base}/relay/+/command", f"{self._base}/light/0/set")

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
        if topic == "shellies/command":
            if payload == b"announce":
                await self.announce(client)
            elif payload == b"update":
                await self._tell(client)
            return
        light = "/".join(topic.split("/")[2:4])
        if light.startswith("relay"):
            self.set(light, {b"on": 1.0, b"off": 0.0}[payload])
        else:
            told = json.loads(payload)
            assert 0 <= told.get("transition", 0) <= 5000
            self.set(light, told.get("brightness", 100) / 100 if told["turn"] == "on" else 0.0)
        await self._tell(client)

    async def _tell(self, client: aiomqtt.Client) -> None:
        for light, lit in self.lit.items():
            await client.publish(f"{self._base}/{light}", "on" if lit else "off")
            if light.startswith("light"):
                status = {"ison": lit > 0, "source": "mqtt", "mode": "white", "brightness": round(100 * lit)}
                await client.publish(f"{self._base}/{light}/status", json.dumps(status))


class ShellyPeer(Peer):
    """Switches and lights of Gen2 or later, with their flip-back timers: the chapters Mqtt, Switch and Light."""

    def __init__(self, device: str, *components: str, prefix: str | None = None) -> None:
        super().__init__(components)
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
            result |= {name: {"id": int(name[-1]), "output": lit > 0} for name, lit in self.lit.items()}
        else:
            component = f"{method.removesuffix('.Set').lower()}:{params['id']}"
            result = {"was_on": self.lit[component] > 0}
            self._set(component, params)
        answer = {"id": call["id"], "src": self.device, "dst": call["src"], "result": result}
        await client.publish(f"{call['src']}/rpc", json.dumps(answer))

    def _set(self, component: str, params: dict[str, Any]) -> None:
        if timer := self._timers.pop(component, None):
            timer.cancel()
        assert component.startswith("light") or "brightness" not in params
        self.set(component, params.get("brightness", 100) / 100 if params["on"] else 0.0)
        if after := params.get("toggle_after"):
            flip = {**params, "on": not params["on"]}
            del flip["toggle_after"]
            loop = asyncio.get_running_loop()
            self._timers[component] = loop.call_later(after, self._set, component, flip)
