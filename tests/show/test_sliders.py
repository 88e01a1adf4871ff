"""The sliders of a look of one's own: each changes what it is named for, in what people see, and nothing is unsafe."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.show.test_looks import assert_safe, hostile, live, pulsing
from yulelight.show.look import LOOKS, Look
from yulelight.show.mapping import Music, map_song
from yulelight.show.sliders import Sliders, adjusted

NAMES = ("drama", "calm", "contrast", "voice")
FAR = (-1.0, 0.0, 1.0)


def shows(song: Music, look: str, slider: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Levels from 0 to 1 and states, with the slider far left, in the middle and far right."""
    made = [map_song(song, adjusted(LOOKS[look], Sliders(**{slider: x}))) for x in FAR]
    return [(levels / 255, on) for levels, on in made]


def in_order(values: list[float], least: float) -> bool:
    """Whether the values rise, by at least a factor from the first to the last."""
    return values[0] < values[1] < values[2] and values[2] > least * values[0]


def quiet_then_loud() -> Music:
    song = pulsing(40)
    loudness = np.where(np.arange(len(song.codes)) < len(song.codes) / 2, -40, -12).astype(np.float32)
    return replace(song, loudness=loudness)


@pytest.mark.parametrize("name", LOOKS)
def test_sliders_in_the_middle_change_nothing(name: str) -> None:
    assert adjusted(LOOKS[name], Sliders()) == LOOKS[name]


def test_drama_is_how_much_brighter_loud_music_is() -> None:
    """Dimmed: the ratio of the halves' brightness; switched: of the time for which lights are on."""
    half = len(quiet_then_loud().codes) // 2
    dimmed = [
        levels[half:].mean() / levels[:half].mean()
        for levels, _ in shows(quiet_then_loud(), "lively", "drama")
    ]
    assert in_order(dimmed, 2.0)
    relays = [on[half:].mean() / on[:half].mean() for _, on in shows(quiet_then_loud(), "calm", "drama")]
    assert in_order(relays, 1.3)


@pytest.mark.parametrize("look", LOOKS)
def test_calm_is_how_seldom_lights_change(look: str) -> None:
    def changes(on: np.ndarray) -> int:
        return int((on[1:] != on[:-1]).sum())

    counted = [changes(on) for _, on in shows(pulsing(60), look, "calm")]
    assert counted[0] >= counted[1] >= counted[2] > 0
    assert counted[0] > 1.5 * counted[2]


@pytest.mark.parametrize("look", ["lively", "calm"])
def test_calm_is_how_slowly_levels_move(look: str) -> None:
    moved = [float(np.abs(np.diff(levels, axis=0)).mean()) for levels, _ in shows(pulsing(40), look, "calm")]
    assert in_order(moved[::-1], 1.5)


def test_contrast_is_how_far_bright_and_dark_are_apart() -> None:
    """Dimmed: the spread of each lamp over time; switched: how few lights are on at a time."""
    assert in_order(
        [float(levels.std(0).mean()) for levels, _ in shows(pulsing(40), "calm", "contrast")], 1.3
    )
    assert in_order([1 / float(on.mean()) for _, on in shows(pulsing(40), "calm", "contrast")], 1.3)


def test_voice_is_how_much_a_singer_stands_out() -> None:
    """Somebody sings in the second half: the share of the light that is the singer's, while it is heard."""
    song = pulsing(40)
    half = len(song.codes) // 2
    voice = np.where(np.arange(len(song.codes)) < half, 0, 0.9).astype(np.float32)
    sung = replace(song, voice=voice, voice_channel=3)
    found = shows(sung, "lively", "voice")
    assert in_order([float(levels[half:, 3].sum() / levels[half:].sum()) for levels, _ in found], 2.0)
    alone = [levels for levels, _ in shows(song, "lively", "voice")]
    assert np.array_equal(alone[0], alone[2]), "no voice is known: the slider says nothing"
    far_left = map_song(sung, adjusted(LOOKS["lively"], Sliders(voice=-1.0)))[0]
    assert np.array_equal(far_left / 255, alone[0]), "far left the singer's channel is one like all others"


@settings(max_examples=25, deadline=None)
@given(hostile(), st.sampled_from(sorted(LOOKS)), st.tuples(*[st.floats(-1, 1)] * len(NAMES)))
def test_every_position_is_safe(music: Music, look: str, where: tuple[float, ...]) -> None:
    own: Look = adjusted(LOOKS[look], Sliders(*where))
    for levels, switched in (map_song(music, own), live(music, own)):
        assert levels.shape == switched.shape == music.codes.shape
        assert_safe(levels, switched, min(own.minimum))
        assert min(own.minimum) >= 0.1


@given(st.sampled_from(sorted(LOOKS)), st.tuples(*[st.floats(-1, 1)] * len(NAMES)))
def test_sliders_do_not_touch_each_others_numbers(look: str, where: tuple[float, ...]) -> None:
    """All four together are one after the other, in any order."""
    base, sliders = LOOKS[look], dict(zip(NAMES, where, strict=True))
    together = adjusted(base, Sliders(**sliders))
    for order in (NAMES, NAMES[::-1]):
        alone = base
        for name in order:
            alone = adjusted(alone, Sliders(**{name: sliders[name]}))
        assert alone == together
