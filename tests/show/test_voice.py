"""The light of the voice: given to the voice only where somebody sings, and then on while somebody does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.dsp.onsets import BANDS
from yulelight.show.ahead import AheadMapping
from yulelight.show.at_once import LiveMapping
from yulelight.show.look import LIVELY
from yulelight.show.voice import Presence, blended, of_song

RATE = 86.13
CHANNEL = 4


def sung(seconds: float, part: float, seed: int = 1) -> np.ndarray:
    """(n,) 1 in phrases of about two seconds that fill a ``part`` of the time, 0 between them."""
    count = int(seconds * RATE)
    blocks = np.random.default_rng(seed).random(count // 172 + 1) < part
    return np.repeat(blocks, 172)[:count].astype(np.float32)


def codes(seconds: float) -> np.ndarray:
    """Eight channels of pulses that decay, none of which is like the phrases."""
    times = np.arange(int(seconds * RATE)) / RATE
    periods = np.array([0.31, 0.47, 0.62, 0.83, 0.95, 1.24, 1.7, 2.1])
    return np.asarray(np.exp(-4 * ((times[:, None] + periods) % periods) / periods), np.float32)


@pytest.mark.parametrize(("part", "some"), [(0.5, True), (0.3, True), (0.0, False)])
def test_a_song_is_sung_when_it_is_for_a_good_share_of_the_time(part: float, some: bool) -> None:
    voice = np.asarray(0.9 * sung(120, part) + 0.05, np.float32)
    heard = np.ones(len(voice), bool)
    assert (of_song(voice, heard, RATE) is not None) == some
    assert of_song(voice, ~heard, RATE) is None, "nothing is heard"


def test_a_head_that_is_less_certain_of_a_singer_shows_as_much_of_it() -> None:
    sings = sung(120, 0.45)
    heard = np.ones(len(sings), bool)
    for certain in (0.9, 0.55):
        shown = of_song(np.asarray(0.03 + (certain - 0.03) * sings, np.float32), heard, RATE)
        assert shown is not None
        assert np.corrcoef(shown, sings)[0, 1] > 0.9
        assert np.quantile(shown, 0.9) == 1


def test_a_head_that_errs_for_a_second_gives_nothing_away() -> None:
    voice = np.full(round(90 * RATE), 0.1, np.float32)
    voice[1000:1150] = 0.95
    assert of_song(voice, np.ones(len(voice), bool), RATE) is None
    shares = Presence(RATE).steps(voice[:, None])[:, 1]
    assert shares.max() < 0.5


@given(st.lists(st.floats(0, 1), max_size=60), st.floats(0, 1), st.integers(0, 7))
def test_levels_and_shares_stay_in_range(voice: list[float], level: float, channel: int) -> None:
    told = Presence(2.0).steps(np.array(voice, np.float32).reshape(-1, 1))
    assert told.shape == (len(voice), 2)
    assert np.all((told >= 0) & (told <= 1))
    before = np.full(8, level, np.float32)
    for one, share in told:
        made = blended(before, channel, float(one), float(share))
        assert np.array_equal(np.delete(made, channel), np.delete(before, channel))
        assert min(one, level) - 1e-6 <= made[channel] <= max(one, level) + 1e-6


def test_without_a_look_ahead_it_follows_the_singer_once_somebody_is_known_to_sing() -> None:
    music, sings = codes(90), sung(90, 0.5)
    mapping = LiveMapping(8, RATE, LIVELY, voice_channel=CHANNEL)
    frames = [
        mapping.step(row, -15.0, k % 20 == 0, float(one))
        for k, (row, one) in enumerate(zip(music, sings, strict=True))
    ]
    agree(frames, sings)


def test_with_a_look_ahead_it_does_so_too() -> None:
    music, sings = codes(90), sung(90, 0.5)
    mapping = AheadMapping(8, RATE, LIVELY, voice_channel=CHANNEL)
    power = np.repeat(music.mean(1, keepdims=True), BANDS, axis=1).astype(np.float32)
    frames = []
    for start in range(0, len(music), 43):
        some = slice(start, start + 43)
        mapping.hear(
            music[some], np.full(len(music[some]), -15.0, np.float32), power[some], sings[some, None]
        )
        frames += mapping.decide(start - 43)
    frames += mapping.decide(len(music))
    agree(frames, sings)


def agree(frames: list[tuple[bytes, tuple[bool, ...]]], sings: np.ndarray) -> None:
    later = slice(len(sings) // 3, None)
    levels = np.array([list(levels) for levels, _ in frames])[later, CHANNEL]
    on = np.array([on for _, on in frames])[later, CHANNEL]
    assert np.corrcoef(levels, sings[later])[0, 1] > 0.85
    assert np.corrcoef(on, sings[later])[0, 1] > 0.75


def test_where_nobody_sings_the_channel_shows_its_code() -> None:
    music, plain, deaf = (
        codes(30),
        LiveMapping(8, RATE, LIVELY),
        LiveMapping(8, RATE, LIVELY, voice_channel=2),
    )
    for k, row in enumerate(music):
        assert plain.step(row, -15.0, k % 20 == 0) == deaf.step(row, -15.0, k % 20 == 0, 0.1)
