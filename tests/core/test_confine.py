"""A confined process cannot take the machine's memory, and says that it is the one to end first."""

import subprocess
import sys
from pathlib import Path

import pytest

LIMIT = 200_000_000


def child(code: str) -> str:
    script = f"from yulelight.core.confine import confine\nconfine({LIMIT})\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_more_than_agreed_is_a_memory_error() -> None:
    assert child(f"print(len(bytearray({LIMIT // 2})))") == str(LIMIT // 2)
    greedy = f"try:\n    bytearray({LIMIT})\nexcept MemoryError:\n    print('no')"
    assert child(greedy) == "no"


@pytest.mark.skipif(not Path("/proc/self/oom_score_adj").exists(), reason="only Linux has it")
def test_it_is_the_first_to_go() -> None:
    own = int(Path("/proc/self/oom_score_adj").read_text())
    assert int(child("print(open('/proc/self/oom_score_adj').read())")) > own
