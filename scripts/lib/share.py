"""Generates what is needed in two places: the integration's copies, the page's types and the app's list of looks."""

import dataclasses
import difflib
import re
import sys
import types
import typing
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "service"))

from yulelight.show.look import LOOKS  # noqa: E402
from yulelight_client import models  # noqa: E402
from yulelight_client.states import Repeat, State  # noqa: E402

INTEGRATION = ROOT / "custom_components" / "yulelight"
COPIES = {
    ROOT / "service" / "yulelight_client": INTEGRATION / "contract",
    ROOT / "service" / "yulelight" / "core" / "text.py": INTEGRATION / "text.py",
    ROOT / "service" / "yulelight" / "safety": INTEGRATION / "safety",
}
"""Folders of Python files and single ones, and where the integration has them."""
APP = ROOT / "app" / "yulelight" / "config.yaml"
"""The settings of the app for Home Assistant, which list the looks to choose from."""
TYPES = ROOT / "frontend" / "src" / "contract.ts"
WORDS = {"state": State, "repeat": Repeat}
"""Fields that hold one of a few words."""
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean"}


def wanted() -> dict[Path, str]:
    """The text of every file that is made, by its path."""
    made = {TYPES: typescript(), APP: with_looks(APP.read_text())}
    for source, target in COPIES.items():
        for path in [source] if source.is_file() else sorted(source.glob("*.py")):
            note = f"# A copy of {path.relative_to(ROOT)}, made by scripts/share.\n"
            made[target if source.is_file() else target / path.name] = note + path.read_text()
    return made


def with_looks(settings: str) -> str:
    """``settings`` of the app, with the bundled looks as the choice of ``look``."""
    text, found = re.subn(r'(?m)^  look: "list\(.*\)"$', f'  look: "list({"|".join(LOOKS)})"', settings)
    if found != 1:
        sys.exit(f'share: {APP.relative_to(ROOT)} has no line like: look: "list(…)"')
    return text


def typescript() -> str:
    """The models as TypeScript interfaces, the words as unions."""
    parts = ["// The API's values, generated from service/yulelight_client by scripts/share."]
    parts += [
        f"export type {words.__name__} = " + " | ".join(f'"{word}"' for word in words) + ";"
        for words in (State, Repeat)
    ]
    for model in (models.Song, models.Status, models.Channel, models.Frame, models.Frames):
        hints = typing.get_type_hints(model)
        lines = [
            f"  {field.name}: {WORDS[field.name].__name__ if field.name in WORDS else ts(hints[field.name])};"
            for field in dataclasses.fields(model)
        ]
        parts.append("\n".join([f"export interface {model.__name__} {{", *lines, "}"]))
    return "\n\n".join(parts) + "\n"


def ts(hint: object) -> str:
    """A Python type as TypeScript's."""
    if isinstance(hint, type) and hint in PLAIN:
        return PLAIN[hint]
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return hint.__name__
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return f"{ts(arguments[0])}[]"
    if origin in (typing.Union, types.UnionType):
        return " | ".join("null" if each is type(None) else ts(each) for each in arguments)
    raise TypeError(f"no TypeScript for {hint}")


def main() -> int:
    """Writes the files, or with ``--check`` compares them; 1 when they differ."""
    made = wanted()
    targets = {TYPES, APP, *(path for target in COPIES.values() for path in target.glob("*.py"))}
    check, status = "--check" in sys.argv[1:], 0
    for path in sorted(targets | made.keys()):
        new, old = made.get(path), path.read_text() if path.exists() else None
        if new == old:
            continue
        if not check and new is None:
            path.unlink()
        elif not check and new is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_text(new)
        else:
            status = 1
            print(
                f"share: {path.relative_to(ROOT)} is not what its source gives; run scripts/share",
                file=sys.stderr,
            )
            lines = difflib.unified_diff(
                (old or "").splitlines(), (new or "").splitlines(), "is", "wanted", n=0
            )
            print(*list(lines)[:20], sep="\n", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
