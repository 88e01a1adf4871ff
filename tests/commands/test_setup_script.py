"""scripts/setup: what it says before it installs anything, and that it is quick when nothing changed."""

import os
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def setup(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / "scripts" / "setup", *words],
        env=os.environ | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An environment that a former run made, with service, node, previews and what training needs."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "yulelight").touch(mode=0o755)
    files = ("pyproject.toml", "constraints.txt", "scripts/setup")
    sources = sha256(b"".join((ROOT / name).read_bytes() for name in files)).hexdigest()
    (tmp_path / ".stamp").write_text(f"{sources}  -\nnode preview service train\n")
    return tmp_path


@pytest.mark.parametrize("words", [(), ("node",), ("train",), ("service", "node")])
def test_what_is_there_is_not_made_again(made: Path, words: tuple[str, ...]) -> None:
    result = setup(*words, VENV=str(made))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_mistakes_are_told_with_what_to_do(tmp_path: Path) -> None:
    result = setup("evalute")
    assert result.returncode == 2 and "evaluate" in result.stderr and len(result.stderr.splitlines()) == 1
    result = setup(PYTHON="no-such-python")
    assert result.returncode == 2 and "PYTHON=/path/to/python" in result.stderr
    old = tmp_path / "python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o755)
    result = setup(PYTHON=str(old))
    assert result.returncode == 2 and "Python 3.9.2 is too old" in result.stderr
