"""Mistakes in a settings file, as people make them, and what they are told."""

from pathlib import Path

import pytest

from yulelight.app.settings import load
from yulelight.core.errors import UsageError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('musik = ["/x"]', "musik: there is no such setting; did you mean 'music'?"),
        ("[http]\nprot = 80", "http.prot: there is no such setting; did you mean 'port'?"),
        ("[[channels]]\nlod = 3", "did you mean 'load'?"),
        ('[[sound.outputs]]\nname = "a"\ndelai = 1', "did you mean 'delay'?"),
        ('[looks.mine]\nbas = "calm"', "did you mean 'base'?"),
        ('[[quiet]]\nfrom = "21:00"\nto = "07:00"\nvol = 0.4', "did you mean 'volume'?"),
        ("latitude = 52.5", "it belongs below [place]"),
        ("port = 80", "or [http] or [mqtt]"),
        ("[http]\nresume_within = 3", "it belongs above the first [group]"),
        ('[[input]]\ntype = "snapcast"\nname = "a"\nhost = "b"\nprot = 1', "did you mean 'port'?"),
        (
            '[[input]]\ntype = "pipe"\nname = "a"\nlisten = "1"\nrat = 1',
            "input.0.rat: there is no such setting",
        ),
        ("snow = true", "docs/settings.md lists those there are"),
        ("[place]\nlatitude = 52,52\nlongitude = 13.4", "line 2: latitude = 52,52); a number has a point"),
        ('[place]\nlatitude = "52,52"\nlongitude = 13.4', "a number has a point, not a comma: 52.52"),
        ('[http]\nport = "many"', "http.port: this is a number"),
        ('[[quiet]]\nfrom = "9"\nto = "07:00"', 'quiet.0.from: write a time as "21:00"'),
        ("channels = [3]", "write [[channels]]"),
        ('idle = "dim"', "idle: Input should be 'off' or 'on', or Input should be a list"),
        ("look = [", "line 1: look = ["),
    ],
)
def test_a_mistake_is_told_in_one_line_with_what_to_do(text: str, said: str) -> None:
    Path("yulelight.toml").write_text(text + "\n")
    with pytest.raises(UsageError) as caught:
        load()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value) and "Extra inputs" not in str(caught.value)


def test_a_variable_with_a_typo_in_its_group_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YULELIGHT_HTTP__PROT", "80")
    with pytest.raises(UsageError, match=r"http\.prot.*did you mean 'port'"):
        load()
    monkeypatch.delenv("YULELIGHT_HTTP__PROT")
    monkeypatch.setenv("YULELIGHT_CHANNELS", "many")
    with pytest.raises(UsageError, match=r"JSON in YULELIGHT_\*"):
        load()


def test_one_folder_needs_no_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("yulelight.toml").write_text('music = "/home/me/Music"\nmodels = ["/a", "/b"]\n')
    assert load().music == [Path("/home/me/Music")] and load().models == [Path("/a"), Path("/b")]
    monkeypatch.setenv("YULELIGHT_MUSIC", "/mnt/songs")
    assert load().music == [Path("/mnt/songs")]
    monkeypatch.setenv("YULELIGHT_MUSIC", '["/mnt/songs", "/mnt/more"]')
    assert load().music == [Path("/mnt/songs"), Path("/mnt/more")]


def test_a_variable_with_a_typo_is_told_and_those_of_others_are_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for other in ("AUDIO", "HASS", "SCORECARD", "VERBOSE", "NODE_BROKER", "NODE_PASSWORD"):
        monkeypatch.setenv(f"YULELIGHT_{other}", "x")
    load()
    for typed, meant in (("MUSIK", "MUSIC"), ("HTPP__PORT", "HTTP"), ("PLAYLIST", "PLAYLISTS")):
        monkeypatch.setenv(f"YULELIGHT_{typed}", "x")
        with pytest.raises(UsageError, match=f"YULELIGHT_{typed}: .*did you mean YULELIGHT_{meant}"):
            load()
        monkeypatch.delenv(f"YULELIGHT_{typed}")
