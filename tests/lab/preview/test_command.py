"""`yulelight preview` as a user meets it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.lab.preview.films import song, watch
from yulelight.commands.cli import app


def preview(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["preview", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stderr


def test_a_song_becomes_a_film(tmp_path: Path) -> None:
    output = tmp_path / "show.mp4"
    status, said = preview(
        song(tmp_path / "a.wav"), "-o", output, "--from", 1, "--seconds", 0.5, "--switched"
    )
    assert status == 0, said
    assert "0.5 s" in said
    seen = watch(output)
    assert seen.pictures.shape == (15, 720, 1280, 3)
    assert (tmp_path / "show.mp4").read_bytes()[:4096].find(b"moov") > 0  # starts playing before it is loaded


def test_the_settings_say_look_and_house(tmp_path: Path) -> None:
    config, output = tmp_path / "house.toml", tmp_path / "show.mp4"
    config.write_text(
        'look = "mine"\n[looks.mine]\nbase = "classic"\n'
        + "".join(f'[[channels]]\nload = 40\ntype = "{kind}"\n' for kind in ["relay", "dimmer"] * 4)
    )
    status, said = preview(
        song(tmp_path / "a.wav"), "-o", output, "--config", config, "--seconds", 0.5, "--small"
    )
    assert status == 0, said
    assert watch(output).pictures.shape == (15, 360, 640, 3)


@pytest.mark.parametrize(
    ("arguments", "status", "hint"),
    [
        (("a.wav", "-o", "show.avi"), 2, ".mp4"),
        (("a.wav", "-o", "gone/show.mp4"), 2, "no folder"),
        (("gone.wav", "-o", "show.mp4"), 3, "no file"),
        (("a.wav", "-o", "show.mp4", "--look", "gaudy"), 2, "lively"),
        (("a.wav", "-o", "show.mp4", "--model", "gone"), 4, "dense"),
        (("a.wav", "-o", "show.mp4", "--from", "60"), 2, "earlier start"),
    ],
)
def test_each_failure_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    status: int,
    hint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    song(tmp_path / "a.wav")
    code, said = preview(*arguments)
    assert code == status, said
    lines = said.strip().splitlines()
    assert len(lines) == 1
    assert hint in lines[0]
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]
