"""What lights showed before a show, kept in a file so that they are given back after a crash.

A disk that fails costs only that: each failure is logged, and the show goes on.
"""

import asyncio
import logging
from typing import Generic, TypeVar

from yulelight.core.json_file import JsonFile

T = TypeVar("T")
_LOG = logging.getLogger(__name__)


class Kept(Generic[T]):
    """The ``file``, which is named as its output."""

    def __init__(self, file: JsonFile[T]) -> None:
        self._file, self._name = file, file.path.stem

    async def read(self) -> T | None:
        """What an earlier run left; None without a file that can be read."""
        try:
            return await asyncio.to_thread(self._file.load)
        except (OSError, ValueError) as error:
            _LOG.warning("what %s showed before the show is lost: %s", self._name, error)
            return None

    async def write(self, before: T) -> None:
        """Keeps ``before``."""
        try:
            await asyncio.to_thread(self._save, before)
        except OSError as error:
            _LOG.warning("what %s shows is not kept over a crash: %s", self._name, error)

    async def remove(self) -> None:
        """It was given back."""
        try:
            await asyncio.to_thread(self._file.remove)
        except OSError as error:
            _LOG.warning("what %s showed before the show stays kept: %s", self._name, error)

    def _save(self, before: T) -> None:
        self._file.path.parent.mkdir(parents=True, exist_ok=True)
        self._file.save(before)
