"""Where lights are in the picture: kept, bounded, and whole after damage."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import StorageError
from yulelight.lights.positions import Position, PositionFile

SHARES = st.floats(0, 100).map(lambda value: round(value, 1))
CHANGES = st.dictionaries(st.integers(1, 8), st.none() | st.builds(Position, SHARES, SHARES), max_size=8)


@given(st.lists(CHANGES, max_size=5))
def test_what_is_read_again_is_what_was_said_last(
    tmp_path_factory: pytest.TempPathFactory, all: list[dict[int, Position | None]]
) -> None:
    path = tmp_path_factory.mktemp("house") / "positions.json"
    said: dict[int, Position] = {}
    for changes in all:
        PositionFile(path).change(changes)
        for channel, at in changes.items():
            said.pop(channel, None)
            if at is not None:
                said[channel] = at
    assert PositionFile(path).all() == said


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"1": 3}',
        '{"9": [1, 2]}',
        '{"1": [1, 200]}',
        '{"a": [1, 2]}',
        '{"1": [NaN, 2]}',
        "[" * 9000,
    ],
)
def test_a_damaged_file_is_set_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "positions.json"
    path.write_text(text)
    file = PositionFile(path)
    assert file.all() == {}
    assert file.change({3: Position(1, 2)}) == {3: (1, 2)}
    assert PositionFile(path).all() == {3: (1, 2)}
    if text != "[]":
        assert path.with_name("positions.json.broken").read_text() == text


def test_what_cannot_be_kept_is_not_changed(tmp_path: Path) -> None:
    file = PositionFile(tmp_path / "positions.json")
    file.change({1: Position(10, 20)})
    (tmp_path / "positions.json").unlink()
    tmp_path.rmdir()
    tmp_path.write_text("no folder")
    with pytest.raises(StorageError, match="where the lights are cannot be saved"):
        file.change({1: Position(30, 40)})
    assert file.all() == {1: (10, 20)}
