"""The identity is made once, kept from others' eyes, and a broken one is set aside, not lost."""

import stat
from pathlib import Path

import pytest

from yulelight.core.errors import YulelightError
from yulelight.core.identity import load_or_make


def test_it_is_made_once_and_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "place"
    first = load_or_make(folder)
    assert load_or_make(folder) == first
    assert stat.S_IMODE((folder / "identity.json").stat().st_mode) == 0o600
    assert len(first.token) >= 32
    assert load_or_make(tmp_path / "other").token != first.token


def test_secrets_are_not_shown_by_accident(tmp_path: Path) -> None:
    identity = load_or_make(tmp_path)
    assert identity.token not in repr(identity)
    assert identity.broker_password not in repr(identity)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"id": "../x", "token": "a", "broker_user": "b", "broker_password": "c"}',
        '{"id": 5, "token": 1, "broker_user": 2, "broker_password": 3}',
    ],
)
def test_a_broken_file_is_set_aside(tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "identity.json").write_text(text)
    identity = load_or_make(tmp_path)
    assert (tmp_path / "identity.json.broken").read_text() == text
    assert "damaged" in caplog.text and identity.token not in caplog.text
    assert load_or_make(tmp_path) == identity


def test_an_unusable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(YulelightError, match="choose another folder with --data"):
        load_or_make(tmp_path / "file")
