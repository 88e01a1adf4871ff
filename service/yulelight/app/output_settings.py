"""The settings of lights that the service drives itself: those on the network, WLED devices and pins."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from yulelight.app.mqtt_light_settings import MqttLightOutput
from yulelight.core.group import Group
from yulelight.outputs.base import Output
from yulelight.outputs.ddp import PORT as DDP_PORT
from yulelight.outputs.pixels import Strip
from yulelight.outputs.settings import NAME, AnyOutput, ArtNetOutput, DdpOutput, E131Output, Host, Port
from yulelight.outputs.wled.answers import Device
from yulelight.outputs.wled.output import WledOutput
from yulelight.outputs.wled.parts import parted, reach


class WledOutputSettings(AnyOutput):
    """A WLED device; it reports its LEDs and segments."""

    type: Literal["wled"]
    host: Host
    """Its address; `yulelight lights --find` lists the devices on the network."""
    http_port: Port = 80
    port: Port = DDP_PORT
    """Its DDP port."""
    release: float = Field(10.0, ge=0, le=86_400)
    """Seconds of darkness after a show before its previous state is restored."""

    def made(self, folder: Path) -> Output:
        """The output; it stores the device's previous state in ``folder``."""
        return WledOutput(
            self.name,
            self.host,
            self._map,
            folder,
            release=self.release,
            http_port=self.http_port,
            port=self.port,
            rate=self.rate,
        )

    def _map(self, device: Device) -> Strip:
        return self.strip(reach(device), lambda colours: parted(device, colours, self.effect))


class PinsOutputSettings(Group):
    """Pins of this machine, a Raspberry Pi, without a light node."""

    type: Literal["pins"]
    name: str = Field(pattern=NAME)
    file: Path | None = None
    """The file from `yulelight node setup`; None: the first that exists of the nodes' default paths."""

    def made(self, folder: Path) -> Output:
        """The output. Raises UsageError if the file is missing or wrong, or this machine has no pins."""
        # Imported only here, because most services drive no pins.
        from yulelight.node.pins import pins_output

        return pins_output(self.name, self.file)


DirectOutput = Annotated[
    DdpOutput | WledOutputSettings | E131Output | ArtNetOutput | PinsOutputSettings | MqttLightOutput,
    Field(discriminator="type"),
]
