"""On/off states for relays, with hysteresis, so that they do not chatter around a threshold."""

from collections.abc import Sequence


def switch(
    on: Sequence[bool], levels: Sequence[float], *, on_above: Sequence[float], off_below: Sequence[float]
) -> tuple[bool, ...]:
    """The states that ``levels`` (0..1, one a channel) ask for, given the states ``on`` that they are in."""
    return tuple(
        level >= below if lit else level > above
        for lit, level, above, below in zip(on, levels, on_above, off_below, strict=True)
    )
