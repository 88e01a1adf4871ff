"""Small files of JSON: kept whole, refused with a reason, never overwritten when they cannot be used."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.json_file import JsonFile


@dataclass(frozen=True)
class Kept:
    name: str
    numbers: tuple[int, ...] = ()


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    file = JsonFile(tmp_path / "kept.json", Kept)
    assert file.load() is None
    file.save(Kept("a", (1, 2)))
    assert json.loads(file.path.read_text()) == {"version": 1, "name": "a", "numbers": [1, 2]}
    assert JsonFile(file.path, Kept).load() == Kept("a", (1, 2))


def test_what_was_removed_is_stored_again(tmp_path: Path) -> None:
    file = JsonFile(tmp_path / "kept.json", Kept)
    file.remove()
    file.save(Kept("a"))
    file.remove()
    assert file.load() is None
    file.save(Kept("a"))
    assert file.load() == Kept("a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[1]",
        "{",
        '{"name": "a"}',
        '{"version": 2, "name": "a"}',
        '{"version": 1}',
        '{"version": 1, "name": 5}',
        '{"version": 1, "name": "a", "numbers": ["x"]}',
        "[" * 100_000,
        '{"version": 1, "name": "' + "a" * 2000 + '"}',
    ],
)
def test_what_cannot_be_used_is_set_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kept.json"
    path.write_text(text)
    with pytest.raises(ValueError):
        JsonFile(path, Kept, largest=1000 if len(text) < 50_000 else 1_000_000).load()
    assert not path.exists() and path.with_name("kept.json.broken").read_text() == text


@pytest.mark.parametrize(
    ("harm", "seen"), [("gone", False), ("gone", True), ("damaged", True), ("another", True)]
)
def test_the_same_again_is_stored_after_the_file_was_lost(tmp_path: Path, harm: str, seen: bool) -> None:
    file = JsonFile(tmp_path / "kept.json", Kept)
    file.save(Kept("a", (1, 2)))
    match harm:
        case "gone":
            file.path.unlink()
        case "damaged":
            file.path.write_text("{")
        case "another":
            JsonFile(file.path, Kept).save(Kept("b", (3,)))
    if seen:
        with contextlib.suppress(ValueError):
            file.load()
    file.save(Kept("a", (1, 2)))
    assert JsonFile(file.path, Kept).load() == Kept("a", (1, 2))


@given(st.builds(Kept, st.text(), st.lists(st.integers()).map(tuple)))
def test_both_ways(kept: Kept) -> None:
    file = JsonFile(Path("nowhere.json"), Kept)
    assert file.parse(file.dump(kept)) == kept
