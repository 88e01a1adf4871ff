# A copy of service/yulelight/safety/limits.py, made by scripts/share.
"""The limits of a set of lights, prepared for the limiter.

The limits apply to several sums of emitted light, each as a share of what all its lights can emit:

- ``alone``: every light by itself, because someone close to one tree sees nothing but that tree.
- ``nodes``: the lights of each node, so that the limit still holds when other nodes fail.
- ``houses``: all lights, once weighted equally and, where loads are known to differ, once by load. The parts of the
  nodes are kept apart (see ``nodes``).

WCAG counts flashes of saturated red, too, from a change of R - G - B by 20 of 320 on. So each red dimmer, those of each
node and those of the house have further sums, of this quantity among themselves, scaled to the threshold of the others.

A light of unknown kind may be dimmed (along the eye's curve or linearly) or switched; the sums are made for each case.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from .physics import MINIMUM_TIMES, Kind, Light, emitted

TOLERANCE = 1e-9
"""Permitted rounding error in sums of shares."""
RED = 0.1 / (20 / 320)
"""A change of R - G - B that counts times this is a change of luminance that counts."""

__all__ = ["MINIMUM_TIMES", "Kind", "Light", "Limits", "Sum"]

_Table = tuple[float, ...]
_As = Callable[[Light], tuple[float, float] | None]


class Sum(NamedTuple):
    """A weighted sum of emitted light. Channels are numbered from 0 here."""

    name: str
    """Identifies the sum, also across different descriptions of the same lights."""
    dimmed: tuple[tuple[int, _Table], ...]
    """For each channel with a dimmed light: the weighted light of each level."""
    switched: tuple[tuple[int, float], ...]
    """Weight of each channel with a switched light."""

    def of(self, levels: bytes, on: Sequence[bool]) -> float:
        """The sum of what these levels and states emit."""
        light = 0.0
        for channel, table in self.dimmed:
            light += table[levels[channel]]
        for channel, weight in self.switched:
            if on[channel]:
                light += weight
        return light


class House(NamedTuple):
    """All lights together, in parts that change at the same time."""

    name: str
    parts: tuple[Sum, ...]


def _known(light: Light) -> tuple[float, float] | None:
    return None if light.kind in ("relay", "ssr") else (light.gamma, light.minimum)


def _even(light: Light) -> tuple[float, float] | None:
    return _known(light) if light.kind else (1.0, 0.0)


def _as_switch(light: Light) -> tuple[float, float] | None:
    return _known(light) if light.kind else None


_WAYS: tuple[tuple[str, _As], ...] = (("dimmed", _known), ("dimmed evenly", _even), ("switched", _as_switch))
"""What a light of unknown kind may be: the gamma and minimum of a dimmer, or None for a switch."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits for these ``lights``. Raises ValueError if a channel is out of range.

    ``cap``: the permitted share of the total power; without a limit above 1.
    """

    lights: tuple[Light, ...]
    channels: int
    cap: float = math.inf
    alone: tuple[Sum, ...] = field(init=False, repr=False, compare=False)
    nodes: tuple[Sum, ...] = field(init=False, repr=False, compare=False)
    houses: tuple[House, ...] = field(init=False, repr=False, compare=False)
    power: tuple[Sum, ...] = field(init=False, repr=False, compare=False)
    times: tuple[tuple[float, float], ...] = field(init=False, repr=False, compare=False)
    """Shortest seconds on and off of each channel's states."""

    def __post_init__(self) -> None:
        if not self.lights or not all(1 <= light.channel <= self.channels for light in self.lights):
            raise ValueError(f"lights need channels from 1 to {self.channels}")
        for name, made in (
            ("alone", _alone(self.lights)),
            ("nodes", _nodes(self.lights)),
            ("houses", _houses(self.lights)),
            ("power", _power(self.lights) if self.cap < 1 else ()),
            ("times", tuple(_times(self.lights, channel) for channel in range(1, self.channels + 1))),
        ):
            object.__setattr__(self, name, made)

    @classmethod
    def of(
        cls, loads: Sequence[float], budget: float | None = None, kinds: Sequence[Kind | None] | None = None
    ) -> "Limits":
        """The limits for channels with these ``loads`` and a common power ``budget``; all in watts, above 0.

        If some channels have a kind, those without one are taken as dimmed.
        """
        total = sum(loads)
        cap = math.inf if budget is None or budget >= total else budget / total
        given = tuple(kinds or (None,) * len(loads))
        known: Sequence[Kind | None] = [kind or "dimmer" for kind in given] if any(given) else given
        lights = [
            Light(channel=n, load=load, kind=kind)
            for n, (load, kind) in enumerate(zip(loads, known, strict=True), 1)
        ]
        return cls(tuple(lights), len(loads), cap)

    @classmethod
    def even(cls, channels: int, minimum: tuple[float, float] = (0.1, 0.1)) -> "Limits":
        """The limits for ``channels`` lights of equal brightness and unknown kind."""
        on, off = minimum
        lights = tuple(Light(channel=n, min_on=on, min_off=off) for n in range(1, channels + 1))
        return cls(lights, channels)

    @property
    def known(self) -> bool:
        """Whether it is known which channels are dimmed and which switched."""
        return all(light.kind for light in self.lights)

    def within_budget(self, levels: bytes, on: Sequence[bool]) -> bool:
        """Whether the power budget suffices for these levels and states."""
        return all(power.of(levels, on) <= self.cap + TOLERANCE for power in self.power)

    def switched(self, channel: int) -> bool:
        """Whether only relays and SSRs are connected to ``channel``, numbered from 1."""
        kinds = [light.kind for light in self.lights if light.channel == channel]
        return bool(kinds) and all(kind in ("relay", "ssr") for kind in kinds)


