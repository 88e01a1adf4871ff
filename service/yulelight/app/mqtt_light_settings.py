"""The settings of lights of other makers on an MQTT broker: Tasmota, Shelly, Zigbee2MQTT."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from yulelight.app.broker_url import BrokerUrl
from yulelight.core.errors import UsageError
from yulelight.core.group import Group
from yulelight.core.messages import CHANNELS
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices import ids
from yulelight.mqtt.devices.device import publishable
from yulelight.mqtt.devices.output import DevicesOutput
from yulelight.mqtt.devices.zigbee import BASE, Bridge
from yulelight.outputs.base import Output, node_id
from yulelight.outputs.settings import NAME
from yulelight.safety.physics import GAMMA, Light

NO_BROKER = (
    "name the broker that Tasmota, Shelly or Zigbee2MQTT use, here or as mqtt.broker. The embedded broker is none for "
    "them: it ends with the service, and then nobody could tell their lights to go off"
)


class MqttLight(Group):
    """A light on the broker."""

    id: str = Field(max_length=512)
    """As `yulelight lights --find` shows it."""
    channel: int = Field(ge=1, le=CHANNELS)
    load: float = Field(1.0, gt=0, le=100_000)
    """Watts when fully on."""

    @field_validator("id")
    @classmethod
    def _known(cls, light: str) -> str:
        ids.dims(light)
        return light


class MqttLightOutput(Group):
    """Lights that all get the same frames, a few per second."""

    type: Literal["mqtt-light"]
    name: str = Field(pattern=NAME)
    broker: BrokerUrl | None = Field(None, repr=False)
    """mqtt://user:password@host:1883 or mqtts://…; None: that of ``mqtt``."""
    zigbee2mqtt: str = BASE
    """The base topic of Zigbee2MQTT."""
    lights: list[MqttLight] = Field(min_length=1, max_length=32)
    rate: float = Field(1.0, ge=0.1, le=4)
    """Frames per second."""
    delay: float = Field(0.1, ge=0, le=0.4)
    """Seconds from a command to its light; frames are sent that much earlier."""
    release: float = Field(10.0, ge=0, le=86_400)
    """Seconds of darkness after a show before the lights are given back."""
    gamma: float = Field(GAMMA, ge=1, le=4)
    """How the lights dim: the exponent from brightness to light."""

    @field_validator("zigbee2mqtt")
    @classmethod
    def _a_topic(cls, base: str) -> str:
        if not publishable(base):
            raise ValueError("this is no topic; Zigbee2MQTT's base topic is in its settings, mqtt.base_topic")
        return base

    @model_validator(mode="after")
    def _devices(self) -> Self:
        names = [one.id for one in self.lights]
        if len(set(names)) < len(names):
            raise ValueError("lights: a light is named twice; it can show one channel")
        ids.devices(names, Bridge())
        return self

    def on_broker(self, usual: str | None) -> Self:
        """The same, on the broker ``usual`` if it names none."""
        return self if self.broker or not usual else self.model_copy(update={"broker": usual})

    @property
    def address(self) -> BrokerAddress:
        """Its broker. Raises UsageError if there is none."""
        if self.broker is None:
            raise UsageError(f"settings: output {self.name}: broker: {NO_BROKER}")
        return BrokerAddress.parse(self.broker)

    def made(self, folder: Path) -> Output:
        """The output; ``folder`` is for what outputs keep."""
        bridge = Bridge(self.zigbee2mqtt)
        lights = {
            one.id: Light(
                channel=one.channel,
                kind="dimmer" if ids.dims(one.id) else "relay",
                load=one.load,
                gamma=self.gamma,
                node=node_id(self.name),
            )
            for one in self.lights
        }
        return DevicesOutput(
            self.name,
            self.address,
            lights,
            ids.devices(list(lights), bridge),
            bridge,
            folder=folder,
            rate=self.rate,
            delay=self.delay,
            release=self.release,
        )


def check(outputs: Iterable[MqttLightOutput]) -> None:
    """Whether ``outputs`` can be driven together. Raises UsageError."""
    owners: dict[tuple[BrokerAddress, str], str] = {}
    for output in outputs:
        for light in output.lights:
            # All lights of a Zigbee network share its few commands per second.
            zigbee = ids.on_zigbee(light.id)
            key = output.address, output.zigbee2mqtt if zigbee else light.id
            owner = owners.setdefault(key, output.name)
            if owner != output.name:
                what = "all lights of one Zigbee2MQTT belong into one output, since they share its network"
                told = what if zigbee else f"{light.id} belongs to the output {owner} already"
                raise UsageError(f"settings: output {output.name}: lights: {told}")
