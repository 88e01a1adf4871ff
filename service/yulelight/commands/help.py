"""Help texts: wrapped paragraphs, and type names without Python terms."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

_WORDS = {"str": "text", "Path": "path", "int": "number", "float": "number", "int range": "number"}
_WORDS["float range"] = "number"


class PlainCommand(TyperCommand):
    """A command whose help calls a list of paths <path>, and omits the type of flags."""

    def get_params(self, ctx: Any) -> Any:
        """As typer does it, with our names of types."""
        return _named(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The same for a group of commands that has options of its own."""

    def get_params(self, ctx: Any) -> Any:
        """As typer does it, with our names of types."""
        return _named(super().get_params(ctx))


def _named(params: Any) -> Any:
    for param in params:
        if (said := getattr(param, "display_type_rich", None)) and not isinstance(said, partial):
            vars(param)["display_type_rich"] = partial(_plain, said)
    return params


def _plain(said: Callable[..., str | None], ctx: Any) -> str | None:
    """The type of a parameter in plain words."""
    text = said(ctx)
    found = re.fullmatch(r"<(?:list\[)?([\w ]+)\]?>", text or "")
    if found is None:
        return text
    return None if found[1] == "bool" else f"<{_WORDS.get(found[1], found[1])}>"


def make_plain(commands: typer.Typer) -> None:
    """Applies this to all ``commands`` and those of their groups.

    The lines of a paragraph are joined; typer would keep the line breaks of the source.
    """
    for info in commands.registered_commands:
        info.cls = info.cls if info.cls is not None and issubclass(info.cls, PlainCommand) else PlainCommand
    for each in (*commands.registered_commands, commands.registered_callback):
        text = each and (each.help if isinstance(each.help, str) else each.callback and each.callback.__doc__)
        if each and text:
            each.help = "\n\n".join(" ".join(one.split()) for one in text.split("\n\n"))
    for group in commands.registered_groups:
        group.cls = PlainGroup
        if group.typer_instance:
            make_plain(group.typer_instance)
