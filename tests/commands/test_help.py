"""What --help shows, for every command: all of what is written, in words for people."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from yulelight.commands.cli import app


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


ALL = list(commands(get_command(app)))


def shown(path: tuple[str, ...]) -> str:
    result = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "90", "TERM": "dumb"})
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_nobody_needs_python_to_read_it(path: tuple[str, ...]) -> None:
    text = shown(path)
    assert "list[" not in text and "Path]" not in text
    assert "<bool>" not in text or not path


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_no_word_of_a_help_text_is_lost_to_markup_and_no_line_ends_early(path: tuple[str, ...]) -> None:
    command = get_command(app)
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    written = re.sub(r"\[/?b\]|\\", "", command.help or "").split()
    body = shown(path).partition("╭")[0]
    assert " ".join(written) in " ".join(body.split())
    paragraphs = "\n".join(line.strip() for line in body.splitlines()).split("\n\n")
    assert not [line for one in paragraphs for line in one.splitlines()[:-1] if 0 < len(line) < 60]


def test_what_stands_in_a_settings_file_is_shown_as_it_stands_there() -> None:
    assert "[http] port = 8770" in shown(("serve",))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sevre",), "serve"),
        (("playlist", "lst"), "list"),
        (("serve", "--musik", "x"), "--music"),
        (("render",), "song"),
    ],
)
def test_a_typing_error_is_told_with_what_is_right(words: tuple[str, ...], said: str) -> None:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 2 and said in result.output
