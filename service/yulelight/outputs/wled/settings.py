"""The settings of a WLED device."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from yulelight.outputs.ddp import PORT as DDP_PORT
from yulelight.outputs.driven import Driven
from yulelight.outputs.pixels import Strip
from yulelight.outputs.settings import AnyOutput, Host, Port, ddp_target
from yulelight.outputs.wled.answers import Device
from yulelight.outputs.wled.output import Drive, WledOutput
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

    @property
    def targets(self) -> frozenset[str]:
        """See AnyOutput."""
        return ddp_target(self.host, self.port)

    def made(self, folder: Path, drive: Drive = Driven) -> WledOutput:
        """The output; it stores the device's previous state in ``folder``. ``drive``: see WledOutput."""
        return WledOutput(
            self.name,
            self.host,
            self._map,
            folder,
            release=self.release,
            http_port=self.http_port,
            port=self.port,
            rate=self.rate,
            drive=drive,
        )

    def _map(self, device: Device) -> Strip:
        return self.strip(reach(device), lambda colours: parted(device, colours, self.effect))
