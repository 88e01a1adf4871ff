import signal
import subprocess
import sys
from pathlib import Path

import pytest

from yulelight.core.errors import UsageError
from yulelight.core.lock import exclusive

HOLD = """
import subprocess, sys, time
from pathlib import Path
from yulelight.core.lock import exclusive
with exclusive(Path(sys.argv[1])):
    # A child that outlives us must not keep the folder.
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], close_fds=False)
    print(child.pid, flush=True)
    time.sleep(600)
"""


def test_a_second_one_is_told_who_has_it(tmp_path: Path) -> None:
    told = pytest.raises(UsageError, match=r"another service runs with the data folder .* \(process \d+\)")
    with exclusive(tmp_path), told, exclusive(tmp_path):
        pass
    with exclusive(tmp_path):
        pass


def test_a_killed_owner_leaves_nothing_behind(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    child = int(owner.stdout.readline())
    try:
        with pytest.raises(UsageError, match=f"process {owner.pid}"), exclusive(tmp_path):
            pass
        owner.send_signal(signal.SIGKILL)
        owner.wait(20)
        with exclusive(tmp_path):
            pass
    finally:
        owner.kill()
        owner.wait(20)
        subprocess.run(["kill", "-9", str(child)], check=False)
