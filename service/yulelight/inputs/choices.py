"""What people chose for the inputs of the settings, kept in a small file. Blocking."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from yulelight.core.errors import StorageError
from yulelight.core.json_file import JsonFile

log = logging.getLogger(__name__)

LOWEST, HIGHEST = -100, 100
"""Permitted priorities."""
MAX_BYTES = 100_000
MAX_DEVICE = 200
"""Characters of a device's name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for one input; None: as the settings say."""

    muted: bool = False
    priority: Annotated[int, Field(ge=LOWEST, le=HIGHEST)] | None = None
    unpaired: bool | None = None
    """Whether unpaired servers may send sound to a Sendspin player."""
    device: Annotated[str, Field(max_length=MAX_DEVICE)] | None = None
    """What a line-in records from."""


@dataclass(frozen=True, slots=True)
class _Kept:
    inputs: dict[str, Choice] = field(default_factory=dict)


class Choices:
    """The choices by the inputs' names, in the file at ``path``; without a path they last until the next start."""

    def __init__(self, path: Path | None) -> None:
        self._file = JsonFile(path, _Kept, largest=MAX_BYTES) if path else None
        self._inputs: dict[str, Choice] = dict(self._load())

    def of(self, name: str) -> Choice:
        """What was chosen for ``name``."""
        return self._inputs.get(name, Choice())

    def choose(self, name: str, choice: Choice) -> None:
        """Keeps it. Raises StorageError where it cannot be stored; it holds until the next start then."""
        self._inputs[name] = choice
        if self._file is not None:
            try:
                self._file.save(_Kept(self._inputs))
            except OSError as error:
                raise StorageError.of(
                    "the choice for the input holds until the next start, but", error
                ) from error

    def _load(self) -> Mapping[str, Choice]:
        try:
            kept = self._file.load() if self._file else None
        except (OSError, ValueError) as error:
            log.warning("the choices for inputs are reset: %s", error)
            kept = None
        return kept.inputs if kept else {}
