"""The lights: the mixer, the outputs of the service, and the description of all lights of the house."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.app.parts.starting import started
from yulelight.app.settings import Settings
from yulelight.core.messages import ChannelState, Packet, Status
from yulelight.lights.layout import Layout
from yulelight.lights.messages import LightsMessage, Standing
from yulelight.lights.mixer import Lights
from yulelight.lights.watch import HouseWatch
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.base import Output
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.switch import SwitchActor
from yulelight.safety.physics import Light


@dataclass(frozen=True, slots=True)
class DirectLights:
    """Lights driven by the service: ``make`` creates their output, again after each failure."""

    name: str
    type: str
    """Its name in the settings."""
    make: Callable[[], Output]


@dataclass(frozen=True, slots=True)
class LightsPart:
    """The mixer, and the states of it and of the nodes."""

    ref: Ref[LightsMessage]
    packets: Broadcast[Packet]
    channels: Broadcast[ChannelState]
    nodes: NodeRegistry
    board: OutputBoard
    houses: Broadcast[tuple[Light, ...]]
    """All lights of the house, whenever they change."""


async def start_lights(
    supervisor: Supervisor,
    settings: Settings,
    direct: Sequence[DirectLights],
    statuses: Broadcast[Status],
    clock: Callable[[], float],
) -> LightsPart:
    """Dark until the director permits light, so that a blackout persists after failures.

    Raises UsageError if lights of the settings cannot be driven.
    """
    packets: Broadcast[Packet] = Broadcast()
    channels: Broadcast[ChannelState] = Broadcast()
    houses: Broadcast[tuple[Light, ...]] = Broadcast()
    nodes = NodeRegistry(clock)
    # A restarted service must not continue an old session number.
    sessions = count(secrets.randbits(31))

    def mixer() -> Lights:
        return Lights(
            packets,
            channels,
            clock,
            look_ahead=settings.light.look_ahead,
            limits=settings.limits(),
            places=settings.places,
            sessions=sessions,
            standing=Standing(blackout=True),
        )

    for one in direct:
        one.make()  # An output that cannot be created is an error at start.
    ref = await started(supervisor, mixer, "lights")
    board = OutputBoard({one.name: one.type for one in direct})
    for one in direct:
        supervisor.start(
            partial(OutputActor, one.make, packets, statuses=statuses, board=board),
            f"output {one.name}",
        )
    if settings.output:
        supervisor.start(lambda: SwitchActor(board), "switch")
    known = Layout(settings.limits().lights, settings.weighed)

    def house() -> tuple[Light, ...]:
        return known.lights(_here(nodes, board), _away(nodes))

    changes: list[Broadcast[Any]] = [nodes.changes, board.changes]
    await started(supervisor, lambda: HouseWatch(house, changes, ref, houses), "house")
    return LightsPart(ref, packets, channels, nodes, board, houses)


def _here(nodes: NodeRegistry, board: OutputBoard) -> dict[str, Sequence[Light]]:
    """The lights of connected nodes and of the service's own outputs."""
    told: dict[str, Sequence[Light]] = {
        node: info.status.lights for node, info in nodes.all.items() if info.status.online
    }
    return told | board.lights


def _away(nodes: NodeRegistry) -> set[int]:
    """Channels of nodes that are not connected."""
    offline = [info.status for info in nodes.all.values() if not info.status.online]
    return {channel for status in offline for channel in status.channels}
