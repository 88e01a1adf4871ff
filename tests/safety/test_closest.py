"""What a limit changes is changed as little as it takes; the expected light is worked out from the limit by hand."""

import pytest

from tests.safety.oracle import flashes, luminance
from yulelight.safety.limiter import limit_levels
from yulelight.safety.limits import Kind, Light, Limits
from yulelight.safety.state import LimiterState

STEP = 0.05
"""Seconds from frame to frame."""


def house(count: int, kind: Kind) -> Limits:
    lights = tuple(Light(channel=n, kind=kind, min_on=0.0, min_off=0.0) for n in range(1, count + 1))
    return Limits(lights, count)


def worn_out(limits: Limits, flashing: int, *, lit: bool) -> tuple[LimiterState, float]:
    """After five changes of the first ``flashing`` lights in a quarter of a second, and when the next frame comes.

    Until a second has passed the sixth, which made the third flash whole, may not come. ``lit``: all are on now, else
    all are off; the others have been so all the time.
    """
    output, count = LimiterState.dark(limits.channels), limits.channels
    for k, now in enumerate([0.0, 5.0, *(10.0 + k * STEP for k in range(5))]):
        on = [lit if k % 2 == 0 else not lit] * flashing + [lit] * (count - flashing)
        output = limit_levels(output, [float(x) for x in on], on, limits, now)
        assert output.frame() == (bytes(255 * x for x in on), tuple(on))
    return output, 10.0 + 5 * STEP


def test_of_relays_that_may_not_come_on_together_the_brightest_one_does() -> None:
    limits = house(20, "relay")
    output, now = worn_out(limits, 10, lit=False)
    levels, on = [0.5] * 20, [n >= 10 for n in range(20)]
    levels[17] = 1.0
    output = limit_levels(output, levels, on, limits, now)
    # One of twenty is a twentieth of the light; two were a tenth, which is a flash.
    assert [n for n, lit in enumerate(output.on) if lit] == [17]
    assert limit_levels(output, levels, on, limits, now + 2.0).on == tuple(on)


def test_of_relays_that_may_not_go_off_together_the_darkest_one_does() -> None:
    limits = house(20, "relay")
    output, now = worn_out(limits, 10, lit=True)
    levels, on = [0.5] * 20, [n < 10 for n in range(20)]
    levels[13] = 0.0
    output = limit_levels(output, levels, on, limits, now)
    assert [n for n, lit in enumerate(output.on) if not lit] == [13]
    assert limit_levels(output, levels, on, limits, now + 2.0).on == tuple(on)


def test_dimmers_that_may_not_rise_rise_together_as_far_as_is_no_flash() -> None:
    limits = house(16, "dimmer")
    output, now = worn_out(limits, 8, lit=False)
    wanted = [*[0.0] * 8, *[0.9, 0.85, 0.8, 0.75] * 2]
    output = limit_levels(output, wanted, [False] * 16, limits, now)
    light = sum(luminance(level) for level in output.levels) / 16
    assert 0.06 < light < 0.09
    assert not any(output.levels[:8])
    # What they show against each other stays.
    assert [output.levels[8] - x for x in output.levels[8:12]] == pytest.approx([0, 13, 26, 38], abs=1)


def test_dimmers_that_may_not_fall_fall_together_as_far_as_is_no_flash() -> None:
    limits = house(16, "dimmer")
    output, now = worn_out(limits, 8, lit=True)
    wanted = [*[1.0] * 8, *[0.2, 0.15, 0.1, 0.05] * 2]
    output = limit_levels(output, wanted, [False] * 16, limits, now)
    light = sum(luminance(level) for level in output.levels) / 16
    assert 0.91 < light < 0.94
    assert output.levels[:8] == b"\xff" * 8
    assert [output.levels[8] - x for x in output.levels[8:12]] == pytest.approx([0, 13, 26, 38], abs=1)


def test_one_light_that_flashed_enough_is_held_and_the_others_do_as_they_like() -> None:
    limits = house(16, "dimmer")
    output, now = worn_out(limits, 1, lit=False)
    wanted = [1.0, *[77 / 255] * 15]
    output = limit_levels(output, wanted, [False] * 16, limits, now)
    assert 0.06 < luminance(output.levels[0]) < 0.09
    assert output.levels[1:] == bytes([77] * 15)


def test_how_much_may_be_on_is_said_beforehand() -> None:
    limits = house(10, "relay")
    fresh = LimiterState.dark(10).under(limits)
    assert fresh.permitted_shares(0.0) == (0.0, 1.0)
    output, now = worn_out(limits, 10, lit=False)
    low, high = output.permitted_shares(now)
    assert low == 0.0
    assert 0.05 < high < 0.1
    assert output.permitted_shares(now + 2.0) == (0.0, 1.0)


def alternately(limits: Limits, one: int, other: int, count: int) -> list[tuple[tuple[bool, ...], float]]:
    """Each of two lights flashes three times a second, one after the other."""
    output, shown = LimiterState.dark(count), []
    for k in range(40):
        now = 100.0 + k * STEP
        on = [(n == one and k % 6 in (0, 1)) or (n == other and k % 6 in (3, 4)) for n in range(count)]
        output = limit_levels(output, [float(lit) for lit in on], on, limits, now)
        shown.append((output.on, now))
    return shown


def test_two_bright_lights_among_many_faint_ones_count_by_their_load() -> None:
    loads = [300.0, 300.0, *[3.0] * 38]
    lights = tuple(
        Light(channel=n, kind="relay", load=load, min_on=0.0, min_off=0.0) for n, load in enumerate(loads, 1)
    )
    shown = alternately(Limits(lights, 40), 0, 1, 40)
    light = [sum(w for w, lit in zip(loads, on, strict=True) if lit) / sum(loads) for on, _ in shown]
    assert any(light)
    assert flashes([now for _, now in shown], light) <= 3


def test_the_lights_of_one_node_keep_the_limit_by_themselves() -> None:
    lights = tuple(
        Light(channel=n, kind="relay", node="porch" if n < 3 else "roof", min_on=0.0, min_off=0.0)
        for n in range(1, 41)
    )
    shown = alternately(Limits(lights, 40), 0, 1, 40)
    light = [(on[0] + on[1]) / 2 for on, _ in shown]
    assert any(light)
    assert flashes([now for _, now in shown], light) <= 3
