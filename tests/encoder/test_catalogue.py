"""Models are found by name, never by path."""

from pathlib import Path

import pytest

from yulelight.core.errors import ModelError
from yulelight.encoder.catalogue import bundled, find, known


def test_bundled_model_is_found() -> None:
    assert find("dense") == bundled() / "dense.onnx"
    assert find("dense").is_file()


def test_own_folder_comes_before_the_bundled_models(tmp_path: Path) -> None:
    (tmp_path / "dense.onnx").touch()
    (tmp_path / "mine.onnx").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".hidden.onnx").touch()
    assert find("dense", [tmp_path]) == tmp_path / "dense.onnx"
    assert find("mine", [tmp_path]) == tmp_path / "mine.onnx"
    assert set(known([tmp_path])) - set(known()) == {"mine"}


def test_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "mine.onnx").touch()
    with pytest.raises(ModelError, match=r"no model is called 'sparkle'; there are: .*dense.*mine"):
        find("sparkle", [tmp_path])


@pytest.mark.parametrize(
    "name", ["../dense", "/etc/passwd", "models/dense", "..", "", "dense.onnx", "a\\b", "dense\n"]
)
def test_a_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "inside").mkdir()
    with pytest.raises(ModelError, match="no model is called"):
        find(name, [tmp_path / "inside"])


def test_folder_that_is_not_there_counts_as_empty(tmp_path: Path) -> None:
    assert known([tmp_path / "absent"]) == known()
