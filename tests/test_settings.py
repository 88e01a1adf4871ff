"""Settings come from file, environment and command line, in that order; mistakes are named in one line."""

from pathlib import Path

import pytest

from yulelight.errors import UsageError
from yulelight.settings import load


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_command_line_wins_over_environment_and_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("yulelight.toml").write_text(
        'name = "File"\nmodel = "file"\n[http]\nport = 1000\nhost = "127.0.0.1"\n'
    )
    monkeypatch.setenv("YULELIGHT_MODEL", "environment")
    monkeypatch.setenv("YULELIGHT_HTTP__PORT", "2000")
    settings = load(http__port=3000)
    assert (settings.name, settings.model) == ("File", "environment")
    assert (settings.http.port, settings.http.host) == (3000, "127.0.0.1")


def test_what_was_not_said_keeps_its_default() -> None:
    assert load(http__port=None, model=None).model_dump() == load().model_dump()


def test_a_named_file_must_exist() -> None:
    with pytest.raises(UsageError, match=r"no settings file at nowhere\.toml"):
        load(Path("nowhere.toml"))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[http]\nport = 70000", "http.port"),
        ("nmae = 'x'", "nmae"),
        ("[light]\nlook_ahead = 'soon'", "light.look_ahead"),
        ("name = [", "yulelight.toml"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(text: str, named: str) -> None:
    Path("yulelight.toml").write_text(text)
    with pytest.raises(UsageError, match=named) as caught:
        load()
    assert "\n" not in str(caught.value)
