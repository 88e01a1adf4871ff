"""Positions of the lights in the picture of the house, as placed by the user; stored in a file. Blocking."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, TypeAdapter

from yulelight.core.errors import StorageError
from yulelight.core.json_file import JsonFile
from yulelight.core.messages import CHANNELS

MAX_BYTES = 10_000

log = logging.getLogger(__name__)


class Position(NamedTuple):
    """In percent of the picture's width and height, from the left and from the top."""

    x: float
    y: float


def _check(known: dict[int, Position]) -> dict[int, Position]:
    if not all(1 <= n <= CHANNELS and 0 <= at.x <= 100 and 0 <= at.y <= 100 for n, at in known.items()):
        raise ValueError("a place outside of the picture")
    return known


_CHECKED: TypeAdapter[dict[int, Position]] = TypeAdapter(
    Annotated[dict[int, Position], AfterValidator(_check)]
)


class PositionFile:
    """The positions by channel; channels that were not moved have none."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, _CHECKED, key=None, largest=MAX_BYTES)
        self._known: dict[int, Position] | None = None

    def all(self) -> dict[int, Position]:
        """All positions, read once. An invalid file is set aside."""
        if self._known is None:
            self._known = self._read()
        return dict(self._known)

    def change(self, changes: Mapping[int, Position | None]) -> dict[int, Position]:
        """Applies and stores ``changes``; None resets a position. Raises StorageError without changing anything."""
        merged: dict[int, Position | None] = {**self.all(), **changes}
        new = {channel: at for channel, at in sorted(merged.items()) if at is not None}
        try:
            self._file.save(new)
        except OSError as error:
            raise StorageError.of("where the lights are", error) from error
        self._known = new
        return dict(new)

    def _read(self) -> dict[int, Position]:
        try:
            return self._file.load() or {}
        except OSError as error:
            log.warning("where the lights are cannot be read: %s", error.strerror)
        except ValueError:
            pass  # It was set aside, which is in the log.
        return {}
