"""Seeking in what sounds: exactly the samples after the position, whatever the blocks."""

import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tests.audio.cards import Shop
from yulelight.audio.speaker import Speaker, after, louder
from yulelight.dsp.spectrum import RATE


@given(st.lists(st.integers(1, 4000), max_size=12), st.integers(0, 30_000))
def test_after_skips_exactly(lengths: list[int], skip: int) -> None:
    total = sum(lengths)
    samples = np.arange(total * 2, dtype=np.float32).reshape(-1, 2)
    cuts = np.cumsum(lengths, dtype=int)[:-1]
    rest = list(after(iter(np.split(samples, cuts)), skip / RATE))
    heard = np.concatenate(rest) if rest else np.empty((0, 2), np.float32)
    assert np.array_equal(heard, samples[skip:])


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=50), st.floats(-24, 24))
def test_gain_only_scales(values: list[float], gain: float) -> None:
    samples = np.repeat(np.array(values, np.float32)[:, None], 2, axis=1)
    (heard,) = louder(iter([samples]), gain)
    assert heard.dtype == np.float32
    assert np.allclose(heard, samples * 10 ** (gain / 20), rtol=1e-5)


def test_songs_follow_each_other_on_one_card(tmp_path: Path) -> None:
    songs = []
    for name, level in (("a", 0.5), ("b", 0.25)):
        songs.append(tmp_path / f"{name}.wav")
        soundfile.write(songs[-1], np.full((RATE // 2, 2), level, np.float32), RATE, subtype="FLOAT")
    shop = Shop()
    speaker = Speaker(None, shop)
    start = time.monotonic() + 1.0
    speaker.play(songs[0], 0.0, start)
    speaker.follow(songs[1], 0.25, start + 0.5, gain=-6.0206)
    until = time.monotonic() + 20
    while np.count_nonzero(shop.cards[0].sound()[:, 0]) < 0.75 * RATE - 2 and time.monotonic() < until:
        time.sleep(0.02)
    speaker.stop()
    heard = shop.cards[0].sound()[:, 0]
    heard = heard[heard != 0]
    assert np.allclose(heard[: RATE // 2 - 2], 0.5) and np.allclose(heard[RATE // 2 + 2 :], 0.125, atol=1e-4)
    assert len(shop.cards) == 1 and abs(len(heard) - 0.75 * RATE) <= 2


def test_what_follows_nothing_plays_anew(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.full((2000, 2), 0.5, np.float32), RATE)
    shop = Shop()
    speaker = Speaker(None, shop)
    speaker.volume(0.5)
    speaker.follow(tmp_path / "a.wav", 0.0, time.monotonic() + 0.2)
    until = time.monotonic() + 20
    while np.count_nonzero(shop.cards[0].sound()[:, 0]) < 2000 and time.monotonic() < until:
        time.sleep(0.02)
    speaker.stop()
    assert shop.cards[0].sound()[:, 0].max() == pytest.approx(0.125, abs=1e-3)  # a quarter of the amplitude
