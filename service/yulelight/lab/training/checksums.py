"""``python -m yulelight.lab.training.checksums FOLDER`` writes manifest.json, checksums of a folder of models."""

import json
import sys
from hashlib import sha256
from pathlib import Path


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each model and decoder of ``folder`` by file name."""
    files = sorted([*folder.glob("*.onnx"), *folder.glob("*.decoder.npz")])
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


if __name__ == "__main__":
    target = Path(sys.argv[1])
    text = json.dumps({"sha256": checksums(target)}, indent=2) + "\n"
    (target / "manifest.json").write_text(text, encoding="utf-8")
