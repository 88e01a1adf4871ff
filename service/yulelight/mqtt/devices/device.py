"""What all kinds of devices on a broker have in common. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

MAX_BYTES = 2 * 1024 * 1024
"""Maximum bytes of an announcement. Zigbee2MQTT describes all devices in one: about 10 kB each."""
MAX_TOPIC_BYTES = 512


@dataclass(frozen=True, slots=True)
class Message:
    """What is published, never retained."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """What a light shows, by its device's word."""

    on: bool
    level: int | None = None
    """Its brightness, also while it is off, in the device's own measure; None if it told none."""


@dataclass(frozen=True, slots=True)
class FoundLight:
    """A light that was found on a broker."""

    id: str
    """As the settings name it."""
    name: str
    """The user's name for it."""
    maker: str
    """What the device runs: tasmota, shelly or zigbee2mqtt."""
    dims: bool
    """Whether it is a dimmer; otherwise it is a relay."""
    model: str = ""


class Listener(Protocol):
    """Somebody who listens to a broker."""

    @property
    def topics(self) -> Sequence[str]:
        """What it listens to; may change with what it hears."""

    def hear(self, topic: str, payload: bytes) -> None:
        """A message on one of the topics, from anybody: what makes no sense is ignored."""


class Device(Listener, Protocol):
    """The lights that a single message turns off: a Tasmota, or one output of a Shelly or a Zigbee device."""

    @property
    def places(self) -> Sequence[int]:
        """Which lights of the output these are, from 0."""

    @property
    def problem(self) -> str:
        """Why it cannot be reached; empty if nothing is known against it."""

    @property
    def radio(self) -> bool:
        """Whether its commands go over a Zigbee network, which takes only a few per second."""

    @property
    def renew(self) -> float | None:
        """Seconds after which a light that is on must be told so again, or it goes off; None if it stays on."""

    @property
    def shown(self) -> Mapping[int, Shown]:
        """What its lights show, by their place, as far as it told since it came."""

    def ask(self) -> Message | None:
        """The question what its lights show; None while it is not known."""

    def give_back(self, shown: Mapping[int, Shown]) -> Message | None:
        """The command by which its lights, which are off, show this again; None if that takes none."""

    def show(self, levels: Sequence[int], on: Sequence[bool], fade: float) -> Message | None:
        """The command for these levels and states of all lights of the output; None while it is not known.

        ``fade``: seconds that a dimmer may take.
        """

    def dark(self) -> Message | None:
        """The command that turns all its lights off at once."""


class Told(BaseModel):
    """JSON of a device: unknown fields are ignored, known ones are checked strictly."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True, allow_inf_nan=False)


M = TypeVar("M", bound=BaseModel)


def read(payload: bytes, model: type[M]) -> M | None:
    """``payload`` as ``model``; None if it is something else."""
    try:
        return model.model_validate(decoded(payload))
    except ValidationError:
        return None


def decoded(payload: bytes) -> object:
    """``payload`` as JSON; None if it is none, or too long."""
    if len(payload) > MAX_BYTES:
        return None
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def publishable(topic: str) -> bool:
    """Whether a topic that somebody announced can be published to."""
    try:
        length = len(topic.encode())
    except UnicodeEncodeError:
        return False
    fine = topic.isprintable() and not any(sign in topic for sign in "+#") and not topic.startswith("$")
    return fine and 0 < length <= MAX_TOPIC_BYTES


def percent(level: int) -> int:
    """A level (0..255) in percent; only 0 is dark."""
    return max(1, round(level / 2.55)) if level else 0


def within(value: object, most: int) -> int | None:
    """``value`` if it is a number from 0 to ``most``, rounded."""
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else -1
    return round(number) if 0 <= number <= most else None


def compact(value: object) -> bytes:
    """``value`` as JSON."""
    return json.dumps(value, separators=(",", ":")).encode()
