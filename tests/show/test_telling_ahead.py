"""Levels of a stream are adjusted so that more can be read from them; what was shown stays."""

import numpy as np
import pytest

from tests.show.test_telling import reading, song, wrong
from yulelight.show.telling_ahead import TellingAhead, _Likeness, _summary

STEP = 20
"""Frames from one decision to the next."""
FREE = np.ones(8)


def stream(
    sound: np.ndarray,
    levels: np.ndarray,
    ahead: int,
    *,
    gate: np.ndarray | None = None,
    free: np.ndarray = FREE,
) -> np.ndarray:
    """What is shown, decided ``ahead`` frames before its end is known, and at the end all that is left."""
    telling = TellingAhead(8, reading())
    opened = np.ones(len(sound), np.float32) if gate is None else gate
    shown, done = np.zeros_like(levels), 0
    for until in [*range(STEP, len(sound) - ahead, STEP), len(sound)]:
        known = len(sound) if until == len(sound) else until + ahead
        first = max(0, done - 200)
        some = slice(first, known)
        told = telling.told(
            levels[some], (sound[some], sound[some]), opened[some], first=first, until=until, free=free
        )
        shown[done:until] = told[done - first : until - first]
        done = until
    return shown


@pytest.mark.parametrize("ahead", [20, 170])
def test_more_can_be_read_and_levels_are_levels(ahead: int) -> None:
    sound, levels = song()
    made = stream(sound, levels, ahead)
    assert made.min() >= 0 and made.max() <= 1
    assert wrong(sound, made) < 0.85 * wrong(sound, levels)


def test_nothing_is_known_of_what_has_not_come() -> None:
    sound, levels = song(2)
    other, changed = sound.copy(), levels.copy()
    half = len(sound) // 2 // STEP * STEP
    other[half:], changed[half:] = -sound[half:], 1 - levels[half:]
    one, two = stream(sound, levels, 100), stream(other, changed, 100)
    assert np.array_equal(one[: half - 100 - STEP], two[: half - 100 - STEP])


def test_silence_is_dark_and_a_channel_of_its_own_stays() -> None:
    sound, levels = song(3)
    gate = np.ones(len(sound), np.float32)
    gate[1000:1400] = 0
    free = np.array([1.0, 1, 0, 1, 1, 1, 1, 1])
    made = stream(sound, levels, 100, gate=gate, free=free)
    assert np.array_equal(made[:, 2][gate > 0], levels[:, 2][gate > 0])
    assert made[1016:1384, [0, 1, 3]].max() < 0.02


def test_the_gradient_of_likeness_is_that_of_differences() -> None:
    """Moves each level by little, and compares with 1 less the correlation as it is defined."""
    rng = np.random.default_rng(4)
    past = [(rng.random(16), rng.random(16)) for _ in range(12)]
    sound, light = rng.random((30, 8)), rng.random((30, 8))
    rows = [slice(19, 30), slice(8, 19)]

    def loss(light: np.ndarray) -> float:
        heard = np.array([*(one for one, _ in past), *(_summary(sound[row]) for row in rows)])
        heard = (heard - heard.mean(0)) / (heard.std(0) + 1e-2)
        seen = np.array([*(other for _, other in past), *(_summary(light[row]) for row in rows)])
        seen /= np.array([other for _, other in past]).std(0) + 1e-2
        unlike, apart = (np.sqrt(np.square(x[:, None] - x).sum(-1) + 1e-6).ravel() for x in (heard, seen))
        return float(2.5 * 14 * 11 * (1 - np.corrcoef(unlike, apart)[0, 1]))

    slope = _Likeness(past, sound, rows).gradient(light)
    for step, channel in ((9, 0), (15, 3), (20, 7), (29, 5)):
        moved = [light.copy(), light.copy()]
        moved[0][step, channel] += 1e-5
        moved[1][step, channel] -= 1e-5
        measured = (loss(moved[0]) - loss(moved[1])) / 2e-5
        assert slope[step, channel] == pytest.approx(measured, rel=0.02, abs=1e-3)
    assert np.all(slope[:8] == 0)
