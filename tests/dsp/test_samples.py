import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from yulelight.dsp.samples import LIMIT, as_float, finite, mono, stereo

any_floats = st.floats(width=32, allow_nan=True, allow_infinity=True)


@given(arrays(np.float32, st.tuples(st.integers(0, 30), st.integers(1, 8)), elements=any_floats))
def test_finite_changes_only_what_it_must(samples: np.ndarray) -> None:
    clean = finite(samples)
    sound = np.abs(samples) <= LIMIT
    assert (np.abs(clean) <= LIMIT).all()
    np.testing.assert_array_equal(clean[sound], samples[sound])
    assert (clean[~np.isfinite(samples)] == 0).all()


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.array([0, 128, 255], np.uint8), [-1, 0, 127 / 128]),
        (np.array([-32768, 0, 16384], np.int16), [-1, 0, 0.5]),
        (np.array([-(2**31), 0, 2**30], np.int32), [-1, 0, 0.5]),
        (np.array([-1.5, 0.25], np.float64), [-1.5, 0.25]),
        (np.array([-1.5, 0.25], np.float32), [-1.5, 0.25]),
    ],
)
def test_as_float(samples: np.ndarray, expected: list[float]) -> None:
    assert as_float(samples).dtype == np.float32
    np.testing.assert_allclose(as_float(samples), expected)


@given(
    arrays(np.float32, st.tuples(st.integers(0, 30), st.integers(1, 8)), elements=st.floats(-2, 2, width=32))
)
def test_stereo_never_exceeds_its_channels(samples: np.ndarray) -> None:
    pair = stereo(samples)
    assert pair.shape == (len(samples), 2)
    assert np.abs(pair).max(initial=0) <= np.abs(samples).max(initial=0) + 1e-5
    if samples.shape[1] <= 2:
        np.testing.assert_array_equal(pair[:, 0], samples[:, 0])
        np.testing.assert_array_equal(pair[:, 1], samples[:, -1])


def test_stereo_keeps_sides_and_hears_every_channel() -> None:
    for channel in range(6):
        samples = np.zeros((1, 6), np.float32)
        samples[0, channel] = 1
        left, right = stereo(samples)[0]
        assert (left > 0) == (channel != 1)
        assert (right > 0) == (channel != 0)


def test_mono_is_the_mean_and_leaves_its_argument() -> None:
    block = np.array([[1, 0], [0.5, -0.5]], np.float32)
    np.testing.assert_array_equal(mono(block), [0.5, 0])
    assert block[0, 0] == 1
