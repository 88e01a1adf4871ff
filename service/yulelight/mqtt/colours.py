"""Tells the nodes the colours of the channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from yulelight.actors import Broadcast
from yulelight.core.messages import Status
from yulelight.mqtt.link import Client
from yulelight.mqtt.payloads import PayloadError, as_json, from_json
from yulelight.safety.colour import lamp_colour

MAX_COLOURS = 64


@dataclass(frozen=True, slots=True)
class ChannelColours:
    """The colour of each channel, as on a screen (``#rrggbb``); empty: lights show their own."""

    colours: tuple[str, ...]

    def payload(self) -> bytes:
        return as_json({"colours": self.colours})

    @classmethod
    def parse(cls, payload: bytes) -> Self:
        """Raises PayloadError."""
        told = from_json(payload).get("colours")
        if not isinstance(told, list) or len(told) > MAX_COLOURS or not all(map(_is_colour, told)):
            raise PayloadError(f'"colours" must be a list of at most {MAX_COLOURS} colours, as "#rrggbb"')
        return cls(tuple(told))


async def publish_colours(client: Client, topic: str, statuses: Broadcast[Status]) -> None:
    """The latest colours, retained on ``topic``, for as long as ``client`` is connected."""
    with statuses.subscribe(1) as changes:
        told = statuses.latest.colours if statuses.latest else ()
        await _publish(client, topic, told)
        async for status in changes:
            if status.colours != told:
                told = status.colours
                await _publish(client, topic, told)


async def _publish(client: Client, topic: str, colours: Sequence[str]) -> None:
    await client.publish(topic, ChannelColours(tuple(colours)).payload(), qos=1, retain=True)


def _is_colour(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(lamp_colour(value))
    except ValueError:
        return False
