import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yulelight.lab.preview.compose import Compositor

SHAPE = (5, 7)
light = st.floats(0, 20, width=32)
nights = arrays(np.float32, (*SHAPE, 3), elements=light)
pictures = arrays(np.float32, (3, *SHAPE, 3), elements=light)
levels = arrays(np.float32, (4, 3, 3), elements=st.floats(0, 1, width=32))


@given(nights, pictures, levels)
def test_the_screen_shows_the_sum_of_the_light_with_a_shoulder(
    night: np.ndarray, layers: np.ndarray, weights: np.ndarray
) -> None:
    screen = Compositor(night, layers).frames(weights)
    total = night + np.einsum("nkc,khwc->nhwc", weights.astype(float), layers)
    wanted = 255 * np.sqrt(total / (1 + total))
    assert screen.shape == (3, 4, *SHAPE)
    assert np.abs(np.moveaxis(screen, 0, 3) - wanted).max() < 1


@given(nights, pictures, levels, levels)
def test_more_light_is_never_darker(
    night: np.ndarray, layers: np.ndarray, weights: np.ndarray, more: np.ndarray
) -> None:
    compositor = Compositor(night, layers)
    less = compositor.frames(weights).copy()
    assert (compositor.frames(np.maximum(weights, more)) >= less).all()


@settings(max_examples=20)
@given(st.integers(1, 8), st.integers(0, 2**31))
def test_pictures_larger_than_a_block_are_mixed_whole(count: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    layers = draw.random((2, 130, 170, 3), np.float32)
    compositor = Compositor(layers[0], layers, 8)
    weights = draw.random((count, 2, 3)).astype(np.float32)
    whole = compositor.frames(weights).copy()
    for k in range(count):
        one = compositor.frames(weights[k : k + 1])[:, 0].astype(int)
        assert np.abs(one - whole[:, k]).max() <= 1  # sums in another order may round to the other side


def test_darkness_and_dazzle_are_the_ends_of_the_scale() -> None:
    night = np.zeros((1, 1, 3), np.float32)
    compositor = Compositor(night, np.full((1, 1, 1, 3), 1e9, np.float32))
    screen = compositor.frames(np.array([[[0.0] * 3], [[1.0] * 3]], np.float32))
    assert screen[:, 0].max() == 0
    assert screen[:, 1].min() == 255
