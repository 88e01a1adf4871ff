"""A broker with devices of every kind."""

from types import TracebackType
from typing import Any, Self

from tests.brokers import Mosquitto
from tests.mqtt.devices.peer import Peer
from tests.mqtt.devices.shelly_peers import FirstShellyPeer, ShellyPeer
from tests.mqtt.devices.tasmota_peer import TasmotaPeer
from tests.mqtt.devices.zigbee_peer import ZigbeePeer


class Yard:
    """A broker with devices of every kind."""

    def __init__(self, broker: Mosquitto) -> None:
        self.broker = broker
        self.tasmota = TasmotaPeer("A4CF12B8D3E1", "shed", 2, dimmer=True)
        self.first = FirstShellyPeer("shellyswitch25-1F2A3B", 2)
        self.dimmer = FirstShellyPeer("shellydimmer-D0E1F2", light=True)
        self.shelly = ShellyPeer("shellyplus2pm-a8032abe54dc", "switch:0", "switch:1")
        self.zigbee = ZigbeePeer(["porch/lamp"], ["hedge plug"])
        self.peers: list[Peer] = [self.tasmota, self.first, self.dimmer, self.shelly, self.zigbee]

    async def __aenter__(self) -> Self:
        for peer in self.peers:
            await peer.join(self.broker)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for peer in self.peers:
            await peer.leave()

    @property
    def dark(self) -> bool:
        return all(peer.dark for peer in self.peers)

    @property
    def bright(self) -> bool:
        """Whether all lights that the settings name are on."""
        own = [self.tasmota.lit["POWER1"], self.tasmota.lit["POWER3"], self.first.lit["relay/1"]]
        return all([*own, *self.dimmer.lit.values(), self.shelly.lit["switch:0"], *self.zigbee.lit.values()])

    def settings(self, **more: object) -> dict[str, Any]:
        """An output with lights of all of them, on channels 1 to 7."""
        names = [
            "tasmota/A4CF12B8D3E1/relay/1",
            "tasmota/A4CF12B8D3E1/dimmer/3",
            "shelly/shellyswitch25-1F2A3B/relay/1",
            "shelly/shellydimmer-D0E1F2/light/0",
            "shelly/shellyplus2pm-a8032abe54dc/switch:0",
            f"zigbee2mqtt/{ZigbeePeer.address(0)}/dimmer",
            f"zigbee2mqtt/{ZigbeePeer.address(1)}/relay",
        ]
        return {
            "type": "mqtt-light",
            "name": "yard",
            "broker": f"mqtt://{self.broker.host}:{self.broker.port}",
            "lights": [{"id": name, "channel": channel} for channel, name in enumerate(names, 1)],
            **more,
        }
