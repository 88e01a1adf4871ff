"""Who is told which lights hang in the house, and when."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from tests.mqtt.house import eventually
from yulelight.actors import Actor, Broadcast, Supervisor
from yulelight.core.messages import Packet
from yulelight.lights.messages import Describe
from yulelight.lights.watch import HouseWatch
from yulelight.mqtt.nodes import NodeRegistry
from yulelight.mqtt.payloads import NodeStatus
from yulelight.outputs.actor import OutputActor
from yulelight.outputs.base import OutputHealth
from yulelight.outputs.board import OutputBoard
from yulelight.safety.physics import Light

PORCH = NodeStatus(True, "simulated", (3,), "1.0")
HERE = Light(channel=1, load=5.0)
ROOF = Light(channel=4, load=7.0)


class Mixer(Actor[Describe]):
    """Forgets what it was told when it is started again."""

    def __init__(self, told: list[tuple[Light, ...]]) -> None:
        self._told = told
        told.clear()

    async def receive(self, message: Describe) -> object:
        if len(message.lights) == 0:
            raise RuntimeError("fails")
        self._told.append(message.lights)
        return None


class Growing:
    """An output on which lights hang once ``found`` is set."""

    name = "roof"

    def __init__(self) -> None:
        self.found = asyncio.Event()
        self.lights: Sequence[Light] = ()

    def send(self, packet: Packet) -> None:
        raise AssertionError("nobody sends")

    def last_words(self) -> tuple[()]:
        return ()

    def darkened(self) -> None:
        raise AssertionError("nobody darkens")

    def health(self) -> OutputHealth:
        return OutputHealth(True)

    def use(self, on: bool) -> None:
        raise AssertionError("nobody says what plays")

    async def run(self, changed: Callable[[], object] = lambda: None) -> None:
        await self.found.wait()
        self.lights = (ROOF,)
        changed()
        await asyncio.Event().wait()


def described(nodes: NodeRegistry) -> tuple[Light, ...]:
    """One light of ours, and one for each node that is here."""
    return (HERE, *(Light(channel=3, node=node) for node, info in nodes.all.items() if info.status.online))


async def test_whatever_comes_is_told_to_the_mixer_and_to_all_others() -> None:
    nodes, houses = NodeRegistry(lambda: 0.0), Broadcast[tuple[Light, ...]]()
    told: list[tuple[Light, ...]] = []
    output, board = Growing(), OutputBoard({"roof": "simulated"})

    def layout() -> tuple[Light, ...]:
        return (*described(nodes), *(light for lights in board.lights.values() for light in lights))

    async with Supervisor() as supervisor:
        mixer = supervisor.start(lambda: Mixer(told), "mixer")
        watch = supervisor.start(
            lambda: HouseWatch(layout, [nodes.changes, board.changes], mixer, houses), "house"
        )
        await supervisor.started(watch)
        await supervisor.started(
            supervisor.start(lambda: OutputActor(lambda: output, Broadcast(), board=board), "roof")
        )
        await eventually(lambda: told and set(told) == {(HERE,)})
        nodes.heard_status("porch", PORCH)
        both = (HERE, Light(channel=3, node="porch"))
        await eventually(lambda: told[-1] == houses.latest == both)
        output.found.set()
        await eventually(lambda: told[-1] == houses.latest == (*both, replace(ROOF, node="output-roof")))
        nodes.forget("porch")
        await eventually(lambda: told[-1] == houses.latest == (HERE, replace(ROOF, node="output-roof")))


async def test_a_mixer_that_was_restarted_is_told_again() -> None:
    nodes, houses = NodeRegistry(lambda: 0.0), Broadcast[tuple[Light, ...]]()
    told: list[tuple[Light, ...]] = []
    async with Supervisor() as supervisor:
        mixer = supervisor.start(lambda: Mixer(told), "mixer")
        await supervisor.started(
            supervisor.start(
                lambda: HouseWatch(partial(described, nodes), [nodes.changes], mixer, houses), "house"
            )
        )
        await eventually(lambda: told)
        mixer.post(Describe(()))
        await eventually(lambda: supervisor.restarts and told)
    assert set(told) == {(HERE,)}
