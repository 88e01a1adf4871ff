"""Options whose value may be left out: `--json` prints, `--json FILE` writes."""

from typing import Any

from yulelight.commands.help import PlainCommand

ABSENT = "-"
"""The value of an option that is given without one."""


class OptionalValues(PlainCommand):
    """A command in which `--json` and `--models` may stand without a value, at the end or before another option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As in click, with the missing values inserted."""
        filled: list[str] = []
        for place, argument in enumerate(args):
            filled.append(argument)
            after = args[place + 1] if place + 1 < len(args) else "-"
            if argument in ("--json", "--models") and after.startswith("-"):
                filled.append(ABSENT)
        return super().parse_args(ctx, filled)
