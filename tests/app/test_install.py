"""The service's unit: what systemd is told, and how well it shuts the service in."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from yulelight.app.install import NAME, folders, prepare, unit
from yulelight.app.settings import Settings
from yulelight.core.errors import UsageError
from yulelight.core.systemd import Account

ME = Account("me", Path("/home/me"), 1000, 1000)
DATA = Path("/home/me/Christmas data 100%")
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")


def written(*arguments: str, **more: bool) -> str:
    return unit(ME, arguments or ("--music", "/mnt/my music"), [DATA], python="/opt/y/bin/python", **more)[
        Path(NAME)
    ]


def test_the_unit_serves_as_the_account_and_writes_to_its_data_alone() -> None:
    lines = written("--music", "/mnt/100% $carols", audio=True).splitlines()
    for line in (
        'ExecStart="/opt/y/bin/python" -m yulelight serve "--music" "/mnt/100%% $$carols"',
        "User=me",
        "SupplementaryGroups=audio",
        'ReadWritePaths="/home/me/Christmas data 100%%"',
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=read-only",
        "Restart=always",
        "WantedBy=multi-user.target",
    ):
        assert line in lines
    assert any(line.startswith("MemoryMax=") for line in lines)
    assert "SupplementaryGroups" not in written()


def test_a_path_that_would_change_the_unit_is_refused() -> None:
    with pytest.raises(UsageError, match="path"):
        written("--music", "/mnt/a\nExecStart=/bin/sh")


@needs_systemd
def test_systemd_takes_the_unit_and_finds_it_as_shut_in_as_a_node(tmp_path: Path) -> None:
    from yulelight.node import install as node

    path, other = tmp_path / NAME, tmp_path / node.NAME
    path.write_text(unit(ME, ["--music", "/mnt/my music"], [DATA], audio=True)[Path(NAME)])
    other.write_text(node.files(Path("/home/me/node.toml"), "me", "gpio")[Path(node.NAME)])
    verified = subprocess.run(
        ["systemd-analyze", "verify", path], capture_output=True, text=True, check=False
    )
    assert not [line for line in verified.stderr.splitlines() if NAME in line], verified.stderr
    assert exposure(path) <= exposure(other) < 2.5


def exposure(path: Path) -> float:
    """From 0 (shut in) to 10, as systemd judges."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"Overall exposure level for .*: ([\d.]+)", said)
    if found is None:
        pytest.skip("this systemd cannot judge a unit without running it")
    return float(found[1])


def test_it_writes_where_the_settings_say(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", schedule=tmp_path / "calendars" / "lights.ics")
    assert folders(settings) == [tmp_path / "data", tmp_path / "calendars"]
    assert folders(Settings(data=tmp_path, playlists=tmp_path)) == [tmp_path]


def test_folders_are_made_and_those_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    import os

    mine = Account("me", tmp_path, os.getuid(), os.getgid())
    (tmp_path / "there").mkdir(mode=0o755)
    prepare([tmp_path / "there" / "a" / "b", tmp_path / "there"], mine)
    assert (tmp_path / "there" / "a" / "b").is_dir()
    assert (tmp_path / "there" / "a").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "there").stat().st_mode & 0o777 == 0o755
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="--data"):
        prepare([tmp_path / "file" / "x"], mine)
