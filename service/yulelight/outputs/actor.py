"""The actor that runs one output: it receives every packet, and its failure does not affect others."""

from collections.abc import Callable, Sequence

from yulelight.actors import Actor, Broadcast
from yulelight.core.messages import Packet, Status
from yulelight.outputs.base import Output
from yulelight.outputs.board import OutputBoard
from yulelight.outputs.driver import Coloured
from yulelight_client.states import State

BEHIND = 64
"""Packets that may wait; if there are more, the oldest are dropped."""


class OutputActor(Actor[None]):
    """Runs what ``make`` makes, anew after a failure, on what ``packets`` tells, while ``statuses`` say what is on.

    ``board`` is told of it.
    """

    def __init__(
        self,
        make: Callable[[], Output],
        packets: Broadcast[Packet],
        *,
        statuses: Broadcast[Status] | None = None,
        board: OutputBoard | None = None,
    ) -> None:
        self._make, self._packets = make, packets
        self._statuses: Broadcast[Status] = statuses or Broadcast()
        self._board = board or OutputBoard({})

    async def started(self) -> None:
        output = self._make()
        self._board.put(output)
        self.spawn(output.run(self._board.changed), "output")
        self.spawn(self._follow(output), "packets")
        self.spawn(self._use(output), "status")

    async def receive(self, message: None) -> object:
        return None

    async def _follow(self, output: Output) -> None:
        with self._packets.subscribe(BEHIND) as packets:
            async for packet in packets:
                output.send(packet)

    async def _use(self, output: Output) -> None:
        with self._statuses.subscribe(1) as statuses:
            used, colours = False, tuple[str, ...]()
            if self._statuses.latest:
                used, colours = in_use(self._statuses.latest), self._statuses.latest.colours
                output.use(used)
                _recolour(output, colours)
            async for status in statuses:
                if in_use(status) != used:
                    used = not used
                    output.use(used)
                if status.colours != colours:
                    colours = status.colours
                    _recolour(output, colours)


def _recolour(output: Output, colours: Sequence[str]) -> None:
    if isinstance(output, Coloured):
        output.recolour(colours)


def in_use(status: Status) -> bool:
    """Whether the service controls the lights: a show is on, or all lights are forced on or off."""
    return status.state is not State.IDLE or status.blackout or status.all_on
