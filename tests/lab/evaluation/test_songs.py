"""Which songs are meant."""

from pathlib import Path

import pytest

from yulelight.core.errors import UsageError
from yulelight.lab.evaluation.songs import find_songs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.ogg", "b.mp3", "c.wav"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "manifest.csv").write_text(
        "file,title,role\nc.wav,C,validate\na.ogg,A,train\nb.mp3,B,validate\n"
    )
    return tmp_path


def test_a_folder_a_role_and_single_songs(folder: Path) -> None:
    assert [song.name for song in find_songs([folder])] == ["a.ogg", "b.mp3", "c.wav"]
    assert [song.name for song in find_songs([folder], "validate")] == ["c.wav", "b.mp3"]
    assert find_songs([folder / "a.ogg", folder / "a.ogg"], "validate") == [folder / "a.ogg"]


def test_a_manifest_reaches_no_other_folder(folder: Path) -> None:
    (folder / "manifest.csv").write_text("file,role\n../../a.ogg,train\n")
    assert find_songs([folder], "train") == [folder / "a.ogg"]


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "--role"),
        ("name,role\na.ogg,train\n", "columns file and role"),
        ("file,role\na.ogg,train\n", "it has: train"),
        ("file,role\ngone.ogg,validate\n", "gone.ogg"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, manifest: str | None, said: str) -> None:
    (folder / "manifest.csv").unlink()
    if manifest:
        (folder / "manifest.csv").write_text(manifest)
    with pytest.raises(UsageError, match=said):
        find_songs([folder], "validate")


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no song and no folder"):
        find_songs([tmp_path / "gone"])
    with pytest.raises(UsageError, match="no songs"):
        find_songs([tmp_path])
