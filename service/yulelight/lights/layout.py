"""The layout of the lights, from the settings of the channels and the reports of the nodes. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from yulelight.core.messages import CHANNELS
from yulelight.safety.physics import Light

MAX_LIGHTS = 256
"""Maximum number of separate lights; if there are more, equal ones are merged."""


def layout(
    settings: Sequence[Light],
    told: Mapping[str, Sequence[Light]],
    *,
    away: Collection[int] = (),
    weighed: Collection[int] = (),
) -> tuple[Light, ...]:
    """All lights of the house, by channel.

    ``settings`` has one light for each channel, as far as the settings know it, and ``weighed`` the channels whose load
    they name: it is shared by the lights there. ``told`` is what each node that is here has; ``away`` are channels of
    nodes that are not, which are dark if nobody else shows them. What no node has may still hang on something else.
    """
    found: list[Light] = []
    for light in sorted(settings, key=lambda known: known.channel):
        channel = light.channel
        here = [
            replace(output, node=node, kind=output.kind or light.kind)
            for node in sorted(told)
            for output in told[node]
            if output.channel == channel
        ]
        if channel in weighed and here:
            share = light.load / sum(output.load for output in here)
            here = [replace(output, load=output.load * share) for output in here]
        if here:
            found += here
        elif channel not in away:
            found.append(light)
    if not found:
        return tuple(settings)
    found = [light for light in found if light.channel <= CHANNELS]
    return tuple(found if len(found) <= MAX_LIGHTS else _together(found)[:MAX_LIGHTS])


class Layout:
    """``layout`` with these settings, computed anew only when something of it has changed: nodes say much more often
    how they are than what they have.
    """

    def __init__(self, settings: Sequence[Light], weighed: Collection[int]) -> None:
        self._settings, self._weighed = settings, weighed
        self._last: tuple[Mapping[str, Sequence[Light]], Collection[int]] | None = None
        self._lights: tuple[Light, ...] = ()

    def lights(self, told: Mapping[str, Sequence[Light]], away: Collection[int]) -> tuple[Light, ...]:
        """See ``layout``. What is passed must not be changed afterwards."""
        if (told, away) != self._last:
            self._last = told, away
            self._lights = layout(self._settings, told, away=away, weighed=self._weighed)
        return self._lights


def _together(lights: Sequence[Light]) -> list[Light]:
    """Merges equal lights on the same channel, adding their loads, across nodes."""
    loads: dict[Light, float] = {}
    for light in lights:
        kind = replace(light, load=1.0, node="")
        loads[kind] = loads.get(kind, 0.0) + light.load
    return [replace(kind, load=load) for kind, load in loads.items()]
