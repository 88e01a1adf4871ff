"""Changes tables of a settings file and leaves the rest of it as people wrote it, with comments. Blocking."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from yulelight.core import storage
from yulelight.core.errors import StorageError, UsageError

MAX_BYTES = 1_000_000


def read(path: Path) -> dict[str, Any]:
    """The content; empty if there is no file. Raises UsageError for a file that is none, and OSError."""
    return _parsed(path, _text(path))


def put_table(path: Path, group: str, name: str, values: Mapping[str, Any] | None) -> None:
    """Sets the table ``[group.name]`` to ``values``, or removes it; keys that keep their value keep their place.

    A file that is not there is made. Raises UsageError for a file that cannot be changed, and StorageError.
    """
    target = path.resolve()
    try:
        before = _text(target)
        expected = _parsed(target, before)
        there = expected.setdefault(group, {})
        if not isinstance(there, dict):
            raise ValueError(f"{group} is no group of settings")
        after = with_table(before, group, name, values)
        if values is None:
            there.pop(name, None)
        else:
            there[name] = dict(values)
        found = _parsed(target, after)
        if {**found, group: found.get(group, {})} != expected:
            raise UsageError(
                f"{path} is written in a way that is not understood here; change {group} by hand"
            )
        storage.write(target, after.encode(), shared=True)
    except OSError as error:
        raise StorageError.of(f"{path.name}", error) from error
    except ValueError as error:
        raise UsageError(f"{path} cannot be changed here ({error}); change {group} by hand") from error


def with_table(text: str, group: str, name: str, values: Mapping[str, Any] | None) -> str:
    """``text`` with that table changed. Raises ValueError."""
    import tomlkit  # most commands read settings and write none
    from tomlkit.items import InlineTable, Table

    document = tomlkit.parse(text)
    tables = document.setdefault(group, tomlkit.table(is_super_table=True))
    if values is None:
        tables.pop(name, None)
        if not tables:
            document.remove(group)
        return tomlkit.dumps(document)
    table = tables.get(name)
    if not isinstance(table, Table | InlineTable):
        table = tomlkit.inline_table() if isinstance(tables, InlineTable) else tomlkit.table()
        tables[name] = table
        table = tables[name]
    for key in [key for key in table if key not in values]:
        table.remove(key)
    for key, value in values.items():
        if key not in table or table[key] != value:
            table[key] = value
    return tomlkit.dumps(document)


def _text(path: Path) -> str:
    data = storage.read(path, MAX_BYTES)
    try:
        return (data or b"").decode()
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not text in UTF-8; save it as such") from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not a settings file: {error}") from None
