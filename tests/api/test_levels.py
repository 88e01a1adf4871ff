"""Levels of inputs come while a client asks for them, and at a bounded rate."""

import asyncio
from contextlib import aclosing

from yulelight.actors import Actor, Broadcast, Supervisor
from yulelight.api.levels import levels
from yulelight.api.services import InputService
from yulelight.core.messages import Song
from yulelight.inputs.manager import GetInputs, InputReport


class Inputs(Actor[GetInputs]):
    """One input that is a little louder each time, and one that is silent."""

    def __init__(self) -> None:
        self.asked = 0

    async def receive(self, message: GetInputs) -> list[InputReport]:
        self.asked += 1
        return [
            InputReport("line", "playing", -60.04 + min(self.asked, 3), 0, "", Song("", "")),
            InputReport("still", "silent", None, 0, "", Song("", "")),
        ]


async def test_each_change_is_told_and_nobody_is_asked_when_nobody_listens() -> None:
    inputs = Inputs()
    async with Supervisor() as supervisor:
        manager = supervisor.start(lambda: inputs, "inputs")

        async def refuse(*_: object) -> None:
            raise AssertionError("nobody pushes")

        feed = levels(InputService(manager, refuse, Broadcast()))  # type: ignore[arg-type]
        async with aclosing(feed) as messages:
            told = [await anext(messages) for _ in range(3)]
            assert told == [{"type": "levels", "levels": {"line": x}} for x in (-59.0, -58.0, -57.0)]
            assert inputs.asked == 3
            waits = asyncio.ensure_future(anext(messages))
            done, _ = await asyncio.wait([waits], timeout=0.5)
            assert not done, "nothing changes, nothing is told"
            waits.cancel()
            await asyncio.gather(waits, return_exceptions=True)
        asked = inputs.asked
        await asyncio.sleep(0.3)
        assert inputs.asked == asked
