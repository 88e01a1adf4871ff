"""The groups of the settings, ``[http]``, ``[mqtt]`` and so on: what each holds, and what it makes of it."""

from datetime import time
from typing import Literal

from pydantic import ConfigDict, Field, field_validator

from yulelight.app.group import Group
from yulelight.core.errors import UsageError
from yulelight.core.messages import MAX_DELAY, MIN_DELAY
from yulelight.core.reach import Reach
from yulelight.mqtt.engine import Program
from yulelight.safety.limits import Kind
from yulelight.schedule.place import Place, zone_named
from yulelight.schedule.quiet import Ceiling, Quiet


class Http(Group):
    """The page and the API."""

    host: str = "0.0.0.0"
    port: int = Field(8770, ge=1, le=65535)
    ingress: str | None = None
    """Address from which Home Assistant passes on its own pages: who comes from there is signed in already."""


class Mqtt(Group):
    """The broker: an address, or none to run the embedded one."""

    enabled: bool = True
    """Whether there is MQTT at all: light nodes and Home Assistant's lights need it, lights of ``output`` do not."""
    broker: str | None = None
    """mqtt://user:password@host:1883 or mqtts://…; None starts the embedded broker."""
    announced: str | None = None
    """The host at which light nodes reach ``broker``, where that is another name for them; "" for this machine."""
    host: str = "0.0.0.0"
    """Where the embedded broker listens."""
    port: int = Field(1883, ge=1, le=65535)
    program: Program = "auto"
    """What the embedded broker is: mosquitto, a broker in Python, or the former where it is installed."""


class Zeroconf(Group):
    """The announcement on the local network."""

    enabled: bool = True
    interfaces: list[str] = Field([])
    """Addresses of the interfaces to announce on; empty means all."""


class Urls(Group):
    """Songs that are named by an address (http:// or https://) instead of being in the library."""

    reach: Reach = "public"
    """Where they may be fetched from: the internet, the local network too (``lan``), or this machine too (``any``)."""


class SoundOutput(Group):
    """One more sound card."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,32}$")
    device: str | None = None
    delay: float = Field(0.0, ge=MIN_DELAY, le=MAX_DELAY)
    """As Sound.delay, for this one."""


class Sound(Group):
    """What is heard: on this machine's sound cards, or from a media player elsewhere."""

    enabled: bool = True
    """Whether sound cards are used at all."""
    output: Literal["local", "remote"] = "local"
    """``remote``: no card but a media player, which fetches the songs and reports its position."""
    device: str | None = None
    delay: float = Field(0.0, ge=MIN_DELAY, le=MAX_DELAY)
    """Seconds by which the sound reaches people later than the card is told; the lights wait as long."""
    outputs: list[SoundOutput] = Field([], max_length=8)
    """More cards; all are heard together."""

    @field_validator("outputs")
    @classmethod
    def _differ(cls, outputs: list[SoundOutput]) -> list[SoundOutput]:
        names = ["main", *(output.name for output in outputs)]
        if len(set(names)) < len(names):
            raise ValueError("each output needs a name of its own, and 'main' is taken")
        return outputs


class Light(Group):
    """How frames leave."""

    look_ahead: float = Field(0.6, ge=0.1, le=5.0)
    """Seconds a frame of a song leaves before it shows."""
    live_delay: float = Field(0.02, ge=0.0, le=1.0)
    """Seconds between a live frame's leaving and its showing, so that network jitter does not."""
    power_budget: float | None = Field(None, gt=0, le=1e6)
    """Watts that all channels together never exceed; needs every channel's load."""


class PlaceOnEarth(Group):
    """Where the house is: for sunset and the like, and its clock."""

    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    elevation: float = Field(0.0, ge=-500, le=9000)
    timezone: str | None = None
    """Such as Europe/Berlin; without it, the machine's."""

    def made(self) -> Place:
        """The place; raises UsageError."""
        if (self.latitude is None) != (self.longitude is None):
            raise UsageError("settings: place: give both latitude and longitude, or neither")
        if self.timezone is not None:
            zone_named(self.timezone)
        return Place(self.latitude, self.longitude, self.elevation, self.timezone)


class QuietHours(Group):
    """Hours in which sound and light are held down, every day."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: time = Field(alias="from")
    to: time
    volume: float = Field(1.0, ge=0, le=1)
    brightness: float = Field(1.0, ge=0, le=1)
    off: bool = False
    """Silent and dark."""

    def made(self) -> Quiet:
        """As the scheduler knows them."""
        held = Ceiling(0.0, 0.0) if self.off else Ceiling(self.volume, self.brightness)
        return Quiet(self.start.replace(tzinfo=None), self.to.replace(tzinfo=None), held)


class Channel(Group):
    """What hangs on a channel."""

    load: float = Field(1.0, gt=0, le=1e5)
    """Watts when fully on; without it, channels count alike."""
    type: Kind | None = None
    """relay, ssr or dimmer: relays and SSRs show whether a channel is on, dimmers how bright it is."""
    side: float = Field(0.0, ge=-1, le=1)
    """Where it hangs, seen from the street: -1 far left, 0 in the middle, 1 far right. Dimmed lights get up to half as
    bright again, or as dark, when the sound comes from their side or from the other."""


class LibraryCare(Group):
    """What becomes of the songs while nobody plays them."""

    render: bool = True
    """Whether every song's show is rendered in the background."""
    workers: int = Field(1, ge=1, le=16)
    """Songs rendered at the same time."""
    settle: float = Field(10.0, ge=0, le=3600)
    """Seconds after the start before it begins."""
    cache: int = Field(1000, ge=10, le=1_000_000)
    """Megabytes of shows that are kept."""
