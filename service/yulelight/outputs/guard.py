"""The last stage of a node: enforces its lights' minimum times and the house's flash limit, whatever arrives.

A node receives the channels of the whole house, so it checks the whole house: with the service's description of all
lights (see docs/mqtt.md), it applies the service's limits to the frames of every packet and shows its own part of the
result. Nodes that receive the same data get the same result. Without a description, the channels that it does not
have are assumed to have lights of unknown kind. Its own lights together, and each of them alone, keep the limit
whatever the description says of the others.

The service counts turns over ``SPAN`` seconds, a guard over the shorter ``WINDOW``: so a show within the limits
passes unchanged although a node's times differ slightly from the service's. For the same reason, minimum times are
one percent shorter here.

Only darkening may bypass the limit, and afterwards no light may rise for a whole window: so a forged blackout can end
a flash but not begin one. With several nodes, such darkening waits until the last rise has reached all of them;
otherwise lights would go off one after the other, each with a flash of its own.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from yulelight.safety.flash import WINDOW
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit
from yulelight.safety.limits import Light, Limits
from yulelight.safety.nodes import SKEW
from yulelight.safety.state import LimiterState, black_out, darkened

HOUSE = 8
"""Number of channels of a house without a description."""
_HASTE = 0.99
_APART = 1.2 * SKEW
"""Seconds after a rise for which darkening that bypasses the limit waits if there may be several nodes."""


class Guard:
    """The limits of the lights ``own``, in the order of the outputs, and of all others in the ``house``.

    ``channel`` of each is that of the packet. Pure: times are arguments in seconds and never decrease.
    """

    def __init__(self, own: Sequence[Light], house: Sequence[Light] | None = None) -> None:
        # Together they keep the limit regardless of other lights, also if they have no name.
        self._own = tuple(replace(light, node=light.node or "(ours)") for light in own)
        self._count = len(own)
        self._last = LimiterState.dark(0)
        self._heard: LightFrame = b"", ()
        self._lately: tuple[bytes, Sequence[bool], LightFrame] | None = None
        """The last frame and what it meant here, since it is asked for twice."""
        self._told: Sequence[Light] | None = None
        self._rose = float("-inf")
        """Time at which any light of the house last got brighter."""
        self._dark_until = float("-inf")
        """Until then no light gets brighter, because darkening has bypassed the limit."""
        self.learn(house)

    def learn(self, house: Sequence[Light] | None, now: float = 0.0) -> None:
        """All lights of the house, as the service describes them; None: any channel that is not ours may have one.

        Our own lights are known here, but with the described loads, as the service uses these as weights.
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
        self._lately = None
        self._several = len({light.node for light in lights}) > 1
        self._limits = _limits(tuple(replace(light, channel=n) for n, light in enumerate(lights, 1)))
        self._last = self._fitting(self._last, now)

    def allow(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """The permitted levels of our outputs at ``now`` for a packet's levels, one for each channel."""
        self._heard = levels, tuple(switched)
        wanted, on = self._mapped(levels, switched)
        nothing = not any(levels) and not any(switched)
        if now < self._dark_until:
            if not nothing:  # minimum times of relays apply nevertheless
                allowed = _limited(self._last, wanted, on, self._limits, now)
                wanted, on = allowed.frame()
            return self._keep(_darkened(self._last, wanted, on, now), now)
        allowed = _limited(self._last, wanted, on, self._limits, now)
        if not nothing or not (any(allowed.levels) or any(allowed.on)):
            return self._keep(allowed, now)
        if self._several and now - self._rose < _APART:
            return self._keep(self._last, now)
        return self._skip(_blacked_out(self._last, now), now)

    def share(self, levels: bytes, switched: Sequence[bool]) -> LightFrame:
        """The levels of our outputs in a packet's frame."""
        wanted, on = self._mapped(levels, switched)
        return wanted[: self._count], on[: self._count]

    def idle(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """The permitted levels of our outputs for requested levels, one for each output."""
        others = self._last.levels[self._count :], self._last.on[self._count :]
        wanted, on = levels + others[0], (*switched, *others[1])
        if now < self._dark_until:
            return self._keep(_darkened(self._last, wanted, on, now), now)
        allowed = _limited(self._last, wanted, on, self._limits, now)
        shown = _darkened(allowed, wanted, on, now)
        return self._keep(shown, now) if shown.frame() == allowed.frame() else self._skip(shown, now)

    def darken(self, levels: bytes, switched: Sequence[bool], now: float) -> LightFrame:
        """Darkens at once to these levels, one for each output, where they are darker."""
        others = self._last.levels[self._count :], self._last.on[self._count :]
        return self._skip(_darkened(self._last, levels + others[0], (*switched, *others[1]), now), now)

    def _mapped(self, levels: bytes, switched: Sequence[bool]) -> tuple[bytes, tuple[bool, ...]]:
        """The level of each light in a packet's frame; missing channels are dark."""
        lately = self._lately
        if lately is not None and lately[0] is levels and lately[1] is switched:
            return lately[2]
        frame = levels, switched
        missing = self._needed - len(levels)
        if missing > 0:
            levels, switched = levels + bytes(missing), (*switched, *(False,) * missing)
        source = self._source
        mapped = bytes(map(levels.__getitem__, source)), tuple(map(switched.__getitem__, source))
        self._lately = *frame, mapped
        return mapped

    def _fitting(self, last: LimiterState, now: float) -> LimiterState:
        """``last``, adapted to the present number of lights."""
        count = len(self._source)
        levels, on = self._mapped(*self._heard)
        own = slice(0, self._count)
        shown = last.levels[own] + levels[len(last.levels[own]) :]
        states = (*last.on[own], *on[len(last.on[own]) :])
        since = (*last.since[own], *(float("-inf"),) * (count - len(last.since[own])))
        if last.limits is None or last is _beginning(last.limits):
            return _beginning(self._limits)
        return replace(last, levels=shown, on=states, since=since).under(self._limits, now)

    def _skip(self, output: LimiterState, now: float) -> LightFrame:
        """Shows ``output``, which may be darker than the limit allows."""
        self._dark_until = now + WINDOW
        return self._keep(output, now)

    def _keep(self, output: LimiterState, now: float) -> LightFrame:
        last, self._last = self._last, output
        if output is not last and (
            any(map(int.__gt__, output.levels, last.levels)) or any(map(int.__gt__, output.on, last.on))
        ):
            self._rose = now
        return output.levels[: self._count], output.on[: self._count]


_SHARED = 64
"""Maximum number of cached results."""
_shared: OrderedDict[tuple[object, ...], tuple[LimiterState, LimiterState, object]] = OrderedDict()


def _once(
    last: LimiterState, limits: Limits | None, key: tuple[object, ...], make: Callable[[], LimiterState]
) -> LimiterState:
    """The result of ``make`` for ``last``, computed once for all guards with the same lights and input.

    This applies to the outputs of one service: they start with the same ``last``, and with the same input they keep
    sharing it. After a missed packet, they share it again once its effect has passed. ``key`` is everything else that
    the result depends on.
    """
    whole = (id(last), id(limits), *key)
    kept = _shared.get(whole)
    if kept is not None:
        return kept[1]
    made, alike = make(), (id(limits), *key)
    other = _shared.get(alike)
    if other is not None and other[1] == made:
        made = other[1]
    # The cache holds a reference, so the id stays valid.
    _shared[whole] = _shared[alike] = last, made, limits
    while len(_shared) > _SHARED:
        _shared.popitem(last=False)
    return made


def _limited(
    last: LimiterState, levels: bytes, on: tuple[bool, ...], limits: Limits, now: float
) -> LimiterState:
    return _once(last, limits, (levels, on, now), lambda: limit(last, levels, on, limits, now, window=WINDOW))


def _darkened(last: LimiterState, levels: bytes, on: tuple[bool, ...], now: float) -> LimiterState:
    return _once(last, None, (levels, on, now), lambda: darkened(last, levels, on, now))


def _blacked_out(last: LimiterState, now: float) -> LimiterState:
    return _once(last, None, (now,), lambda: black_out(last, now))


@lru_cache(maxsize=256)
def _limits(lights: tuple[Light, ...]) -> Limits:
    return Limits(lights, len(lights))


@lru_cache(maxsize=256)
def _beginning(limits: Limits) -> LimiterState:
    return LimiterState.dark(limits.channels).under(limits)


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
