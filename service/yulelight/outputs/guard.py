"""A node's own last stage: whatever arrives, its lights keep their minimum times, and the house keeps the flash limit.

A node hears the channels of the whole house, so it judges the whole house: with the description of all lights that the
service tells (see docs/mqtt.md), it holds every packet's frames to the same limits as the service does, and shows its
own share of the result. Nodes that hear the same do the same. Where nobody has described the rest, lights of unknown
kind are taken to hang on the channels it does not have. Its own lights keep the limit among themselves, and each by
itself, whatever is said of the others.

The service counts turns over ``SPAN`` seconds, a guard over ``WINDOW``, which are fewer: so a proper show passes
unchanged, though a node's moments differ a little from the service's. For the same reason minimum times are a hundredth
shorter here.

Dark is never delayed: only what makes light darker may skip the limit.
"""

from collections.abc import Sequence
from dataclasses import replace

from yulelight.safety.flash import WINDOW
from yulelight.safety.limiter import LightFrame, Output, black_out, darkened, limit
from yulelight.safety.limits import Light, Limits

HOUSE = 8
"""Channels that a house has where nobody described it."""
_HASTE = 0.99


class Guard:
    """The limits of the lights ``own``, in the order of the outputs, and of all others in the ``house``.

    ``channel`` of each is the packet's. Pure: times are given in seconds, and never go back.
    """

    def __init__(self, own: Sequence[Light], house: Sequence[Light] | None = None) -> None:
        # Together they keep the limit whatever hangs elsewhere, also where nobody gave them a name.
        self._own = tuple(replace(light, node=light.node or "(ours)") for light in own)
        self._count = len(own)
        self._last = Output.dark(0)
        self._heard: LightFrame = b"", ()
        self._told: Sequence[Light] | None = None
        self.learn(house)

    def learn(self, house: Sequence[Light] | None, now: float = 0.0) -> None:
        """All lights of the house, as the service describes them; None, and any channel not ours may have one.

        What our own are we know better; but by the loads that are told, the service weighs them.
        """
        told_before, self._told = self._told, house
        if house is not None and house == told_before:
            return
        if house is None:
            taken = {light.channel for light in self._own}
            house = [Light(channel=channel) for channel in range(1, HOUSE + 1) if channel not in taken]
        nodes = {light.node for light in self._own}
        told = [light for light in house if light.node and light.node in nodes]
        lights = tuple(map(_hastened, _weighed(self._own, told)))
        lights += tuple(light for light in house if light not in told)
        # The limiter's channels are the lights, so that each output can be held by itself.
        self._source = tuple(light.channel - 1 for light in lights)
        self._needed = max(self._source) + 1
        self._limits = Limits(
            tuple(replace(light, channel=n) for n, light in enumerate(lights, 1)), len(lights)
        )
        self._last = self._fitting(self._last, now)

    def allow(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """What our outputs may show at ``now`` when a packet says this, one item a channel."""
        self._heard = levels, tuple(switched)
        if not any(levels) and not any(switched):
            return self._keep(black_out(self._last, now))
        wanted, on = self._mapped(levels, switched)
        return self._keep(limit(self._last, wanted, on, self._limits, now, window=WINDOW))

    def share(self, levels: bytes, switched: Sequence[bool]) -> LightFrame:
        """What a packet's frame says of our outputs."""
        wanted, on = self._mapped(levels, switched)
        return wanted[: self._count], on[: self._count]

    def idle(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """What our outputs may show when they are to show this themselves, one item an output."""
        others = self._last.levels[self._count :], self._last.on[self._count :]
        wanted, on = levels + others[0], (*switched, *others[1])
        allowed = limit(self._last, wanted, on, self._limits, now, window=WINDOW)
        return self._keep(darkened(allowed, wanted, on, now))

    def darken(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """At once as dark as this, one item an output, where that is darker."""
        others = self._last.levels[self._count :], self._last.on[self._count :]
        return self._keep(darkened(self._last, levels + others[0], (*switched, *others[1]), now))

    def _mapped(self, levels: bytes, switched: Sequence[bool]) -> tuple[bytes, tuple[bool, ...]]:
        """A packet's frame as what each light is to show; a channel that it does not have is dark."""
        missing = self._needed - len(levels)
        if missing > 0:
            levels, switched = levels + bytes(missing), (*switched, *(False,) * missing)
        source = self._source
        return bytes(map(levels.__getitem__, source)), tuple(map(switched.__getitem__, source))

    def _fitting(self, last: Output, now: float) -> Output:
        """``last`` with as many lights as there are now."""
        count = len(self._source)
        levels, on = self._mapped(*self._heard)
        own = slice(0, self._count)
        shown = last.levels[own] + levels[len(last.levels[own]) :]
        states = (*last.on[own], *on[len(last.on[own]) :])
        since = (*last.since[own], *(float("-inf"),) * (count - len(last.since[own])))
        if last.limits is None:
            return Output.dark(count)
        return replace(last, levels=shown, on=states, since=since).under(self._limits, now)

    def _keep(self, output: Output) -> LightFrame:
        self._last = output
        return output.levels[: self._count], output.on[: self._count]


def _weighed(own: Sequence[Light], told: Sequence[Light]) -> list[Light]:
    """``own`` with the loads of the same lights in ``told``."""
    left, weighed = list(told), []
    for light in own:
        same = next((other for other in left if other.channel == light.channel), light)
        if same is not light:
            left.remove(same)
        weighed.append(replace(light, load=same.load))
    return weighed


def _hastened(light: Light) -> Light:
    on, off = light.minimum_times
    return replace(light, min_on=on * _HASTE, min_off=off * _HASTE)
