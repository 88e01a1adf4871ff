"""The looks there are, by name: the bundled ones and those of the house, which may change while the service runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from yulelight.show.look import Look


class LookBook(Mapping[str, Look]):
    """A mapping that may be changed at any time and from any thread: whoever iterates keeps what was there before."""

    def __init__(self, looks: Mapping[str, Look]) -> None:
        self._looks = dict(looks)

    def __getitem__(self, name: str) -> Look:
        return self._looks[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._looks)

    def __len__(self) -> int:
        return len(self._looks)

    def put(self, name: str, look: Look | None) -> None:
        """Adds or changes a look; None removes it."""
        looks = {other: kept for other, kept in self._looks.items() if other != name or look is not None}
        self._looks = looks if look is None else {**looks, name: look}


@dataclass(frozen=True, slots=True)
class OwnLookDetails:
    """A look of the house."""

    name: str
    values: Mapping[str, Any]
    """As in the settings: the look that it is based on, sliders and numbers."""
    fixed: str = ""
    """Why it cannot be changed here, worded for the user; empty if it can."""


class LookKeeper(Protocol):
    """Keeps the looks of the house. Everything here may block."""

    def details(self) -> list[OwnLookDetails]:
        """All of them."""
        ...

    def made(self, values: Mapping[str, Any]) -> Look:
        """The look of these settings. Raises UsageError."""
        ...

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Adds or changes one. Raises UsageError, and StorageError."""
        ...

    def remove(self, name: str) -> None:
        """Raises CommandError if there is no such look, and as ``save``."""
        ...
