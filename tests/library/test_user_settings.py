import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yulelight.core.errors import UsageError
from yulelight.library.shows import SongSettings
from yulelight.library.user_settings import UserSettings, checked, made, read_sidecar

valid = st.fixed_dictionaries(
    {},
    optional={
        "look": st.none() | st.text(min_size=1, max_size=64),
        "model": st.none() | st.text(min_size=1, max_size=64),
        "gain": st.none() | st.floats(-24, 24),
        "trim": st.none() | st.booleans(),
        "delay": st.none() | st.floats(-2, 5),
    },
)


@settings(deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from("ab"), valid), max_size=6))
def test_what_was_decided_is_there_after_a_restart(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, dict[str, Any]]]
) -> None:
    path = tmp_path_factory.mktemp("settings") / "library.json"
    settings = UserSettings(path)
    expected: dict[str, dict[str, Any]] = {"a": {}, "b": {}}
    for song, changes in steps:
        settings.change(song, checked(changes))
        expected[song] = {**expected[song], **changes}
    for kept in (settings, UserSettings(path)):
        for song, values in expected.items():
            assert kept.of(song) == made(checked(values))


def test_pausing_is_kept(tmp_path: Path) -> None:
    settings = UserSettings(tmp_path / "library.json")
    assert not settings.paused
    settings.pause(True)
    assert UserSettings(tmp_path / "library.json").paused
    settings.pause(False)
    assert not UserSettings(tmp_path / "library.json").paused


@pytest.mark.parametrize(
    "values",
    [
        {"gain": 25},
        {"gain": True},
        {"gain": math.nan},
        {"gain": 10**400},
        {"gain": "3"},
        {"delay": -3},
        {"trim": 1},
        {"look": ""},
        {"look": 5},
        {"model": "x" * 65},
        {"colour": "red"},
        {"colour": None},
    ],
)
def test_what_makes_no_sense_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(values))):
        checked(values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "paused": false, "songs": {}}',
        '{"version": 1, "paused": false, "songs": {"a": {"gain": 99}}}',
        '{"version": 1, "paused": false, "songs": {"a": 5}}',
        "[" * 100_000,
    ],
)
def test_a_corrupt_file_is_set_aside(tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "library.json"
    path.write_text(text)
    settings = UserSettings(path)
    assert settings.of("a") == SongSettings()
    assert (tmp_path / "library.json.broken").read_text() == text
    assert "library.json.broken" in caplog.text
    settings.change("a", {"trim": True})
    assert json.loads(path.read_text())["songs"] == {"a": {"trim": True}}


def test_a_file_beside_the_song_counts_unless_decided_otherwise(tmp_path: Path) -> None:
    beside = tmp_path / "song.yulelight.toml"
    beside.write_text('look = "calm"\ngain = -3\n')
    settings = UserSettings(tmp_path / "library.json")
    assert settings.of("a", beside) == SongSettings(look="calm", gain=-3.0)
    settings.change("a", {"look": "classic"})
    assert settings.of("a", beside) == SongSettings(look="classic", gain=-3.0)
    settings.change("a", {"look": None})
    assert settings.of("a", beside) == SongSettings(look="calm", gain=-3.0)


@pytest.mark.parametrize(
    "data", [b"gain = 99", b"gain", b"\xff", b"x = 1", b"a" * 20_000, b"a=" + b"[" * 5000]
)
def test_a_wrong_file_beside_the_song_is_left_out(
    tmp_path: Path, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    beside = tmp_path / "song.yulelight.toml"
    beside.write_bytes(data)
    assert read_sidecar(beside) == {}
    assert "song.yulelight.toml" in caplog.text
    assert read_sidecar(tmp_path) == {}
