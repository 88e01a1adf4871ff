"""The groups of the settings, ``[http]``, ``[mqtt]`` and so on, and their conversion to objects of the service."""

from datetime import time
from typing import Literal, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from yulelight.core.errors import UsageError
from yulelight.core.group import Group
from yulelight.core.messages import MAX_DELAY, MIN_DELAY
from yulelight.core.reach import Reach
from yulelight.guests.book import Rules
from yulelight.mqtt.engine import Program
from yulelight.safety.limits import Kind
from yulelight.schedule.place import Place, zone_named
from yulelight.schedule.quiet import Ceiling, Quiet


class Http(Group):
    """The page and the API."""

    host: str = "0.0.0.0"
    port: int = Field(8770, ge=1, le=65535)
    ingress: str | None = None
    """Address of the Home Assistant ingress proxy; requests from it are already authenticated."""


class Mqtt(Group):
    """The broker: an address, or none to run the embedded one."""

    enabled: bool = True
    """Whether MQTT is used: light nodes and Home Assistant's lights need it, lights of ``output`` do not."""
    broker: str | None = None
    """mqtt://user:password@host:1883 or mqtts://…; None starts the embedded broker."""
    announced: str | None = None
    """The host of ``broker`` for light nodes, if they need a different name; "" for this machine."""
    host: str = "0.0.0.0"
    """Address on which the embedded broker listens."""
    port: int = Field(1883, ge=1, le=65535)
    program: Program = "auto"
    """The embedded broker: mosquitto, a broker in Python, or mosquitto only if it is installed."""


class Zeroconf(Group):
    """The announcement on the local network."""

    enabled: bool = True
    interfaces: list[str] = Field([])
    """Addresses of the interfaces to announce on; empty means all."""


class Guests(Group):
    """Wishes of neighbours on a page of their own."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    enabled: bool = False
    """Whether the page is open until somebody switches it on the owner's page, or off."""
    playlist: str = ""
    """From which songs are chosen, until somebody chooses another on the owner's page."""
    minutes: float = Field(10.0, ge=0, le=1440)
    """Between two wishes of one person."""
    waiting: int = Field(5, ge=1, le=50)
    """Wishes that may wait at the same time."""
    again: float = Field(60.0, ge=0, le=1440)
    """Minutes until a song that was heard may be wished for again."""
    start: time = Field(time(), alias="from")
    to: time = time()
    """Local time of day between which wishes are taken; equal: whenever a show plays."""

    @model_validator(mode="after")
    def _has_a_list(self) -> Self:
        if self.enabled and not self.playlist:
            raise ValueError("enabled needs the playlist from which guests may choose")
        return self

    def rules(self) -> Rules:
        """As used by the desk."""
        start, end = self.start.replace(tzinfo=None), self.to.replace(tzinfo=None)
        return Rules(60 * self.minutes, self.waiting, 60 * self.again, start, end)


class Urls(Group):
    """Songs given by an address (http:// or https://) instead of an id of the library."""

    reach: Reach = "public"
    """Addresses that may be fetched: the internet, the local network too (``lan``), or this machine too (``any``)."""


class SoundOutput(Group):
    """An additional sound card."""

    name: str = Field(pattern=r"^[a-z0-9_-]{1,32}$")
    device: str | None = None
    delay: float = Field(0.0, ge=MIN_DELAY, le=MAX_DELAY)
    """As Sound.delay, for this card."""


class Sound(Group):
    """Playback: on this machine's sound cards, or on a remote media player."""

    enabled: bool = True
    """Whether sound cards are used at all."""
    output: Literal["local", "remote"] = "local"
    """``remote``: instead of a card, a media player that fetches the songs and reports its position."""
    device: str | None = None
    delay: float = Field(0.0, ge=MIN_DELAY, le=MAX_DELAY)
    """Latency of the sound after the card in seconds; the lights are delayed by the same time."""
    outputs: list[SoundOutput] = Field([], max_length=8)
    """Additional cards, which play in sync."""

    @field_validator("outputs")
    @classmethod
    def _differ(cls, outputs: list[SoundOutput]) -> list[SoundOutput]:
        names = ["main", *(output.name for output in outputs)]
        if len(set(names)) < len(names):
            raise ValueError("each output needs a name of its own, and 'main' is taken")
        return outputs


class Light(Group):
    """How frames are sent."""

    look_ahead: float = Field(0.6, ge=0.1, le=5.0)
    """Seconds by which frames of a song are sent before they are shown."""
    live_delay: float = Field(0.02, ge=0.0, le=1.0)
    """Seconds by which live frames are sent before they are shown, to hide network jitter."""
    power_budget: float | None = Field(None, gt=0, le=1e6)
    """Maximum watts of all channels together; needs every channel's load."""


class PlaceOnEarth(Group):
    """The location of the house, for sun times and the time zone."""

    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    elevation: float = Field(0.0, ge=-500, le=9000)
    timezone: str | None = None
    """Time zone, such as Europe/Berlin; without it, the machine's."""

    def made(self) -> Place:
        """The place; raises UsageError."""
        if (self.latitude is None) != (self.longitude is None):
            raise UsageError("settings: place: give both latitude and longitude, or neither")
        if self.timezone is not None:
            zone_named(self.timezone)
        return Place(self.latitude, self.longitude, self.elevation, self.timezone)


class QuietHours(Group):
    """Hours of every day in which sound and light are limited."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: time = Field(alias="from")
    to: time
    volume: float = Field(1.0, ge=0, le=1)
    brightness: float = Field(1.0, ge=0, le=1)
    off: bool = False
    """Silent and dark."""

    def made(self) -> Quiet:
        """As used by the scheduler."""
        held = Ceiling(0.0, 0.0) if self.off else Ceiling(self.volume, self.brightness)
        return Quiet(self.start.replace(tzinfo=None), self.to.replace(tzinfo=None), held)


class Channel(Group):
    """The lights on a channel."""

    load: float = Field(1.0, gt=0, le=1e5)
    """Watts when fully on; without it, all channels have equal weight."""
    type: Kind | None = None
    """relay, ssr or dimmer: relays and SSRs show on/off states, dimmers show levels."""
    side: float = Field(0.0, ge=-1, le=1)
    """Its position as seen from the street: -1 far left, 0 in the middle, 1 far right. Dimmed lights get up to
    half brighter if the sound comes from their side, and darker if from the other."""


class LibraryCare(Group):
    """Background rendering of the songs."""

    render: bool = True
    """Whether every song's show is rendered in the background."""
    workers: int = Field(1, ge=1, le=16)
    """Maximum songs rendered at the same time."""
    settle: float = Field(10.0, ge=0, le=3600)
    """Seconds after the start of the service before it begins."""
    cache: int = Field(1000, ge=10, le=1_000_000)
    """Maximum megabytes of stored shows."""
