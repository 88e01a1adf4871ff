"""Onsets of sounds whose beginnings are known, and the mel scale under them."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from yulelight.dsp.mel import mel_filters
from yulelight.dsp.onsets import band_power, peaks, strength
from yulelight.dsp.spectrum import FRAME_RATE, RATE, magnitudes


def test_plucked_notes_are_found_where_they_begin() -> None:
    times = np.arange(8 * RATE) / RATE
    begins = np.array([0.5, 1.1, 1.5, 2.4, 3.0, 3.25, 4.9, 6.0, 7.1])
    wave = np.zeros_like(times)
    for k, begin in enumerate(begins):
        since = times - begin
        wave += np.where(since >= 0, np.exp(-5 * since) * np.sin(2 * np.pi * 220 * 2 ** (k / 4) * since), 0)
    wave *= np.minimum(1, (8 - times) * 4)  # a cut at the end would be heard as a click
    flux = strength(band_power(magnitudes((0.5 * wave).astype(np.float32))))
    found = np.array(peaks(flux)) / FRAME_RATE
    assert len(found) == len(begins)
    assert np.abs(found - begins).max() < 0.04


def test_silence_and_short_songs_have_none() -> None:
    for count in (0, 1, 2, 3, 400):
        flux = strength(np.zeros((count, 64), np.float32))
        assert flux.shape == (count,)
        assert peaks(flux) == []


@given(hnp.arrays(np.float32, st.integers(0, 400), elements=st.floats(0, 1, width=32)))
def test_peaks_are_in_order_and_apart(flux: np.ndarray) -> None:
    found = peaks(flux)
    assert all(b - a > round(0.03 * FRAME_RATE) for a, b in pairwise(found))
    assert all(flux[k] > 0.06 for k in found)


def test_mel_filters_read_white_noise_the_same() -> None:
    filters = mel_filters(40)
    assert filters.shape == (513, 40)
    assert filters.min() == 0
    areas = filters[:, 5:].sum(0) * RATE / 1024
    assert np.allclose(areas, 100, rtol=0.15)
    centres = filters.argmax(0)
    assert np.all(np.diff(centres) >= 0)
