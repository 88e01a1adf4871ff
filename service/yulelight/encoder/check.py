"""Checks a model in a process of its own: ``python -m yulelight.encoder.check PATH``, called by ``checked``.

The service itself needs a model only for live sound, as songs are rendered by other processes. Until then it does
without onnxruntime and the session, which take a quarter of its memory; and a file that crashes onnxruntime crashes
the check alone.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from yulelight.core.confine import confine
from yulelight.core.errors import ModelError
from yulelight.encoder.model import Encoder, described, opened_later

TIMEOUT = 120.0
"""Seconds; a slow machine takes some."""
MEMORY = 2_000_000_000
"""Bytes."""


def checked(path: Path) -> Encoder:
    """The model at ``path``, checked like by ``model.load``, which is opened when it is first run. Raises ModelError.

    Blocks while a process starts: call it in an executor.
    """
    try:
        process = subprocess.run(
            [sys.executable, "-m", __name__, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT,
            check=False,
        )
        found: dict[str, Any] = json.loads(process.stdout)
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"model {path.name} takes more than {TIMEOUT:g} s to be opened; choose another"
        ) from error
    except (OSError, ValueError) as error:
        raise ModelError(
            f"model {path.name} cannot be checked: opening it ends the program; fetch or export it again"
        ) from error
    if "error" in found:
        raise ModelError(found["error"])
    return opened_later(path, found)


def main(path: Path) -> None:
    """Prints {"error"}, or what ``described`` tells."""
    confine(MEMORY)
    try:
        found: dict[str, Any] = described(path)
    except ModelError as error:
        found = {"error": str(error)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
