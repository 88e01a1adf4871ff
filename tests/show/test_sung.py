"""Where somebody sings."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yulelight.show.sung import stretches

RATE = 100.0


def levels(
    *heard: tuple[float, float], seconds: float = 10.0
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    made = np.zeros(round(seconds * RATE), np.float32)
    for begin, end in heard:
        made[round(begin * RATE) : round(end * RATE)] = 0.8
    return made


def test_breaths_are_within_and_blips_are_none() -> None:
    assert stretches(levels((1, 2), (2.3, 3), (5, 5.05), (7, 10)), RATE) == (1.0, 3.0, 7.0, 10.0)


def test_without_a_voice() -> None:
    assert stretches(None, RATE) == stretches(levels(), RATE) == ()


@given(st.lists(st.floats(0, 1, width=32), max_size=400))
def test_stretches_follow_each_other(values: list[float]) -> None:
    found = stretches(np.array(values, np.float32), RATE)
    assert len(found) % 2 == 0 and list(found) == sorted(found)
    for begin, end in zip(found[::2], found[1::2], strict=True):
        assert 0 <= begin < end <= len(values) / RATE
        # It begins and ends with a voice.
        assert values[round(begin * RATE)] >= 0.5 and values[round(end * RATE) - 1] >= 0.5
