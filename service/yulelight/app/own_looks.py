"""The looks of the house: in the settings file, or in ``looks.toml`` of the data folder if that cannot be written."""

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from yulelight.app import settings_file
from yulelight.app.look_settings import OwnLook
from yulelight.app.settings_errors import explain
from yulelight.core.errors import CommandError, UsageError
from yulelight.library.look_book import LookBook, OwnLookDetails
from yulelight.show.look import LOOKS, Look

log = logging.getLogger(__name__)

FILE, GROUP = "looks.toml", "looks"
MAX_LOOKS = 50
MAX_NAME = 40


def stored(data: Path) -> dict[str, OwnLook]:
    """The looks kept in the data folder; what is invalid is left out, with a warning."""
    path = data / FILE
    try:
        tables = settings_file.read(path).get(GROUP, {})
    except (OSError, ValueError, UsageError) as error:
        log.warning("the looks in %s are left out: %s", path, error)
        return {}
    found = {}
    for name, values in tables.items() if isinstance(tables, dict) else ():
        try:
            _named(name)
            own = _validated(values)
            _look(own)
            found[name] = own
        except UsageError as error:
            log.warning("the look %s in %s is left out: %s", name[:MAX_NAME], path, error)
    return found


class OwnLooks:
    """See LookKeeper. ``known``: those of the settings at the start, which ``file`` holds as far as it is a file.

    Whatever is saved or removed is in ``book`` at once.
    """

    def __init__(
        self, book: LookBook, known: Mapping[str, OwnLook], *, file: Path | None, data: Path, default: str
    ) -> None:
        self._book, self._known, self._default = book, {**stored(data), **known}, default
        self._file, self._kept = file, data / FILE
        self._lock = threading.Lock()

    def details(self) -> list[OwnLookDetails]:
        """See LookKeeper."""
        with self._lock:
            places = self._places()
            return [
                OwnLookDetails(name, _values(own), "" if name in places else _elsewhere(name))
                for name, own in self._known.items()
            ]

    def made(self, values: Mapping[str, Any]) -> Look:
        """See LookKeeper."""
        return _look(_validated(values))

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """See LookKeeper."""
        _named(name)
        own = _validated(values)
        look = _look(own)
        with self._lock:
            path = self._places().get(name)
            if path is None and name in self._known:
                raise CommandError(_elsewhere(name))
            if path is None and len(self._known) >= MAX_LOOKS:
                raise CommandError(f"there are {MAX_LOOKS} looks already; remove one first")
            settings_file.put_table(path or self._target(), GROUP, name, _values(own))
            self._known[name] = own
            self._book.put(name, look)

    def remove(self, name: str) -> None:
        """See LookKeeper. The look that the settings begin with stays."""
        with self._lock:
            if name not in self._known:
                raise CommandError(f"there is no look of your own called {name[:MAX_NAME]}")
            if name == self._default:
                raise CommandError(
                    f"{name} is the look that the settings begin with; choose another there first"
                )
            path = self._places().get(name)
            if path is None:
                raise CommandError(_elsewhere(name))
            settings_file.put_table(path, GROUP, name, None)
            del self._known[name]
            self._book.put(name, None)

    def _places(self) -> dict[str, Path]:
        """The file of each look. Raises UsageError for a file that is not TOML any more."""
        found: dict[str, Path] = {}
        for path in (self._kept, self._file):
            if path is not None:
                tables = settings_file.read(path).get(GROUP, {})
                found |= dict.fromkeys(tables if isinstance(tables, dict) else {}, path)
        return found

    def _target(self) -> Path:
        """Where a new look goes: the settings file may be missing, or read-only as in a container."""
        file = self._file
        writable = file is not None and file.is_file() and os.access(file, os.W_OK)
        return (
            file
            if file is not None and writable and os.access(file.resolve().parent, os.W_OK)
            else self._kept
        )


def _elsewhere(name: str) -> str:
    return f"{name} comes from the environment of the service; change it there"


def _named(name: str) -> None:
    if name in LOOKS:
        raise UsageError(f"{name} is a bundled look, which stays as it is; choose another name")
    if not 0 < len(name) <= MAX_NAME or name != name.strip() or not name.isprintable() or "/" in name:
        raise UsageError(f"give the look a name of 1 to {MAX_NAME} characters, without a slash")


def _validated(values: Mapping[str, Any]) -> OwnLook:
    try:
        return OwnLook.model_validate(dict(values))
    except (ValidationError, ValueError, TypeError) as error:
        told = explain(error.errors(), OwnLook) if isinstance(error, ValidationError) else str(error)
        raise UsageError(f"this is no look: {told}") from None


def _look(own: OwnLook) -> Look:
    try:
        return own.made()
    except ValueError as error:
        raise UsageError(f"this is no look: {error}") from None


def _values(own: OwnLook) -> dict[str, Any]:
    """What is set, as TOML and JSON have it."""
    return {"base": own.base, **own.model_dump(exclude_none=True, exclude={"base"}, mode="json")}
