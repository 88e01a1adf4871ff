"""Finds the services on a broker by their retained statuses."""

import asyncio
import logging

from yulelight.mqtt import payloads
from yulelight.mqtt.link import Client
from yulelight.mqtt.topics import PREFIX, all_statuses, service_of_status

_LOG = logging.getLogger(__name__)

_SETTLE = 0.5
"""Seconds in which the retained statuses of all services on a broker arrive."""
_QUIET_PERIODS = 4
"""Number of such periods without a service after which waiting is logged."""


async def online_services(client: Client, prefix: str = PREFIX, *, besides: str = "") -> list[str]:
    """The online services ``besides`` this one; waits for the first."""
    online: set[str] = set()
    await client.subscribe(all_statuses(prefix), qos=1)
    messages = client.messages
    rounds = 0
    while True:
        try:
            async with asyncio.timeout(_SETTLE):
                async for message in messages:
                    service = service_of_status(message.topic.value, prefix)
                    if service and service != besides and message.payload == payloads.ONLINE:
                        online.add(service)
                    elif service:
                        online.discard(service)
        except TimeoutError:
            if online:
                return sorted(online)
            rounds += 1
            if rounds == _QUIET_PERIODS:
                _LOG.warning("no Yulelight service is online on this broker yet; waiting for one")
