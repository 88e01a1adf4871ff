"""What the README tells people to type exists, under the names that it uses."""

import re
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from yulelight import __version__
from yulelight.commands.cli import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def commands_in(text: str) -> set[str]:
    """`yulelight …` in code, up to the first word that is no command's."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"(?m)^(?:sudo )?(\S*yulelight .*)$", text)
    found = re.findall(r'(?:^|/|\s|\)" )yulelight"?\)?"? ((?:[a-z]+ ?){1,2})', "\n".join(code))
    return {words.strip() for words in found}


def test_every_command_that_is_named_is_one() -> None:
    group = get_command(app)
    seen = 0
    for page in PAGES:
        for words in commands_in(page.read_text(encoding="utf-8")):
            first, _, second = words.partition(" ")
            assert first in group.commands, f"{page.name}: yulelight {words}"  # type: ignore[attr-defined]
            inner = getattr(group.commands[first], "commands", {})  # type: ignore[attr-defined]
            if inner and second and first != "node":
                assert second in inner, f"{page.name}: yulelight {words}"
            seen += 1
    assert seen > 40


def test_scripts_and_the_wheel_have_the_names_that_people_are_told() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for script in re.findall(r"(?<![\w/])scripts/([a-z][a-z._\-0-9]*[a-z0-9])", text):
            assert (ROOT / "scripts" / script).exists(), f"{page.name}: scripts/{script}"
        for version in re.findall(r"yulelight-([\d.]+)-py3-none-any", text):
            assert version == __version__
    assert __version__ in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_option_that_the_readme_names_is_known_to_some_command() -> None:
    def helps(command: object, path: tuple[str, ...] = ()) -> str:
        own = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"}).output
        inner = getattr(command, "commands", {})
        return own + "".join(helps(each, (*path, name)) for name, each in inner.items())

    known = helps(get_command(app)) + "--system-site-packages"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)):
        assert option in known, option
