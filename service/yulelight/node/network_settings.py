"""The settings of lights on the network that a node drives: [[output]] of its file, as in the service's settings."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from yulelight.core.errors import UsageError

if TYPE_CHECKING:
    from yulelight.outputs.settings import NetworkOutput
    from yulelight.outputs.wled.settings import WledOutputSettings

    NodeOutputSettings: TypeAlias = NetworkOutput | WledOutputSettings


def slug(name: str) -> str:
    """The name of an output on the network as part of an id."""
    return re.sub("[^a-z0-9_-]", "-", name.lower())


def network_outputs(tables: Sequence[object]) -> "tuple[NodeOutputSettings, ...]":
    """The outputs that ``tables`` describe. Raises UsageError with all errors."""
    # Imported only here: pydantic is much to load for a small Pi that drives nothing but its pins.
    from pydantic import ValidationError

    made, problems = [], []
    for number, table in enumerate(tables, start=1):
        try:
            made.append(_made(table))
        except ValidationError as error:
            problems += [
                f"[[output]] {number}: {_sentence(each)}" for each in error.errors(include_url=False)
            ]
    if problems:
        raise UsageError("; ".join(problems))
    return tuple(made)


def check_apart(outputs: "Sequence[NodeOutputSettings]") -> None:
    """Whether each has lights of its own. Raises UsageError."""
    if outputs:
        from yulelight.outputs.settings import two_on_one

        if problem := two_on_one(outputs):
            raise UsageError(f"output: {problem}")


def _made(table: object) -> "NodeOutputSettings":
    from pydantic import TypeAdapter

    if isinstance(table, Mapping) and table.get("type") == "wled":
        # Imported only here: what speaks HTTP takes as much memory as all else.
        from yulelight.outputs.wled.settings import WledOutputSettings

        return WledOutputSettings.model_validate(table)
    from yulelight.outputs.settings import NetworkOutput

    return TypeAdapter[NetworkOutput](NetworkOutput).validate_python(table)


def _sentence(error: Mapping[str, Any]) -> str:
    where = [part for part in error["loc"] if part not in ("ddp", "e131", "artnet")]
    setting = "".join(f"{part}: " for part in where)
    kind, said = error["type"], str(error["msg"]).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        said = "there is no such setting"
    elif kind == "missing":
        said = "is missing"
    elif kind.startswith("union_tag"):
        said = 'type: say which it is: "ddp", "e131", "artnet" or "wled"'
    return f"{setting}{said}"
