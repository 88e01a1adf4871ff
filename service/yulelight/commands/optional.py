"""Options whose value may be left out: `--json` prints, `--json FILE` writes."""

from typing import Any

from yulelight.commands.help import PlainCommand

ABSENT = "-"
"""What an option reads whose value was left out."""


class OptionalValues(PlainCommand):
    """A command in which `--json` and `--models` may stand without a value, at the end or before another option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As click does it, with what was left out put in."""
        filled: list[str] = []
        for place, argument in enumerate(args):
            filled.append(argument)
            after = args[place + 1] if place + 1 < len(args) else "-"
            if argument in ("--json", "--models") and after.startswith("-"):
                filled.append(ABSENT)
        return super().parse_args(ctx, filled)
