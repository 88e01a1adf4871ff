"""``python -m yulelight.lab.training.cards FOLDER``: writes the measurements into the shipped model cards.

Reads FOLDER/measured.json (scripts/bench models) and FOLDER/stability.json (scripts/stability.py).
"""

import json
import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import onnx

from yulelight.core.errors import UsageError
from yulelight.encoder.meaning import PROPERTY
from yulelight.lab.training.architectures import ARCHITECTURES
from yulelight.lab.training.card import measured


def keep(folder: Path, compared: Mapping[str, Any]) -> None:
    """Writes ``measured.json``: the figures of the models in ``folder`` and which files they belong to."""
    models = {name: one for name, one in compared["models"].items() if (folder / f"{name}.onnx").is_file()}
    found = {"sha256": {name: checksum(folder / f"{name}.onnx") for name in models}, "models": models}
    (folder / "measured.json").write_text(
        json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def refresh(folder: Path) -> None:
    """Rewrites each card of ``folder``. Raises UsageError if a model is not the one that was measured."""
    found = json.loads((folder / "measured.json").read_text(encoding="utf-8"))
    stability = folder / "stability.json"
    again = json.loads(stability.read_text(encoding="utf-8")) if stability.is_file() else {}
    for name in found["models"]:
        if found["sha256"][name] != checksum(folder / f"{name}.onnx"):
            raise UsageError(f"{name} was not measured since it was made; run scripts/bench models")
        card = folder / f"{name}.md"
        text = measured(
            card.read_text(encoding="utf-8"), name, ARCHITECTURES[name], found["models"], again.get(name)
        )
        card.write_text(text, encoding="utf-8")


def checksum(model: Path) -> str:
    """SHA-256 of what the figures depend on: the model without what on/off states mean, which is learnt later."""
    read = onnx.load(model)
    props = [prop for prop in read.metadata_props if prop.key != PROPERTY]
    del read.metadata_props[:]
    read.metadata_props.extend(props)
    return sha256(read.SerializeToString(deterministic=True)).hexdigest()


if __name__ == "__main__":
    refresh(Path(sys.argv[1]))
