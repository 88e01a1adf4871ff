"""Finds models by name: bundled ones, and those in folders from the settings."""

import re
from collections.abc import Iterable
from pathlib import Path

import yulelight
from yulelight.core.errors import ModelError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def bundled() -> Path:
    """The folder of the bundled models: in the installed package, or in the source tree."""
    package = Path(yulelight.__file__).resolve().parent
    inside = package / "models"
    return inside if inside.is_dir() else package.parents[1] / "models"


def known(folders: Iterable[Path] = ()) -> dict[str, Path]:
    """All models by name, which is the file's name without ``.onnx``. A folder named earlier wins over a later one,
    and all win over the bundled models. Folders that cannot be read count as empty.
    """
    found: dict[str, Path] = {}
    for folder in (*folders, bundled()):
        for path in sorted(_models(folder)):
            found.setdefault(path.stem, path)
    return found


def find(name: str, folders: Iterable[Path] = ()) -> Path:
    """The file of the model ``name``, which is never a path. Raises ModelError with the available models."""
    folders = tuple(folders)
    for folder in folders:
        if not folder.is_dir():
            raise ModelError(f"there is no folder {folder} to look for models in; name one that exists")
    models = known(folders)
    path = models.get(name) if _NAME.fullmatch(name) else None
    if path is None:
        there_are = ", ".join(sorted(models)) or "none; run `yulelight train` or name a folder that holds one"
        raise ModelError(f"no model is called {name[:64]!r}; there are: {there_are}")
    return path


def describe(model: Path) -> str:
    """The first paragraph of the model card, in one line of at most 300 characters; empty without a card."""
    try:
        with model.with_suffix(".md").open(encoding="utf-8", errors="replace") as card:
            text = card.read(4000)
    except OSError:
        return ""
    paragraphs = (" ".join(part.split()) for part in text.split("\n\n"))
    return next((part[:300] for part in paragraphs if part and not part.startswith("#")), "")


def _models(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix == ".onnx" and _is_model(path.stem)]
    except OSError:
        return []


def _is_model(stem: str) -> bool:
    """``NAME.voices.onnx`` belongs to the model beside it (``voices.py``)."""
    return bool(_NAME.fullmatch(stem)) and not stem.endswith(".voices")
