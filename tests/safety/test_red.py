"""Flashes of saturated red, counted by an oracle written from WCAG's text.

"A pair of opposing transitions involving a saturated red": that is a state with R / (R + G + B) >= 0.8, and a
transition counts where (R - G - B) x 320, negative values set to zero, changes by more than 20. R, G and B are linear.
"""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.outputs.pixels import Range, Strip
from yulelight.safety.colour import Colour
from yulelight.safety.limiter import limit
from yulelight.safety.limits import Limits
from yulelight.safety.physics import Light
from yulelight.safety.state import LimiterState, black_out

Rgb = tuple[float, float, float]
REDS: tuple[Colour, ...] = ((255, 0, 0), (255, 30, 30), (200, 10, 0), (255, 177, 74))
"""The last one is a warm white, which is no saturated red."""


def red_flashes(times: Sequence[float], shown: Sequence[Rgb]) -> int:
    """Most flashes of red in any second."""
    return max((_pairs(shown[first : _end(times, first)]) for first in range(len(times))), default=0)


def _end(times: Sequence[float], first: int) -> int:
    return next((k for k in range(first, len(times)) if times[k] >= times[first] + 1 - 1e-9), len(times))


def _pairs(shown: Sequence[Rgb]) -> int:
    values = [320 * max(0.0, red - green - blue) for red, green, blue in shown]
    saturated = [red > 0 and red / (red + green + blue) >= 0.8 for red, green, blue in shown]
    count, rising = 0, 0
    low = high = 0
    for k, value in enumerate(values):
        low, high = (k if value < values[low] else low), (k if value > values[high] else high)
        fell, rose = values[high] - value > 20, value - values[low] > 20
        if fell and rising >= 0 and (saturated[high] or saturated[k]):
            count, rising, low, high = count + 1, -1, k, k
        elif rose and rising <= 0 and (saturated[low] or saturated[k]):
            count, rising, low, high = count + 1, 1, k, k
        elif rising > 0:
            low = high
        elif rising < 0:
            high = low
    return count // 2


def test_the_oracle_counts_what_anybody_would() -> None:
    on, off = (0.5, 0.0, 0.0), (0.0, 0.0, 0.0)
    times = [k / 10 for k in range(10)]
    assert red_flashes(times, [on, off] * 5) == 4
    assert red_flashes(times, [(0.5, 0.5, 0.0), off] * 5) == 0  # yellow
    assert red_flashes(times, [(0.05, 0.0, 0.0), off] * 5) == 0  # too little
    assert red_flashes([2 * t for t in times], [on, off] * 5) == 2


# Between 74 and 84 of 255 are changes that count for red, and not for luminance.
levels = st.sampled_from([0, 0, 74, 78, 84, 128, 255]) | st.integers(0, 255)
frames = st.lists(st.tuples(st.tuples(*[levels] * 4).map(bytes), st.integers(1, 20)), max_size=60)


@given(frames, st.integers(1, 4))
def test_red_flashes_three_times_a_second_at_most(parts: list[tuple[bytes, int]], nodes: int) -> None:
    assert max(worst(parts, nodes)) <= 3


@pytest.mark.parametrize("level", [74, 78, 84, 120, 255])
@pytest.mark.parametrize("channels", [(0,), (0, 1, 2)])
def test_a_red_light_that_is_made_to_blink_does_so_three_times(level: int, channels: tuple[int, ...]) -> None:
    on = bytes(level if n in channels else 0 for n in range(4))
    assert 1 <= max(worst([(on if k % 2 else b"\x01" * 4, 6) for k in range(60)], 1)) <= 3


def worst(parts: list[tuple[bytes, int]], nodes: int) -> list[int]:
    """Flashes of each red light alone, and of all together, of what comes of ``parts`` (levels, 86ths of a second)."""
    strip = Strip(40, tuple(Range(n + 1, 10 * n, 10, colour) for n, colour in enumerate(REDS)), 2.2)
    lights = [
        Light(channel=one.channel, kind="dimmer", load=one.load, red=one.red, node=f"output-{n % nodes}")
        for n, one in enumerate(strip.lights(""))
    ]
    limits, state, now = Limits(tuple(lights), 4), LimiterState.dark(4), 0.0
    times: list[float] = []
    shown: list[list[Rgb]] = [[] for _ in range(4)]
    for wanted, wait in parts:
        now += wait / 86
        state = limit(state, wanted, (False,) * 4, limits, now) if any(wanted) else black_out(state, now)
        times.append(now)
        pixels = [_rgb(level, colour) for level, colour in zip(state.frame()[0], REDS, strict=True)]
        reds = pixels[:3]
        together = (sum(p[0] for p in reds) / 3, sum(p[1] for p in reds) / 3, sum(p[2] for p in reds) / 3)
        for each, rgb in zip(shown, [*reds, together], strict=True):
            each.append(rgb)
    return [red_flashes(times, each) for each in shown]


def _rgb(level: int, colour: Colour) -> Rgb:
    red, green, blue = (part / 255 * (level / 255) ** 2.2 for part in colour)
    return red, green, blue


def test_other_colours_than_saturated_red_are_none() -> None:
    strip = Strip(4, tuple(Range(n + 1, n, 1, colour) for n, colour in enumerate(REDS)), 2.2)
    assert [round(light.red, 3) for light in strip.lights("")] == [1.0, 0.765, 0.745, 0.0]
    assert not Strip(1, (Range(1, 0, 1, (0, 0, 0)),), 2.2).lights("")[0].red


@pytest.mark.parametrize("red", [0.0, 1.0])
def test_what_is_not_red_has_no_more_sums(red: float) -> None:
    lights = tuple(Light(channel=n, kind="dimmer", node="a", red=red) for n in (1, 2))
    limits = Limits((*lights, Light(channel=3, kind="dimmer", node="b")), 3)
    sums = [one.name for one in (*limits.alone, *limits.nodes)]
    names = [*sums, *(house.name for house in limits.houses)]
    assert any("red" in name for name in names) is (red > 0)
