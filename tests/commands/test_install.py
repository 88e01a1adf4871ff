"""`yulelight install --print`: the unit of the house that is here."""

import getpass
import os
import pwd
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yulelight.app.music import remember
from yulelight.app.settings import load
from yulelight.commands.cli import app


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SUDO_USER", raising=False)


def command_line(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["install", "--print", *arguments])
    assert result.exit_code == 0, result.output
    return next(line for line in result.stdout.splitlines() if line.startswith("ExecStart="))


def test_the_accounts_own_data_and_the_settings_file_of_this_folder(tmp_path: Path) -> None:
    home = pwd.getpwnam(getpass.getuser()).pw_dir
    assert f'"--data" "{home}/.local/share/yulelight"' in command_line()
    Path("yulelight.toml").write_text('music = "/mnt/songs"\n')
    line = command_line()
    assert f'"--config" "{tmp_path}/yulelight.toml"' in line and "--music" not in line


def test_music_and_ports_are_those_named_or_those_of_the_last_serve(tmp_path: Path) -> None:
    line = command_line("--music", "songs", "--http-port", "9000", "--data", str(tmp_path / "data"))
    assert f'"--music" "{tmp_path}/songs" "--http-port" "9000"' in line
    remember(load(data=tmp_path / "data", music=[tmp_path / "kept"]))
    line = command_line("--data", str(tmp_path / "data"))
    assert f'"--music" "{tmp_path}/kept"' in line and "-port" not in line


def test_what_is_wrong_is_told_before_anything_is_written(tmp_path: Path) -> None:
    Path("yulelight.toml").write_text("musik = []\n")
    result = CliRunner().invoke(app, ["install"])
    assert result.exit_code == 2 and "did you mean 'music'" in result.output
    result = CliRunner().invoke(app, ["install", "--config", "no.toml"])
    assert result.exit_code == 2 and "no.toml" in result.stderr
    Path("yulelight.toml").unlink()
    result = CliRunner().invoke(app, ["install", "--user", "nobody-at-all"])
    assert result.exit_code == 2 and "--user" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may")
def test_who_is_not_root_is_told_to_say_sudo() -> None:
    result = CliRunner().invoke(app, ["install"])
    assert result.exit_code == 2 and "sudo " in result.stderr and " install" in result.stderr
