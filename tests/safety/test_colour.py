"""Colours of palettes: no change of colour is a change of light, and none is WCAG's saturated red."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.outputs.pixels import Range, Strip
from yulelight.safety.colour import Colour, evened, lamp_colour
from yulelight.show.palettes import PALETTES

PARTS = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
CODES = PARTS.map(lambda parts: "#" + bytes(parts).hex())


def relative_luminance(colour: Colour) -> float:
    """As WCAG defines it, of colours on a linear scale."""
    red, green, blue = colour
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def red_flashes(colour: Colour, other: Colour) -> bool:
    """WCAG 2.1's note on red flashes: one of the states is a saturated red, and they differ by more than 20."""

    def saturated(red: int, green: int, blue: int) -> bool:
        return red > 0 and red / (red + green + blue) >= 0.8

    def amount(red: int, green: int, blue: int) -> float:
        return max(0.0, (red - green - blue) * 320 / 255)

    return (saturated(*colour) or saturated(*other)) and abs(amount(*colour) - amount(*other)) > 20


@given(PARTS)
def test_all_have_the_same_light(parts: Colour) -> None:
    shown = evened(parts)
    assert all(0 <= part <= 255 for part in shown)
    assert relative_luminance(shown) == pytest.approx(0.32, abs=0.003)  # half a step of each part


@given(CODES)
def test_none_flashes_red_at_any_level(code: str) -> None:
    strip = Strip(1, (Range(1, 0, 1, lamp_colour(code)),), 2.2, follows=True)
    shown = [tuple(strip.painted([level])) for level in range(256)]
    assert not any(red_flashes((0, 0, 0), one) for one in shown)  # type: ignore[arg-type]


def test_a_plain_red_would_flash_red() -> None:
    assert red_flashes((0, 0, 0), (255, 0, 0))


@given(CODES)
def test_the_hue_is_kept(code: str) -> None:
    parts, shown = bytes.fromhex(code[1:]), lamp_colour(code)
    order = sorted(range(3), key=lambda k: parts[k])
    assert all(shown[a] <= shown[b] + 1 for a, b in pairwise(order))


@pytest.mark.parametrize("name", PALETTES)
def test_colours_of_a_palette_can_be_told_apart(name: str) -> None:
    shown = {lamp_colour(code) for code in PALETTES[name]}
    for one in shown:
        assert all(
            one == other or max(abs(a - b) for a, b in zip(one, other, strict=True)) > 20 for other in shown
        )


@pytest.mark.parametrize("code", ["", "red", "#12345", "#1234567", "#12345g", "123456"])
def test_what_is_no_colour(code: str) -> None:
    with pytest.raises(ValueError, match="#rrggbb"):
        lamp_colour(code)
