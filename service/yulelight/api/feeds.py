"""What a subscribed client is sent: one async generator per topic, from the service's broadcasts."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from yulelight.api import actions, wire
from yulelight.api.context import ApiContext
from yulelight.api.frames import FrameThinner
from yulelight.api.parse import Topic

PACE = 0.05
"""Seconds between two frame messages to one client: at most 20 a second."""
QUIET = 0.15
"""Seconds without a packet after which the last frame is sent, however close it came to the one before."""

Messages = AsyncGenerator[dict[str, Any], None]


def feed(context: ApiContext, topic: Topic) -> Messages:
    """The messages of ``topic``, from now on; status and channels begin with how they are."""
    return {"status": _status, "events": _events, "channels": _channels, "frames": _frames}[topic](context)


async def _status(context: ApiContext) -> Messages:
    with context.statuses.subscribe(16) as statuses:
        yield {"type": "status", **wire.status(await actions.ask_status(context), context.clock())}
        async for status in statuses:
            yield {"type": "status", **wire.status(status, context.clock())}


async def _events(context: ApiContext) -> Messages:
    with context.events.subscribe(64) as events:
        async for event in events:
            yield {"type": "event", **wire.event(event)}


async def _channels(context: ApiContext) -> Messages:
    with context.channels.subscribe(64) as changes:
        for state in await actions.ask_channels(context):
            yield {"type": "channel", **wire.channel(state)}
        async for state in changes:
            yield {"type": "channel", **wire.channel(state)}


async def _frames(context: ApiContext) -> Messages:
    loop = asyncio.get_running_loop()
    thinner, due = FrameThinner(), 0.0
    if context.packets.latest is not None:
        thinner.push(context.packets.latest)
    with context.packets.subscribe(64) as packets:
        while True:
            try:
                async with asyncio.timeout(_patience(thinner, due - loop.time())):
                    thinner.push(await anext(packets))
            except TimeoutError:
                if not thinner.ready:
                    thinner.flush()
            except StopAsyncIteration:
                return
            if thinner.ready and loop.time() >= due:
                due = loop.time() + PACE
                yield {"type": "frames", **wire.frames(thinner.take(), context.clock())}


def _patience(thinner: FrameThinner, until_due: float) -> float | None:
    """How long to wait for the next packet before something else is to be done; None: for ever."""
    if thinner.ready:
        return max(0.0, until_due)
    return QUIET if thinner.has_tail else None
