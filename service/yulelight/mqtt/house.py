"""Tells the nodes which lights hang in the house."""

from yulelight.actors import Broadcast
from yulelight.mqtt import payloads
from yulelight.mqtt.link import Client
from yulelight.safety.physics import Light


async def publish_house(client: Client, topic: str, houses: Broadcast[tuple[Light, ...]]) -> None:
    """The latest of ``houses``, retained on ``topic``, for as long as ``client`` is connected."""
    with houses.subscribe(1) as changes:
        if houses.latest:
            await _publish(client, topic, houses.latest)
        async for house in changes:
            await _publish(client, topic, house)


async def _publish(client: Client, topic: str, house: tuple[Light, ...]) -> None:
    payload = payloads.HouseLights(house).payload()
    await client.publish(topic, payload, qos=1, retain=True)
