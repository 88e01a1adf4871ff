"""A fixed number of slots; without a free one, the request fails at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Slots:
    """``with slots.take():`` holds one of ``count`` slots, or raises the exception made by ``refusal``."""

    def __init__(self, count: int, refusal: Callable[[], Exception]) -> None:
        self._free = count
        self._refusal = refusal

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold a slot for the block."""
        if self._free == 0:
            raise self._refusal()
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1
