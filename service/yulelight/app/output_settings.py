"""The settings of lights that the service drives itself: those on the network, WLED devices and pins."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from yulelight.app.mqtt_light_settings import MqttLightOutput
from yulelight.core.group import Group
from yulelight.outputs.base import Output
from yulelight.outputs.settings import NAME, ArtNetOutput, DdpOutput, E131Output, Host, Port
from yulelight.outputs.sound_sync import NO_FLASH_LIMIT, SoundSyncOutput
from yulelight.outputs.sound_sync import PORT as SOUND_PORT
from yulelight.outputs.wled.settings import WledOutputSettings


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


class SoundSyncSettings(Group):
    """Sound for the effects of WLED devices."""

    type: Literal["wled-sound"]
    name: str = Field(pattern=NAME)
    host: Host | None = None
    """Address of a device; None: all devices of the network, by multicast."""
    port: Port = SOUND_PORT
    rate: float = Field(40.0, ge=5, le=50)
    """Packets per second."""
    no_flash_limit: bool = False
    """Whether it is accepted that WLED's effects keep no flash limit."""

    @model_validator(mode="after")
    def _accepted(self) -> Self:
        if not self.no_flash_limit:
            raise ValueError(NO_FLASH_LIMIT)
        return self

    def made(self, folder: Path) -> Output:
        """The output; ``folder`` is for what outputs keep."""
        return SoundSyncOutput(self.name, self.host, self.port, rate=self.rate)


DirectOutput = Annotated[
    DdpOutput
    | WledOutputSettings
    | E131Output
    | ArtNetOutput
    | PinsOutputSettings
    | MqttLightOutput
    | SoundSyncSettings,
    Field(discriminator="type"),
]
