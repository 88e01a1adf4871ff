"""An event loop on which waiting takes no time: its clock jumps to the next timer when there is nothing to do."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Work in threads takes the time that it takes; only waiting is skipped."""

    def __init__(self) -> None:
        self._skipped = 0.0
        self._working = 0
        super().__init__()

    def time(self) -> float:
        return super().time() + self._skipped

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._working += 1
        future.add_done_callback(self._done)
        return future

    async def shutdown_default_executor(self, *arguments: Any) -> None:
        self._working += 1  # it waits for threads, too
        try:
            await super().shutdown_default_executor(*arguments)
        finally:
            self._working -= 1

    def _done(self, _: object) -> None:
        self._working -= 1

    def _run_once(self) -> None:
        internals: Any = self
        if not internals._ready and not self._working:
            timers = [timer.when() for timer in internals._scheduled if not timer.cancelled()]
            if timers:
                self._skipped += max(0.0, min(timers) - self.time())
        super()._run_once()  # type: ignore[misc]
