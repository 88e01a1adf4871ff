"""Commands find the service where it last listened, unless they are told otherwise."""

from pathlib import Path

import pytest

from yulelight.app.last_run import as_last_run, remember
from yulelight.app.settings import load


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_last_run_nothing_changes(tmp_path: Path) -> None:
    settings = load(data=tmp_path)
    assert as_last_run(settings) == settings


def test_what_nobody_names_is_as_in_the_last_run(tmp_path: Path) -> None:
    remember(load(data=tmp_path, http__host="127.0.0.1", http__port=8991, mqtt__port=18991))
    found = as_last_run(load(data=tmp_path))
    assert (found.http.host, found.http.port, found.mqtt.port) == ("127.0.0.1", 8991, 18991)
    named = as_last_run(load(data=tmp_path, http__port=8770))
    assert (named.http.host, named.http.port, named.mqtt.port) == ("127.0.0.1", 8770, 18991)
    remember(load(data=tmp_path))
    assert as_last_run(load(data=tmp_path)).http.port == 8770


def test_the_settings_file_wins(tmp_path: Path) -> None:
    remember(load(data=tmp_path, http__port=8991))
    Path("yulelight.toml").write_text("[http]\nport = 8992\n")
    assert as_last_run(load(data=tmp_path)).http.port == 8992


def test_a_damaged_note_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "last_run.json").write_text('{"version": 1, "http_port": "many"}')
    assert as_last_run(load(data=tmp_path)).http.port == 8770
