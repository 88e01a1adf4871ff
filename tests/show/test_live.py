"""Live shows with a look-ahead: the same however the sound is cut, and never from more future than there is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.benchmarks.songs import carol
from yulelight.dsp.spectrum import RATE
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import Encoder, load
from yulelight.show.ahead import AheadMapping
from yulelight.show.live import LiveShow, live_show
from yulelight.show.look import LOOKS
from yulelight.show.show import Show

FRAMES = RATE / 512


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load(find("glide"))


@pytest.fixture(scope="module")
def music() -> np.ndarray:
    return carol(14)


def cut(samples: np.ndarray, size: int) -> list[np.ndarray]:
    return [samples[k : k + size] for k in range(0, len(samples), size)]


@pytest.mark.parametrize("look_ahead", [0.0, 0.3, 2.0])
def test_blocks_of_other_sizes_give_the_same_show(
    encoder: Encoder, music: np.ndarray, look_ahead: float
) -> None:
    shows = [
        live_show(cut(music, size), encoder, LOOKS["lively"], look_ahead) for size in (700, RATE, len(music))
    ]
    for show in shows[1:]:
        assert show.levels.shape == shows[0].levels.shape
        # Another size rounds codes otherwise, by a bit or so.
        assert np.abs(show.levels.astype(int) - shows[0].levels).max() <= 2
        assert (show.switched == shows[0].switched).mean() > 0.999
        assert show.sections == shows[0].sections


@pytest.mark.parametrize("look_ahead", [0.3, 2.0])
def test_what_is_shown_depends_on_no_more_future_than_the_look_ahead(
    encoder: Encoder, music: np.ndarray, look_ahead: float
) -> None:
    """The beginning of the music, and then something else or nothing at all."""
    half = music[: 8 * RATE]
    noise = np.random.default_rng(1).uniform(-0.7, 0.7, half.shape).astype(np.float32)
    one, other, third = (
        live_show([half, rest], encoder, LOOKS["lively"], look_ahead)
        for rest in (music[8 * RATE :], noise, half[:0])
    )
    same = int((8 - look_ahead) * FRAMES) - 2
    for another in (other, third):
        assert np.array_equal(one.levels[:same], another.levels[:same])
        assert np.array_equal(one.switched[:same], another.switched[:same])
    assert not np.array_equal(one.levels[same : same + 800], other.levels[same : same + 800])


def steps_of(show: Show) -> np.ndarray:
    """Seconds at which an on/off light comes on."""
    on = show.switched
    return np.flatnonzero((on[1:] & ~on[:-1]).any(1)) / show.rate


def test_lights_come_on_where_notes_begin_and_it_is_dark_without_any(encoder: Encoder) -> None:
    """Tones of changing pitch every 0.6 s, then four seconds of silence, then tones again."""
    times = np.arange(26 * RATE) / RATE
    k = (times / 0.6).astype(int)
    tone = 0.4 * np.sin(2 * np.pi * 220 * 2 ** ((k * 7 % 12) / 12) * times) * np.exp(-6 * (times % 0.6))
    tone[(times >= 12) & (times < 16)] = 0
    show = live_show([np.stack([tone, tone], 1).astype(np.float32)], encoder, LOOKS["lively"], 2.0)
    starts = np.arange(0, 26, 0.6)
    starts = starts[(starts < 12) | (starts >= 16)][8:]
    came = steps_of(show)
    hit = [np.abs(came - start).min() < 0.07 for start in starts]
    assert np.mean(hit) > 0.9
    silent = slice(int(12.3 * FRAMES), int(15.7 * FRAMES))
    assert show.levels[silent].max() == 0 and not show.switched[silent].any()


def flashes(light: np.ndarray, rate: float) -> int:
    """Pairs of opposing changes of a tenth or more in the worst second, by a way of its own: from turn to turn."""
    turns, low, high, rising = [], light[0], light[0], None
    for k, value in enumerate(light.tolist()):
        low, high = min(low, value), max(high, value)
        if rising is not True and value - low >= 0.1:
            turns.append(k / rate)
            rising, high = True, value
        elif rising is not False and high - value >= 0.1:
            turns.append(k / rate)
            rising, low = False, value
        if rising is True:
            low = value if value >= high else low
        if rising is False:
            high = value if value <= low else high
        low = value if rising is True and value == high else low
        high = value if rising is False and value == low else high
    return max((sum(t <= other <= t + 1 for other in turns) // 2 for t in turns), default=0)


@settings(max_examples=10, deadline=None)
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(1, 400), st.just(8)), elements=st.floats(0, 1, width=32)),
    st.sampled_from(sorted(LOOKS)),
    st.integers(1, 120),
)
def test_any_codes_in_any_steps_are_safe(codes: np.ndarray, look: str, step: int) -> None:
    mapping = AheadMapping(8, FRAMES, LOOKS[look])
    power = np.repeat(codes, 8, axis=1)
    frames = []
    for k in range(0, len(codes), step):
        some = slice(k, k + step)
        mapping.hear(codes[some], np.full(len(codes[some]), -15, np.float32), power[some])
        frames += mapping.decide(k - 30)
    frames += mapping.decide(len(codes))
    assert len(frames) == len(codes)
    levels = np.array([list(levels) for levels, _ in frames]) / 255
    on = np.array([on for _, on in frames], float)
    for light in ((levels**2.2).mean(1), on.mean(1), *on.T):
        assert flashes(light, FRAMES) <= 3


@pytest.mark.parametrize("look", ["calm", "elegant"])
def test_quiet_looks_change_at_beats_they_know_ahead(look: str, encoder: Encoder) -> None:
    """Two clicks a second: whatever comes on, comes on with one of them."""
    times = np.arange(30 * RATE) / RATE
    noise = np.random.default_rng(5).standard_normal(len(times))
    beat = (times / 0.5).astype(int)
    hum = 0.1 * np.sin(2 * np.pi * 110 * 2 ** (beat // 8 % 5 / 5) * times)
    clicks = (hum + 0.4 * noise * np.exp(-40 * (times % 0.5))).astype(np.float32)
    show = live_show([np.stack([clicks, clicks], 1)], encoder, LOOKS[look], 2.0)
    came = steps_of(show)
    came = came[came > 8]
    off = np.abs(came - np.round(came / 0.5) * 0.5)
    assert len(came) >= 5
    assert np.mean(off < 0.07) > 0.8


def test_after_a_jump_what_was_learned_is_not_forgotten(encoder: Encoder, music: np.ndarray) -> None:
    """A quiet song: a new show has yet to learn that it is, the one after a jump knows."""
    quiet = (music[: 10 * RATE] * np.float32(0.03)).astype(np.float32)
    jumped = LiveShow(encoder, LOOKS["lively"], ahead=True)
    for piece in cut(quiet, RATE):
        jumped.hear(piece)
    jumped.decide(int(8 * FRAMES))
    jumped.forget()
    levels = []
    for show in (LiveShow(encoder, LOOKS["lively"], ahead=True), jumped):
        show.hear(quiet[: 2 * RATE])
        frames = show.decide(int(1.5 * FRAMES))
        assert len(frames) == show.decided == int(1.5 * FRAMES)
        levels.append(np.mean([sum(shown) for (shown, _), _ in frames]))
    assert levels[1] > 1.1 * levels[0]
