"""Validation of client input with pydantic; invalid input raises a UsageError with one clear line.

Pure. The description of a field completes the error message: ``"on" must be true or false``.
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, TypeAlias, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.fields import FieldInfo

from yulelight.core.errors import UsageError
from yulelight.core.messages import CHANNELS

Json: TypeAlias = Mapping[str, Any]

MAX_WHOLE = 1_000_000

Switch = Annotated[bool, Field(strict=True, description="true or false")]
Whole = Annotated[int, Field(strict=True, ge=0, le=MAX_WHOLE, description="a whole number, 0 or more")]
Seconds = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False, description="a number, 0 or more")]
ChannelNumber = Annotated[
    int, Field(strict=True, ge=1, le=CHANNELS, description=f"a whole number from 1 to {CHANNELS}")
]
Level = Annotated[int, Field(strict=True, ge=0, le=255, description="a whole number from 0 to 255")]


def text(longest: int) -> Any:
    """A type for printable text of 1 to ``longest`` characters."""
    return Annotated[
        str,
        StringConstraints(strict=True, min_length=1, max_length=longest),
        AfterValidator(_printable),
        Field(description=f"a text of 1 to {longest} printable characters"),
    ]


def one_of(*words: str) -> Any:
    """A type for one of several words."""
    return Annotated[
        str,
        AfterValidator(partial(_known, frozenset(words))),
        Field(strict=True, description=f"one of {', '.join(words)}"),
    ]


def ranged(low: float, high: float) -> Any:
    """A type for a number from ``low`` to ``high``."""
    return Annotated[
        float,
        Field(
            strict=True,
            ge=low,
            le=high,
            allow_inf_nan=False,
            description=f"a number, from {low:g} to {high:g}",
        ),
    ]


class Body(BaseModel):
    """A JSON object with exactly these fields; an unknown field is an error, since it is probably a typo."""

    model_config = ConfigDict(extra="forbid", frozen=True)


B = TypeVar("B", bound=Body)


def read(model: type[B], body: Json) -> B:
    """Validates ``body``. Raises UsageError."""
    try:
        return model.model_validate(dict(body))
    except ValidationError as error:
        raise UsageError(_words(model, error)) from None


def _words(model: type[Body], error: ValidationError) -> str:
    """The first error, in one line."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden" and name not in model.model_fields:
        known = ", ".join(sorted(model.model_fields))
        return f"unknown field {json.dumps(name[:40])}; known here: {known or 'none'}"
    if name in model.model_fields and first["type"] != "value_error":
        field = model.model_fields[name]
        return f'"{name}" must be {field.description or _described(field.annotation)}'
    return str(first.get("ctx", {}).get("error", first["msg"]))


def _described(hint: Any) -> str | None:
    """The description in an annotation or in a part of it."""
    parts = get_args(hint)
    own = (part.description for part in parts if isinstance(part, FieldInfo))
    return next((found for found in (*own, *map(_described, parts)) if found), None)


def _known(words: frozenset[str], value: str) -> str:
    if value not in words:
        raise AssertionError("not known")
    return value


def _printable(value: str) -> str:
    if not value.isprintable():
        raise AssertionError("not printable")
    return value
