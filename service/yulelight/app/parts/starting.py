"""Starting an actor and waiting for it."""

from collections.abc import Callable
from typing import TypeVar

from yulelight.actors import Actor, Ref, Supervisor

M = TypeVar("M")


async def started(supervisor: Supervisor, factory: Callable[[], Actor[M]], name: str) -> Ref[M]:
    """Starts it and returns once it runs. Raises the error if it does not start."""
    ref = supervisor.start(factory, name)
    await supervisor.started(ref)
    return ref
