"""Error messages for invalid settings. Pure."""

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from yulelight.core.suggest import nearest

_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_NUMBERS = ("float_parsing", "float_type", "int_parsing", "int_type")
_TABLES = ("model_type", "model_attributes_type", "dict_type")
_TIMES = ("time_parsing", "time_type")


def explain(errors: Sequence[Mapping[str, Any]], model: type[BaseModel]) -> str:
    """One line from pydantic's ``errors()`` of ``model``: each wrong setting and how to correct it."""
    said: dict[str, list[str]] = {}
    for error in errors:
        location = [part for part in error["loc"] if not _is_branch(part)]
        shown = [part for k, part in enumerate(location) if k != 2 or part not in _kinds(model, location[0])]
        said.setdefault(".".join(map(str, shown)), []).append(_sentence(error, location, model))
    return "; ".join(f"{where}: {', or '.join(dict.fromkeys(what))}" for where, what in said.items())


def explain_toml(text: str, error: Exception) -> str:
    """The syntax error in ``text``, with its line."""
    found = re.search(r"line (\d+)", str(error))
    lines = text.splitlines()
    number = int(found[1]) if found else len(lines)
    line = lines[number - 1].strip()[:80] if 0 < number <= len(lines) else ""
    told = f"{str(error).partition(' (at ')[0]} (line {number}: {line})" if line else str(error)
    if comma := _DECIMAL_COMMA.search(line):
        told += f"; a number has a point, not a comma: {comma[0].replace(',', '.')}"
    return told


def mistyped(environment: Mapping[str, str], model: type[BaseModel], prefix: str = "YULELIGHT_") -> str:
    """A message about the first misspelt environment variable, with a suggestion; empty if there is none.

    Nodes and tests use other variables with our ``prefix``.
    """
    known = [name.upper() for name in model.model_fields]
    for variable in sorted(environment):
        name, _, _ = variable.removeprefix(prefix).partition("__")
        if variable.startswith(prefix) and name.upper() not in known and (meant := nearest(name, known)):
            return f"{variable}: there is no such setting; did you mean {prefix}{meant}?"
    return ""


def _sentence(error: Mapping[str, Any], location: Sequence[str | int], model: type[BaseModel]) -> str:
    kind, given = error["type"], error.get("input")
    if kind == "extra_forbidden":
        return f"there is no such setting{_meant(location, model)}"
    if kind == "missing":
        return "this is missing"
    if kind in _NUMBERS and isinstance(given, str) and _DECIMAL_COMMA.fullmatch(given.strip()):
        return f"a number has a point, not a comma: {given.strip().replace(',', '.')}"
    if kind in _NUMBERS:
        return "this is a number, without quotes"
    if kind in _TABLES:
        name = str(next((part for part in location if isinstance(part, str)), ""))
        header = f"[[{name}]]" if any(isinstance(part, int) for part in location) else f"[{name}]"
        return f"this is a group of settings: write {header} and each of them on a line below"
    if kind == "list_type":
        return "Input should be a list, in square brackets"
    if kind in _TIMES:
        return 'write a time as "21:00"'
    text: str = error["msg"]
    return text.removeprefix("Value error, ")


def _meant(location: Sequence[str | int], model: type[BaseModel]) -> str:
    name = str(location[-1])
    here = _names(_model_at(model, location[:-1]))
    if found := nearest(name, here):
        return f"; did you mean {found!r}?"
    elsewhere = [group for group, names in _groups(model) if name in names]
    if elsewhere:
        return f"; it belongs below {' or '.join(elsewhere)}"
    if len(location) > 1 and name in _names(model):
        return "; it belongs above the first [group]"
    return "; docs/settings.md lists those there are"


def _groups(model: type[BaseModel]) -> Iterator[tuple[str, list[str]]]:
    """The headers of the model's groups as in a file, and the settings of each."""
    for name, field in model.model_fields.items():
        if (inner := _model_in(field.annotation)) is not None:
            many = get_origin(field.annotation) is list
            yield (f"[[{name}]]" if many else f"[{name}]"), _names(inner)


def _names(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _model_at(model: type[BaseModel], location: Sequence[str | int]) -> type[BaseModel] | None:
    """The model of the group at ``location``, ignoring dict keys and list indices in it; None if there is none."""
    found: type[BaseModel] | None = model
    for part in location:
        if found is None:
            return None
        field = found.model_fields.get(str(part))
        if field is not None:
            found = _model_in(field.annotation)
        elif len(location) > 1 and location[0] in model.model_fields:
            found = _kinds(model, location[0]).get(part, found)
    return found


def _kinds(model: type[BaseModel], name: str | int) -> dict[str | int, type[BaseModel]]:
    """The models of a group with several kinds, by their ``type``; empty for other groups."""
    field = model.model_fields.get(str(name))
    models = _models_in(field.annotation) if field else []
    typed = [each for each in models if "type" in each.model_fields] if len(models) > 1 else []
    return {kind: each for each in typed for kind in get_args(each.model_fields["type"].annotation)}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model in ``annotation``, also inside a list, dict or option; the first of several."""
    return next(iter(_models_in(annotation)), None)


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """All of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) in (list, dict, Union, types.UnionType, Annotated):
        return [each for inner in get_args(annotation) for each in _models_in(inner)]
    return []


def _is_branch(part: object) -> bool:
    """Whether this part of a location is pydantic's tag of a union member, which is not in the file."""
    return isinstance(part, str) and "[" in part
