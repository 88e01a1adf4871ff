"""The dials: whatever is asked of them, they stay in range."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import CommandError
from yulelight.core.messages import Repeat
from yulelight.player.options import RANGES, Options

LOOKS = ("lively", "calm")
START = Options("lively", "mel")
names = st.sampled_from([*RANGES, "shuffle", "armed", "repeat", "look", "model", "x", ""])
values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(LOOKS),
    st.sampled_from(list(Repeat)), st.lists(st.integers(), max_size=2),
)  # fmt: skip


@given(names, values)
def test_an_option_is_taken_or_refused_in_words(name: str, value: Any) -> None:
    try:
        options = START.with_option(name, value, LOOKS)
    except CommandError as error:
        assert str(error)
        return
    assert getattr(options, name) == value
    assert all(low <= getattr(options, key) <= high for key, (low, high) in RANGES.items())
    assert START.with_changes(options.changes(START), LOOKS) == options


def test_what_is_gone_is_left_as_it_is() -> None:
    kept = {"look": "of old", "volume": 0.5, "nonsense": 1, "delay": 99}
    assert START.with_changes(kept, LOOKS) == START.with_option("volume", 0.5, LOOKS)


def test_only_what_differs_is_kept() -> None:
    assert START.changes(START) == {}
    with pytest.raises(CommandError, match="0 to 1"):
        START.with_option("brightness", 1.5, LOOKS)


@pytest.mark.parametrize(
    ("name", "value"), [("shuffle", "yes"), ("armed", 1), ("shuffle", None), ("repeat", True)]
)
def test_a_switch_is_on_or_off(name: str, value: object) -> None:
    with pytest.raises(CommandError, match=name):
        START.with_option(name, value, LOOKS)


def test_at_first_everything_is_loud_and_bright() -> None:
    assert (START.volume, START.brightness, START.delay, START.armed) == (1.0, 1.0, 0.0, True)
