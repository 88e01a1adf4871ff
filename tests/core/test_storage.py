import os
import resource
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.core import storage
from yulelight.core.errors import UsageError


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


def test_a_full_disk_leaves_the_old_file_or_none_and_nothing_else(tmp_path: Path) -> None:
    """The limit on a file's size stands for the disk: the write fails half-way."""
    old, new = tmp_path / "old.npz", tmp_path / "new.npz"
    old.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        for path in (old, new):
            with pytest.raises(UsageError, match=f"cannot write .*{path.name}.*; make room"):
                storage.save(path, bytes(20_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert old.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["old.npz"]


def test_what_a_person_names_keeps_its_permissions_and_is_followed_through_links(tmp_path: Path) -> None:
    storage.save(tmp_path / "fresh", b"1")
    (tmp_path / "plain").touch()
    assert (tmp_path / "fresh").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "plain").chmod(0o604)
    (tmp_path / "link").symlink_to("plain")
    storage.save(tmp_path / "link", b"2")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "plain").read_bytes() == b"2"
    assert (tmp_path / "plain").stat().st_mode & 0o777 == 0o604


def test_a_device_stays_one(tmp_path: Path) -> None:
    storage.save(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()
    with pytest.raises(UsageError, match="choose another place"):
        storage.save(tmp_path / "no" / "where", b"x")


def test_a_sweep_takes_what_killed_writes_left_and_nothing_else(tmp_path: Path) -> None:
    old, fresh = tmp_path / ".state.json.x1.tmp", tmp_path / ".state.json.x2.tmp"
    kept = [tmp_path / name for name in ("state.json", ".hidden", "a.tmp", ".state.json")]
    for path in (old, fresh, *kept):
        path.write_text("x")
    os.utime(old, (0, 0))
    for path in kept:
        os.utime(path, (0, 0))
    storage.sweep([tmp_path, tmp_path / "nowhere"])
    assert sorted(tmp_path.iterdir()) == sorted([fresh, *kept])
