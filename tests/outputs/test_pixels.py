"""What a level looks like on pixels, and that its light is what the limits count."""

from hypothesis import given
from hypothesis import strategies as st

from yulelight.outputs.pixels import Effect, Order, Range, Strip

EFFECTS = st.sampled_from(["dim", "length", "sparkle", "chase"])
ORDERS = st.sampled_from(["rgb", "grb", "rgbw", "w"])


@given(st.integers(0, 255), st.integers(1, 400), EFFECTS, ORDERS, st.floats(1, 4))
def test_every_effect_gives_the_light_of_its_level(
    level: int, count: int, effect: Effect, order: Order, gamma: float
) -> None:
    shown = Strip(count + 5, (Range(1, 3, count, effect=effect),), gamma, order).painted([level])
    full = Strip(count + 5, (Range(1, 3, count, effect=effect),), gamma, order).painted([255])
    width = len(order)
    assert len(shown) == width * (count + 5) and not any(shown[: 3 * width]) and not any(shown[-2 * width :])
    # Each byte is rounded; only where all of them dim do the roundings add up.
    most = (0.5 * count if effect == "dim" else 0.5) * width
    assert abs(sum(shown) - (level / 255) ** gamma * sum(full)) <= most + 0.01


@given(st.integers(0, 255), st.integers(1, 300))
def test_length_lights_from_the_first_on(level: int, count: int) -> None:
    shown = Strip(count, (Range(1, 0, count, effect="length"),), 1.0, "w").painted([level])
    assert list(shown) == sorted(shown, reverse=True) and len({*shown} - {0, 255}) <= 1


@given(st.integers(0, 255), st.integers(1, 300), st.integers(0, 1000))
def test_a_chase_is_a_length_that_moves_and_begins_anew(level: int, count: int, step: int) -> None:
    def shown(effect: Effect, step: int) -> bytes:
        return Strip(count, (Range(1, 0, count, effect=effect),), 1.0, "w").painted([level], (), step)

    still, moved = shown("length", step), shown("chase", step)
    begin = step * count // 8 % count
    assert [moved[(begin + k) % count] for k in range(count)] == list(still)
    assert shown("chase", step + 8) == moved


@given(st.integers(2, 300))
def test_sparkle_takes_nothing_back_as_the_level_rises(count: int) -> None:
    strip = Strip(count, (Range(1, 0, count, effect="sparkle"),), 2.2, "w")
    before = bytes(count)
    for level in range(256):
        now = strip.painted([level])
        assert all(a <= b for a, b in zip(before, now, strict=True))
        before = now
    assert before == b"\xff" * count


def test_sparkle_is_scattered() -> None:
    half = Strip(200, (Range(1, 0, 200, effect="sparkle"),), 1.0, "w").painted([128])
    assert 20 < sum(value > 0 for value in half[:100]) < 80


def test_white_diodes_give_what_the_colours_share() -> None:
    assert Strip(1, (Range(1, 0, 1, (255, 200, 100)),), 1.0, "rgbw").painted([255]) == bytes(
        [155, 100, 0, 100]
    )
    assert Strip(1, (Range(1, 0, 1, (1, 2, 3)),), 1.0, "grb").painted([255]) == bytes([2, 1, 3])
