from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.core import storage


def test_a_file_is_written_in_a_folder_made_for_it_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "state.json"
    storage.write(path, b"one")
    storage.write(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o077 == 0
    assert [path.name for path in path.parent.iterdir()] == ["state.json"]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    storage.write(path, b"one")
    with pytest.raises(TypeError):
        storage.write(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_reading_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "big"
    assert storage.read(path, 3) is None
    path.write_bytes(b"123")
    assert storage.read(path, 3) == b"123"
    with pytest.raises(ValueError, match="larger"):
        storage.read(path, 2)


def test_a_broken_file_is_kept_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(b"{")
    storage.set_aside(path, "no JSON")
    assert not path.exists()
    assert (tmp_path / "state.json.broken").read_bytes() == b"{"
    assert "state.json.broken" in caplog.text
    storage.set_aside(path, "gone")  # nothing there: nothing to do


@settings(deadline=None)
@given(name=st.text("ab[*?]{}.-", min_size=1, max_size=8))
def test_only_what_killed_writes_of_this_file_left_is_tidied(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("tidy")
    (folder / f".{name}.x1.tmp").touch()
    (folder / ".zzz.x1.tmp").touch()
    (folder / "zzz").touch()
    storage.tidy(folder, name)
    assert sorted(path.name for path in folder.iterdir()) == [".zzz.x1.tmp", "zzz"]
    storage.tidy(folder)
    assert [path.name for path in folder.iterdir()] == ["zzz"]
