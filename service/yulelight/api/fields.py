"""Single fields of what clients send: checked, or a UsageError in one clear line. Pure."""

import json
import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from yulelight.core.errors import UsageError
from yulelight.core.messages import CHANNELS

Json: TypeAlias = Mapping[str, Any]

MAX_WHOLE = 1_000_000


def only(body: Json, known: set[str]) -> None:
    """Refuses fields that are not ``known``: a typing mistake is worth telling."""
    for key in body:
        if key not in known:
            raise UsageError(f"unknown field {json.dumps(key[:40])}; known here: {', '.join(sorted(known))}")


def choice(name: str, value: object, choices: tuple[Any, ...]) -> Any:
    """One of ``choices``."""
    if not isinstance(value, str) or value not in choices:
        raise UsageError(f'"{name}" must be one of {", ".join(choices)}')
    return value


def switch(name: str, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise UsageError(f'"{name}" must be true or false')
    return value


def number(name: str, value: object, low: float, high: float) -> float:
    """A finite number from ``low`` to ``high``."""
    if type(value) in (int, float):
        try:
            found = float(value)  # type: ignore[arg-type]
        except OverflowError:
            found = math.inf
        if math.isfinite(found) and low <= found <= high:
            return found
    span = f"{low:g} or more" if high == math.inf else f"from {low:g} to {high:g}"
    raise UsageError(f'"{name}" must be a number, {span}')


def whole(name: str, value: object) -> int:
    """A whole number from 0."""
    if type(value) is not int or not 0 <= value <= MAX_WHOLE:
        raise UsageError(f'"{name}" must be a whole number, 0 or more')
    return value


def text(name: str, value: object, longest: int, *, needed: bool = False) -> str | None:
    """Printable text of 1 to ``longest`` characters; None for null, unless it is ``needed``."""
    if value is None and not needed:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise UsageError(f'"{name}" must be a text of 1 to {longest} printable characters')
    return value


def channel_number(value: object) -> int:
    """A channel's number, 1 to 8."""
    if type(value) is not int or not 1 <= value <= CHANNELS:
        raise UsageError(f'"channel" must be a whole number from 1 to {CHANNELS}')
    return value
