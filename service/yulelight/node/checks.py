"""Validation of ``node.toml``, without a library, since a node on a small Pi has little memory."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from yulelight.core.errors import UsageError
from yulelight.mqtt.topics import is_id

T = TypeVar("T")
Check = Callable[[object], str]
"""Returns an error message for a value; empty if it is valid."""


def whole(low: int, high: int) -> Check:
    """A whole number."""

    def check(value: object) -> str:
        fine = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if fine else f"must be a whole number from {low} to {high}"

    return check


def number(low: float, high: float) -> Check:
    """A number; NaN and infinity are always out of range."""

    def check(value: object) -> str:
        fine = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
        return "" if fine else f"must be a number from {low:g} to {high:g}"

    return check


def text(limit: int) -> Check:
    """One line of text."""

    def check(value: object) -> str:
        fine = isinstance(value, str) and len(value) <= limit and all(map(str.isprintable, value))
        return "" if fine else f"must be text of at most {limit} characters"

    return check


def one_of(*choices: str) -> Check:
    """One of several words."""
    return lambda value: "" if value in choices else f"must be one of {', '.join(choices)}"


def flag(value: object) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "must be true or false"


def identifier(value: object) -> str:
    """An id of a node or service."""
    return (
        "" if isinstance(value, str) and is_id(value) else "use 1 to 64 of the characters a-z, 0-9, _ and -"
    )


def check_all(value: Any) -> None:
    """Applies ``metadata["check"]`` to each field of a dataclass that has one; None is valid if it is the default.

    Raises UsageError with all errors.
    """
    problems = []
    for field in fields(value):
        has = getattr(value, field.name)
        wrong = "" if has is None and field.default is None else field.metadata.get("check", _any)(has)
        if wrong:
            problems.append(f"{field.name}: {wrong}")
    if problems:
        raise UsageError("; ".join(problems))


def build(kind: type[T], table: object, **given: object) -> T:
    """Makes a dataclass from a TOML table, with ``given`` for fields that are not plain values. Raises UsageError."""
    if not isinstance(table, Mapping):
        raise UsageError("must be a table")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    problems = [f"{key}: there is no such setting" for key in table if key not in known]
    for name, field in known.items():
        needed = field.default is MISSING and field.default_factory is MISSING
        if needed and name not in table and name not in given:
            problems.append(f"{name}: is missing")
    if problems:
        raise UsageError("; ".join(problems))
    return kind(**{**table, **given})


def _any(value: object) -> str:
    return ""
