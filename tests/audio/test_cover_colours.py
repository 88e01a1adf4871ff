"""The colours of a cover: of pictures that are drawn here."""

import colorsys
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from yulelight.audio.cover_colours import cover_colours


def picture(*areas: tuple[tuple[int, int, int], int], format: str = "PNG") -> bytes:
    """Stripes of colours, each with its width."""
    rows = np.concatenate([np.tile(np.array(colour, np.uint8), (width, 1)) for colour, width in areas])
    file = BytesIO()
    Image.fromarray(np.tile(rows, (100, 1, 1))).save(file, format)
    return file.getvalue()


def hue(code: str) -> float:
    red, green, blue = bytes.fromhex(code[1:])
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_the_largest_comes_first(format: str) -> None:
    found = cover_colours(
        picture(((200, 30, 30), 60), ((20, 60, 200), 30), ((240, 240, 240), 40), format=format)
    )
    assert [round(hue(code) / 20) % 18 for code in found] == [0, 11]


def test_grey_and_dark_are_no_colours() -> None:
    assert cover_colours(picture(((128, 128, 128), 50), ((250, 250, 250), 50))) == ()
    assert cover_colours(picture(((0, 0, 0), 100))) == ()


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + bytes(50), b"hello"])
def test_what_is_no_picture(data: bytes) -> None:
    assert cover_colours(data) == ()


@given(st.binary(max_size=200))
def test_damaged_pictures(data: bytes) -> None:
    assert cover_colours(picture(((200, 30, 30), 10))[:100] + data) is not None


@given(st.floats(0, 359), st.floats(40, 320))
def test_two_hues_are_found(first: float, apart: float) -> None:
    hues = [first, (first + apart) % 360]
    parts = [tuple(round(255 * part) for part in colorsys.hsv_to_rgb(at / 360, 0.8, 0.9)) for at in hues]
    found = cover_colours(picture((parts[0], 60), (parts[1], 40)))  # type: ignore[arg-type]
    assert len(found) == 2
    for code, at in zip(found, hues, strict=True):
        assert abs((hue(code) - at + 180) % 360 - 180) < 15
