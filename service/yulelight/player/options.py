"""The options of the show, with their ranges. Pure."""

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from yulelight.core.errors import CommandError
from yulelight.core.messages import MAX_DELAY, MIN_DELAY, Repeat
from yulelight.show.palettes import NAMES, OWN

RANGES = {"volume": (0.0, 1.0), "brightness": (0.0, 1.0), "delay": (MIN_DELAY, MAX_DELAY)}
SWITCHES = ("shuffle", "armed")


@dataclass(frozen=True, slots=True)
class Options:
    """See yulelight.core.messages.Status for what each means."""

    look: str
    model: str
    volume: float = 1.0
    brightness: float = 1.0
    delay: float = 0.0
    shuffle: bool = False
    repeat: Repeat = Repeat.OFF
    armed: bool = True
    palette: str = OWN

    def with_option(self, name: str, value: object, looks: Collection[str]) -> Self:
        """The options with one changed. Raises CommandError for invalid values; the existence of a model is not
        checked.
        """
        change: Any
        if name in RANGES:
            change = _number(name, value)
        elif name in SWITCHES:
            if not isinstance(value, bool):
                raise CommandError(f"{name} is on or off: true or false")
            change = value
        elif name == "repeat":
            if not isinstance(value, str) or value not in list(Repeat):
                raise CommandError(f"repeat is one of {', '.join(Repeat)}")
            change = Repeat(value)
        elif name == "look":
            if not isinstance(value, str) or value not in looks:
                raise CommandError(f"there is no such look; there are {', '.join(looks)}")
            change = value
        elif name == "palette":
            if not isinstance(value, str) or value not in NAMES:
                raise CommandError(f"there is no such palette; there are {', '.join(NAMES)}")
            change = value
        elif name == "model" and isinstance(value, str):
            change = value
        else:
            raise CommandError(f"there is no option {name[:40]}")
        return replace(self, **{name: change})

    def changes(self, defaults: Self) -> dict[str, Any]:
        """The options that differ from ``defaults``, as JSON values."""
        usual = asdict(defaults)
        return {name: value for name, value in asdict(self).items() if value != usual[name]}

    def with_changes(self, changes: Mapping[str, Any], looks: Collection[str]) -> Self:
        """The inverse of ``changes``: values that are no longer valid are ignored."""
        options = self
        for name, value in changes.items():
            try:
                options = options.with_option(name, value, looks)
            except CommandError:
                continue
        return options


def _number(name: str, value: object) -> float:
    low, high = RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CommandError(f"{name} is a number from {low:g} to {high:g}")
    if not low <= value <= high:
        raise CommandError(f"{name} goes from {low:g} to {high:g}")
    return float(value)