def _sum(name: str, lights: Iterable[tuple[Light, float]], way: _As) -> Sum:
    """The sum of ``lights``, each with its weight, if they emit in this ``way``."""
    tables: dict[int, list[float]] = {}
    switched: dict[int, float] = {}
    for light, weight in lights:
        channel = light.channel - 1
        curve = way(light)
        if curve is None:
            switched[channel] = switched.get(channel, 0.0) + weight
        else:
            table = [weight * lit for lit in emitted(*curve)]
            if channel in tables:
                table = [a + b for a, b in zip(tables[channel], table, strict=True)]
            tables[channel] = table
    return Sum(
        name,
        tuple((channel, tuple(table)) for channel, table in tables.items()),
        tuple(switched.items()),
    )


def _ways(lights: Sequence[Light]) -> tuple[tuple[str, _As], ...]:
    return (("", _known),) if all(light.kind for light in lights) else _WAYS


def _weights(lights: Sequence[Light]) -> list[tuple[str, list[float]]]:
    """Weights of the lights, by name: once equal, and once by load if the loads differ."""
    found = [("even", [1 / len(lights)] * len(lights))]
    if len({light.load for light in lights}) > 1:
        total = sum(light.load for light in lights)
        found.append(("by load", [light.load / total for light in lights]))
    return found


def _alone(lights: Sequence[Light]) -> tuple[Sum, ...]:
    found: dict[tuple[object, ...], Sum] = {}
    for light in lights:
        for way, made in _ways([light]):
            # For a single light, linear dimming makes no more transitions than dimming along the eye's curve.
            if way != "dimmed evenly":
                one = _sum(f"{light.channel}: {made(light)}", [(light, 1.0)], made)
                found[one[1:]] = one
        if light.red:
            one = _sum(f"{light.channel}, red", [(light, RED * light.red)], _known)
            found[one[1:]] = one
    return tuple(found.values())


def _nodes(lights: Sequence[Light]) -> tuple[Sum, ...]:
    found = []
    for node in sorted({light.node for light in lights} - {""}):
        own = [light for light in lights if light.node == node]
        if len(own) in (1, len(lights)):
            continue
        for way, made in _ways(own):
            for weighing, weights in _weights(own):
                found.append(_sum(f"{node}, {weighing}, {way}", zip(own, weights, strict=True), made))
        red = [light for light in own if light.red]
        if len(red) > 1:
            for weighing, weights in _red_weights(red):
                found.append(_sum(f"{node}, red, {weighing}", zip(red, weights, strict=True), _known))
    return tuple(found)


def _red_weights(red: Sequence[Light]) -> list[tuple[str, list[float]]]:
    return [
        (name, [RED * light.red * weight for light, weight in zip(red, weights, strict=True)])
        for name, weights in _weights(red)
    ]


def _houses(lights: Sequence[Light]) -> tuple[House, ...]:
    names = sorted({light.node for light in lights} - {""})
    # When lights without a node change is unknown; they are taken to change with the first node.
    homes = [light.node or (names[0] if names else "") for light in lights]
    found = []
    for way, made in _ways(lights):
        for weighing, weights in _weights(lights):
            name = f"house, {weighing}, {way}"
            parts = [
                _sum(
                    home,
                    [(a, w) for a, w, at in zip(lights, weights, homes, strict=True) if at == home],
                    made,
                )
                for home in names or [""]
            ]
            found.append(House(name, tuple(parts)))
    red = [(light, home) for light, home in zip(lights, homes, strict=True) if light.red]
    if len(red) > 1:
        for weighing, weights in _red_weights([light for light, _ in red]):
            parts = [
                _sum(home, [(a, w) for (a, at), w in zip(red, weights, strict=True) if at == home], _known)
                for home in dict.fromkeys(home for _, home in red)
            ]
            found.append(House(f"house, red, {weighing}", tuple(parts)))
    return tuple(found)


def _power(lights: Sequence[Light]) -> tuple[Sum, ...]:
    total = sum(light.load for light in lights)
    weighed = [(light, light.load / total) for light in lights]
    # Of all dimming curves, the linear one takes the most power.
    return tuple(_sum(way, weighed, made) for way, made in _ways(lights) if way != "dimmed")


def _times(lights: Sequence[Light], channel: int) -> tuple[float, float]:
    here = [light.minimum_times for light in lights if light.channel == channel and light.switches]
    return max((on for on, _ in here), default=0.0), max((off for _, off in here), default=0.0)
