"""Jobs end with those that began them, whatever their libraries do with a cancellation."""

import asyncio

import pytest

from yulelight.mqtt.tasks import cancel_all, run_all


async def deaf(times: int, said: list[str]) -> None:
    """Loses some cancellations, as an asyncio.wait_for may; has last words at the one that it hears."""
    while True:
        try:
            await asyncio.sleep(60.0)
        except asyncio.CancelledError:
            if not times:
                said.append("goodbye")
                raise
            times -= 1


@pytest.mark.parametrize("times", [0, 1, 3])
async def test_nobody_is_left_behind(times: int) -> None:
    said: list[str] = []
    task = asyncio.create_task(run_all(deaf(times, said), deaf(0, said)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    # The patience of the outer one is over first.
    await cancel_all(task, patience=0.01)
    assert task.cancelled()
    assert said == ["goodbye"] * 2


async def test_the_first_failure_ends_all() -> None:
    said: list[str] = []

    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_all(deaf(0, said), fail())
    assert said == ["goodbye"]
