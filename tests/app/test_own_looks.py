"""Looks of the house: kept where the settings are, and there again after a restart."""

import logging
import os
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from yulelight.app.own_looks import OwnLooks
from yulelight.app.settings import Settings, load
from yulelight.core.errors import CommandError, UsageError
from yulelight.library.look_book import LookBook
from yulelight.show.look import LOOKS


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YULELIGHT_DATA", str(tmp_path / "data"))


def opened(settings: Settings) -> tuple[LookBook, OwnLooks]:
    book = LookBook(settings.all_looks())
    own = OwnLooks(book, settings.looks, file=settings.file, data=settings.data, default=settings.look)
    return book, own


SETTINGS = 'look = "mine"  # ours\n[looks.mine]\nbase = "calm"\n'


def test_a_look_is_saved_in_the_settings_file_and_there_after_a_restart() -> None:
    Path("yulelight.toml").write_text(SETTINGS)
    book, own = opened(load())
    own.save("Fireside", {"base": "elegant", "release": 2.5})
    assert book["Fireside"] == replace(LOOKS["elegant"], release=2.5)
    assert Path("yulelight.toml").read_text().startswith('look = "mine"  # ours\n')
    again = load()
    assert again.all_looks()["Fireside"] == book["Fireside"]
    assert not (again.data / "looks.toml").exists()
    book, own = opened(again)
    own.remove("Fireside")
    assert "Fireside" not in book and "Fireside" not in load().all_looks()


def test_without_a_settings_file_it_is_kept_in_the_data_folder() -> None:
    settings = load()
    assert settings.file is None
    _, own = opened(settings)
    own.save("Fireside", {"base": "calm", "drama": 0.5})
    kept = tomllib.loads((settings.data / "looks.toml").read_text())
    assert kept == {"looks": {"Fireside": {"base": "calm", "drama": 0.5}}}
    assert load(look="Fireside").chosen_look().swell > LOOKS["calm"].swell


def test_a_settings_file_that_cannot_be_written_is_left_alone() -> None:
    file = Path("yulelight.toml")
    file.write_text(SETTINGS)
    file.chmod(0o444)
    _, own = opened(load())
    if os.geteuid():
        own.save("Fireside", {"base": "calm"})
        assert file.read_text() == SETTINGS
        assert "Fireside" in load().all_looks()


def test_looks_of_the_environment_are_shown_and_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YULELIGHT_LOOKS", '{"far": {"base": "calm"}}')
    _, own = opened(load())
    own.save("near", {"base": "calm"})
    assert {one.name: bool(one.fixed) for one in own.details()} == {"far": True, "near": False}
    with pytest.raises(CommandError, match="environment"):
        own.save("far", {"base": "lively"})
    with pytest.raises(CommandError, match="environment"):
        own.remove("far")


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("calm", {"base": "calm"}, "bundled"),
        ("", {"base": "calm"}, "name of 1 to 40"),
        (" a", {"base": "calm"}, "name of 1 to 40"),
        ("a/b", {"base": "calm"}, "without a slash"),
        ("a\nb", {"base": "calm"}, "name of 1 to 40"),
        ("x" * 41, {"base": "calm"}, "name of 1 to 40"),
        ("mine", {"base": "none"}, "there is no look 'none'"),
        ("mine", {"drama": 1.5}, "drama: .*less than or equal to 1"),
        ("mine", {"drama": float("nan")}, "drama"),
        ("mine", {"dramma": 1}, "did you mean 'drama'"),
        ("mine", {"minimum": [0.01, 1]}, "minimum"),
    ],
)
def test_what_is_no_look_is_refused_and_changes_nothing(
    name: str, values: dict[str, object], told: str
) -> None:
    Path("yulelight.toml").write_text(SETTINGS)
    book, own = opened(load())
    before = dict(book)
    with pytest.raises(UsageError, match=told):
        own.save(name, values)
    assert dict(book) == before and Path("yulelight.toml").read_text() == SETTINGS


def test_the_look_that_the_settings_begin_with_stays() -> None:
    Path("yulelight.toml").write_text(SETTINGS)
    book, own = opened(load())
    with pytest.raises(CommandError, match="choose another there first"):
        own.remove("mine")
    with pytest.raises(CommandError, match="no look of your own"):
        own.remove("yours")
    assert load().chosen_look() == book["mine"]


def test_there_is_an_end_to_them() -> None:
    _, own = opened(load())
    for k in range(50):
        own.save(f"look {k}", {"base": "calm"})
    with pytest.raises(CommandError, match="remove one first"):
        own.save("one more", {"base": "calm"})
    own.save("look 3", {"base": "lively"})


def test_a_kept_look_that_is_none_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "looks.toml"
    file.write_text(
        '[looks.calm]\nbase="lively"\n[looks.a]\nbase="gone"\n[looks.b]\nbase="calm"\n[looks]\nc=3\n'
    )
    with caplog.at_level(logging.WARNING):
        known = load().all_looks()
    assert set(known) - set(LOOKS) == {"b"}
    assert known["calm"] == LOOKS["calm"]
    assert "left out" in caplog.text
    file.write_text("looks = [")
    assert set(load().all_looks()) == set(LOOKS)
