"""What a Sendspin input is told and tells where its packages are not: on every Python."""

import sys
from pathlib import Path

import pytest

from yulelight.app.settings import load
from yulelight.core.errors import AudioError, UsageError
from yulelight.core.messages import Song
from yulelight.inputs.sendspin import SendspinInput, missing
from yulelight.inputs.sendspin_config import SendspinConfig


def test_a_python_that_is_too_old_is_named() -> None:
    assert "Python 3.12 or later, and this is 3.11" in missing((3, 11))
    assert "sendspin" in missing((3, 12)) and "3.12" not in missing((3, 12))


async def test_without_the_packages_the_input_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "yulelight.inputs.sendspin_player", None)
    with pytest.raises(AudioError, match="Sendspin needs"):
        async with SendspinInput(Song("", "x"), SendspinConfig("x", tmp_path)).open():
            pass


def test_two_lines_are_enough_and_one_player_too(tmp_path: Path) -> None:
    file = tmp_path / "yulelight.toml"
    file.write_text('[[input]]\ntype = "sendspin"\n')
    (found,) = load(file).input
    assert found.name == "Music Assistant"
    file.write_text('[[input]]\ntype = "sendspin"\n[[input]]\ntype = "sendspin"\nname = "b"\n')
    with pytest.raises(UsageError, match="one input of type sendspin is enough"):
        load(file)
