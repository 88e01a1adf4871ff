"""The messages for subscribed clients: one async generator per topic, fed by the service's broadcasts."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from yulelight.api import (
    actions,
    guests,
    house,
    inputs,
    levels,
    library,
    library_wire,
    looks,
    pairing_routes,
    schedule_wire,
    stations,
    wire,
)
from yulelight.api import schedule as calendar
from yulelight.api.frames import FrameThinner
from yulelight.api.parse import Topic
from yulelight.api.services import (
    GuestService,
    HouseService,
    InputService,
    LightsService,
    PlayerService,
    PlaylistService,
    ScheduleService,
    Security,
    Services,
    StationService,
)
from yulelight.library.librarian import LibraryAccess
from yulelight.mqtt.nodes import NodeRegistry

FRAME_INTERVAL = 0.05
"""Minimum seconds between two frame messages to one client (20 per second)."""
NODES_INTERVAL = 1.0
"""Minimum seconds between two checks of the nodes, however often they report."""
NODES_MAX_INTERVAL = 5.0
"""Maximum seconds between two checks of the nodes, since a node may also become silent."""
QUIET = 0.15
"""Seconds without a packet after which the last frame is sent, however close to the previous one."""

Messages = AsyncGenerator[dict[str, Any], None]


def feed(services: Services, topic: Topic) -> Messages:
    """The messages of ``topic`` from now on; status and channels begin with the present state."""
    match topic:
        case "status":
            return _status(services.player)
        case "events":
            return _events(services.player)
        case "channels":
            return _channels(services.lights)
        case "frames":
            return _frames(services.lights)
        case "schedule":
            return _schedule(services.schedule)
        case "playlists":
            return _playlists(services.playlists)
        case "library":
            return _library(services.library)
        case "house":
            return _house(services.house)
        case "levels":
            return levels.levels(services.inputs)
        case "looks":
            return _looks(services)
        case "nodes":
            return _nodes(services.nodes)
        case "inputs":
            return _inputs(services.inputs)
        case "guests":
            return _guests(services.guests)
        case "stations":
            return _stations(services.stations)
        case "pairing":
            return _pairing(services.security)


async def _status(player: PlayerService) -> Messages:
    with player.statuses.subscribe(16) as statuses:
        yield {"type": "status", **wire.status(await actions.ask_status(player), player.clock())}
        async for status in statuses:
            yield {"type": "status", **wire.status(status, player.clock())}


async def _events(player: PlayerService) -> Messages:
    with player.events.subscribe(64) as events:
        async for event in events:
            yield {"type": "event", **wire.event(event)}


async def _channels(lights: LightsService) -> Messages:
    with lights.channels.subscribe(64) as changes:
        for state in await actions.ask_channels(lights):
            yield {"type": "channel", **wire.channel(state)}
        async for state in changes:
            yield {"type": "channel", **wire.channel(state)}


async def _schedule(schedule: ScheduleService) -> Messages:
    with schedule.views.subscribe(4) as schedules:
        yield {"type": "schedule", **await calendar.view(schedule)}
        async for view in schedules:
            yield {"type": "schedule", **schedule_wire.schedule(view)}


async def _looks(services: Services) -> Messages:
    with services.styles.changes.subscribe(4) as changes:
        yield {"type": "looks", **await looks.view(services)}
        async for _ in changes:
            yield {"type": "looks", **await looks.view(services)}


async def _playlists(playlists: PlaylistService) -> Messages:
    with playlists.changes.subscribe(64) as changes:
        async for id in changes:
            yield {"type": "playlists", "changed": id}


async def _library(songs: LibraryAccess) -> Messages:
    with songs.states.subscribe(4) as states:
        yield {"type": "library", **await library.view(songs)}
        async for state in states:
            yield {"type": "library", **library_wire.state(state)}


async def _nodes(registry: NodeRegistry) -> Messages:
    """All nodes, at once and whenever one appears, disappears, fails or recovers; not for every change of their
    figures.
    """
    with registry.changes.subscribe(1) as changes:
        said: Any = None
        while True:
            nodes = list(registry.report())
            news = [(node["id"], node["online"], node["healthy"], node["status"]) for node in nodes]
            if news != said:
                said = news
                yield {"type": "nodes", "nodes": nodes}
            await asyncio.sleep(NODES_INTERVAL)
            try:
                async with asyncio.timeout(NODES_MAX_INTERVAL):
                    await anext(changes)
            except TimeoutError:
                continue
            except StopAsyncIteration:
                return


async def _house(service: HouseService) -> Messages:
    with service.changes.subscribe(1) as changes:
        yield {"type": "house", **await house.view(service)}
        async for _ in changes:
            yield {"type": "house", **await house.view(service)}


async def _inputs(live: InputService) -> Messages:
    with live.reports.subscribe(4) as changes:
        yield {"type": "inputs", **await inputs.view(live)}
        async for reports in changes:
            yield {"type": "inputs", **inputs.shown(reports)}


async def _guests(service: GuestService) -> Messages:
    with service.views.subscribe(4) as views:
        yield {"type": "guests", **await guests.view(service)}
        async for found in views:
            yield {"type": "guests", **guests.shown(found)}


async def _stations(service: StationService) -> Messages:
    with service.changes.subscribe(1) as changes:
        yield {"type": "stations", **await stations.view(service)}
        async for _ in changes:
            yield {"type": "stations", **await stations.view(service)}


async def _pairing(security: Security) -> Messages:
    """The pending pairing requests, at once and whenever one arrives or ends."""
    with security.pairing.changes.subscribe(1) as changes:
        yield {"type": "pairing", **pairing_routes.waiting(security)}
        async for _ in changes:
            yield {"type": "pairing", **pairing_routes.waiting(security)}


async def _frames(lights: LightsService) -> Messages:
    loop = asyncio.get_running_loop()
    thinner, due = FrameThinner(), 0.0
    if lights.packets.latest is not None:
        thinner.push(lights.packets.latest)
    with lights.packets.subscribe(64) as packets:
        while True:
            try:
                async with asyncio.timeout(_timeout(thinner, due - loop.time())):
                    thinner.push(await anext(packets))
            except TimeoutError:
                if not thinner.ready:
                    thinner.flush()
            except StopAsyncIteration:
                return
            if thinner.ready and loop.time() >= due:
                due = loop.time() + FRAME_INTERVAL
                yield {"type": "frames", **wire.frames(thinner.take(), lights.clock())}


def _timeout(thinner: FrameThinner, until_due: float) -> float | None:
    """How long to wait for the next packet before something else is due; None: no limit."""
    if thinner.ready:
        return max(0.0, until_due)
    return QUIET if thinner.has_tail else None
