"""Codes to light: alive on anything, dark in silence, the same offline and live where both can be."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from yulelight.show.at_once import LiveMapping
from yulelight.show.envelope import fade, follow, gate, smooth
from yulelight.show.look import LIVELY
from yulelight.show.mapping import Music, map_song
from yulelight.show.normalise import Range, RunningQuantiles, quantiles
from yulelight.show.switch import switch

RATE = 86.13


def song(codes: np.ndarray, loudness: np.ndarray | float = -15.0, onsets: tuple[int, ...] = ()) -> Music:
    loud = np.broadcast_to(np.asarray(loudness, np.float32), len(codes))
    return Music(codes, loud, onsets, (), RATE, np.ones(8, np.float32))


def music(seconds: float, scale: float = 1.0, offset: float = 0.0) -> np.ndarray:
    """Eight channels of something that moves like music: pulses of different periods that decay."""
    times = np.arange(int(seconds * RATE)) / RATE
    periods = np.array([0.31, 0.47, 0.62, 0.83, 0.95, 1.24, 1.7, 2.1])
    pulses = np.exp(-4 * ((times[:, None] + periods) % periods) / periods)
    return np.asarray(np.clip(offset + scale * pulses, 0, 1), np.float32)


@pytest.mark.parametrize(("scale", "offset"), [(1.0, 0.0), (0.05, 0.9), (0.01, 0.02)])
def test_no_channel_is_dead_or_stuck(scale: float, offset: float) -> None:
    """A code that uses a hundredth of its range, as on songs unlike the training set, still lights its channel."""
    codes = music(40, scale, offset)
    onsets = tuple(range(0, len(codes), 13))
    _, switched = map_song(song(codes, onsets=onsets), LIVELY)
    share = switched.mean(0)
    assert np.all(share > 0.05)
    assert np.all(share < 0.95)


def test_live_channels_come_alive_too() -> None:
    codes = music(40, 0.3, 0.4)
    mapping = LiveMapping(8, RATE, LIVELY)
    on = np.array([mapping.step(row, -15.0, k % 13 == 0)[1] for k, row in enumerate(codes)])
    share = on[len(on) // 4 :].mean(0)
    assert np.all(share > 0.05)
    assert np.all(share < 0.9)


@pytest.mark.parametrize("every", [13, 60, 431])
def test_live_lights_come_on_where_notes_begin_or_after_two_seconds_without_any(every: int) -> None:
    codes, mapping = music(40.0), LiveMapping(8, RATE, LIVELY)
    on = np.array([mapping.step(row, -15.0, k % every == 0)[1] for k, row in enumerate(codes)])
    came = (1 + np.flatnonzero((on[1:] & ~on[:-1]).any(1))) / RATE
    notes = np.arange(0, len(codes), every) / RATE
    assert len(came) > 15
    for k, moment in enumerate(came):
        after_note = moment - notes[notes <= moment + 1e-9].max()
        alone = moment - came[k - 1] if k else 2.0
        assert after_note < 0.03 + 1 / RATE or alone > 2.0 - 1.5 / RATE
    late = [moment - notes[notes <= moment + 1e-9].max() for moment in came]
    assert every < 200 or max(late) > 2.0, "long notes are not left in the dark"


def test_silence_is_dark_whatever_the_codes_say() -> None:
    codes = music(20)
    loudness = np.full(len(codes), -15, np.float32)
    loudness[600:1200] = -90
    levels, switched = map_song(song(codes, loudness, tuple(range(0, len(codes), 20))), LIVELY)
    assert levels[620:1180].max() == 0
    assert not switched[620:1180].any()
    assert switched[1300:].any()


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(np.float32, st.tuples(st.integers(0, 60), st.just(8)), elements=st.floats(0, 1, width=32)),
    st.floats(-120, 10),
)
def test_any_codes_give_a_show_of_the_same_length(codes: np.ndarray, loudness: float) -> None:
    levels, switched = map_song(song(codes, loudness, tuple(range(0, len(codes), 7))), LIVELY)
    assert levels.shape == switched.shape == codes.shape
    assert levels.dtype == np.uint8


def test_levels_rise_at_once_and_fall_slowly() -> None:
    keep = fade(0.2, RATE)
    out = follow(np.array([[0.0], [1.0], [0.0], [0.0]], np.float32), keep)
    assert out[1, 0] == 1.0
    assert out[3, 0] == pytest.approx(keep**2)
    assert keep ** (0.2 * RATE) == pytest.approx(np.exp(-1))


@given(st.floats(-150, 20))
def test_gate_is_a_share(loudness: float) -> None:
    assert 0.0 <= float(gate(loudness, -62, 14)) <= 1.0
    assert float(gate(-62.0, -62, 14)) == 0.0
    assert float(gate(-48.0, -62, 14)) == 1.0


def test_running_quantiles_follow_and_forget() -> None:
    running = RunningQuantiles(1, memory=200, prior=50)
    rng = np.random.default_rng(1)
    for value in rng.uniform(0.2, 0.4, 2000):
        running.add(np.array([value], np.float32))
    learned = running.range((0.05, 0.95))
    assert learned.low[0] == pytest.approx(0.21, abs=0.02)
    assert learned.high[0] == pytest.approx(0.39, abs=0.02)
    for value in rng.uniform(0.7, 0.8, 2000):
        running.add(np.array([value], np.float32))
    assert running.range((0.05, 0.95)).low[0] == pytest.approx(0.7, abs=0.02)


def test_running_quantiles_do_not_overflow_in_a_night() -> None:
    running = RunningQuantiles(2, memory=5, prior=5)
    for _ in range(20_000):
        running.add(np.array([0.25, 0.5], np.float32))
    learned = running.range((0.5, 0.9))
    assert np.isfinite(learned.high).all()
    assert learned.low.tolist() == [0.25, 0.5]


def test_a_channel_that_never_moves_reads_half() -> None:
    still = quantiles(np.full((50, 2), 0.3, np.float32), (0.05, 0.95))
    assert still.apply(np.full((3, 2), 0.3, np.float32)).tolist() == [[0.5, 0.5]] * 3
    assert Range(np.zeros(2, np.float32), np.ones(2, np.float32)).apply(np.array([-1.0, 2.0])).tolist() == [
        0,
        1,
    ]


def test_hysteresis_keeps_a_channel_as_it_is_in_between() -> None:
    on_above, off_below = [0.6] * 2, [0.4] * 2
    assert switch([False, True], [0.5, 0.5], on_above=on_above, off_below=off_below) == (False, True)
    assert switch([False, True], [0.7, 0.3], on_above=on_above, off_below=off_below) == (True, False)


def test_relays_come_on_at_onsets_and_nowhere_else() -> None:
    codes = music(30)
    onsets = tuple(range(40, len(codes), 25))
    _, switched = map_song(song(codes, onsets=onsets), LIVELY)
    came = np.flatnonzero((switched[1:] & ~switched[:-1]).any(1)) + 1
    assert len(came) > 0.8 * len(onsets)
    assert set(came.tolist()) <= set(onsets)


@given(st.integers(1, 40), st.integers(1, 30))
def test_smoothing_keeps_length_and_limits(frames: int, width: int) -> None:
    values = np.random.default_rng(frames).random((frames, 3)).astype(np.float32)
    out = smooth(values, width)
    assert out.shape == values.shape
    assert out.min() >= values.min() - 1e-6
    assert out.max() <= values.max() + 1e-6
    assert np.allclose(smooth(np.full((frames, 2), 0.3, np.float32), width), 0.3, atol=1e-6)


def test_the_end_of_a_song_fades_and_rests_stay_dark() -> None:
    """With its spectrum at hand: tuning and search must not light what is silent."""
    frames = int(30 * RATE)
    rng = np.random.default_rng(2)
    active = np.repeat(rng.random((frames // 20 + 1, 8)) ** 2, 20, axis=0)[:frames]
    fall = np.interp(np.arange(frames), [0, 20 * RATE, 28 * RATE], [0, 0, -8])[:, None]
    fall[int(10 * RATE) : int(11 * RATE)] = -10
    power = ((active @ rng.random((8, 64)) ** 4 + 1e-3) * 10**fall).astype(np.float32)
    loudness = (10 * np.log10(power.mean(1)) - 10).astype(np.float32)
    codes = np.clip((10 * np.log10(power[:, ::8]) + 60) / 60, 0, 1).astype(np.float32)
    onsets = tuple(range(0, frames, 20))
    levels, switched = map_song(
        Music(codes, loudness, onsets, (), RATE, np.zeros(8, np.float32), power=power), LIVELY
    )
    quiet = slice(int(10.3 * RATE), int(10.8 * RATE))
    assert levels[quiet].max() == 0 and not switched[quiet].any()
    assert levels[-20:].max() == 0 and not switched[-20:].any()
    seconds = [float(levels[int(t * RATE) : int((t + 2) * RATE)].mean()) for t in (16, 21, 23.5, 26)]
    assert seconds[0] > 1.3 * seconds[1] > 1.3 * seconds[2] > seconds[3]


def test_a_voice_has_a_light_of_its_own() -> None:
    """Dimmed and switched, whatever the code of its channel says; the others do not mind."""
    codes = music(40)
    sings = np.repeat(np.tile([0.0, 0.9, 0.8, 0.1], 20), 50)[: len(codes)].astype(np.float32)
    plain = song(codes, onsets=tuple(range(0, len(codes), 20)))
    levels, switched = map_song(replace(plain, voice=sings, voice_channel=4), LIVELY)
    assert np.corrcoef(levels[:, 4], sings)[0, 1] > 0.9
    assert np.corrcoef(switched[:, 4], sings)[0, 1] > 0.7
    others = [0, 1, 2, 3, 5, 6, 7]
    before, _ = map_song(plain, LIVELY)
    assert np.abs(levels[:, others].astype(int) - before[:, others]).mean() < 10
