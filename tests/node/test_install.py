import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from yulelight.core.errors import UsageError
from yulelight.core.systemd import account
from yulelight.node.install import NAME, PIGPIOD, files, install

CONFIG = Path("/home/pi/my lights 100%/node.toml")


def test_the_unit_starts_after_pigpiod_and_ends_dark() -> None:
    unit = files(CONFIG, "pi", "gpio", "/opt/yule/bin/python")[Path(NAME)]
    lines = unit.splitlines()
    command = '"/opt/yule/bin/python" -m yulelight node'
    path = '"/home/pi/my lights 100%%/node.toml"'
    assert f'ExecStart="/opt/yule/bin/python" -m yulelight.node --config {path}' in lines
    assert f"ExecStopPost={command} off --config {path}" in lines
    for line in ("Type=notify", "WatchdogSec=5", "User=pi", "SupplementaryGroups=gpio", "Restart=always"):
        assert line in lines
    assert any(line.startswith("After=") and "pigpiod.service" in line for line in lines)
    assert "SupplementaryGroups" not in files(CONFIG, "pi")[Path(NAME)]


def test_a_path_that_would_change_the_unit_is_refused() -> None:
    with pytest.raises(UsageError, match="path"):
        files(Path("/home/pi/a\nExecStart=/bin/sh"), "pi")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / NAME
    unit.write_text(files(CONFIG, "root")[Path(NAME)])
    result = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert not [line for line in result.stderr.splitlines() if NAME in line], result.stderr


def test_it_is_written_and_started(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    script = f"import sys; open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))"
    written = files(CONFIG, "pi")
    install(written, tmp_path / "system", (sys.executable, "-c", script))
    assert {path: (tmp_path / "system" / path).read_text() for path in written} == written
    assert "Restart=always" in written[PIGPIOD]
    assert calls.read_text().splitlines() == ["daemon-reload", f"enable {NAME}", f"restart {NAME}"]


def test_what_can_go_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no user 'nobody-at-all'"):
        account("nobody-at-all")
    assert account("root").home == Path("/root")
    with pytest.raises(UsageError, match="systemd"):
        install(files(CONFIG, "pi"), tmp_path, (str(tmp_path / "no-systemctl"),))
    with pytest.raises(UsageError, match="systemd refused"):
        install(files(CONFIG, "pi"), tmp_path, (sys.executable, "-c", "raise SystemExit(1)"))
