"""Runs ``wire_ear`` in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np


class Heard:
    """``ports`` to send to; ``rows`` once listening is over (see ``wire_ear``)."""

    def __init__(self, ports: list[int]) -> None:
        self.ports = ports
        self.rows = np.zeros((0, 4))


@contextmanager
def listening(count: int) -> Iterator[Heard]:
    """Hears what comes to ``count`` ports while the context is open."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "heard.npy"
        ear = [sys.executable, "-m", "tests.benchmarks.wire_ear", str(count), str(file)]
        with subprocess.Popen(ear, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None and process.stdin is not None
            heard = Heard(json.loads(process.stdout.readline()))
            yield heard
            process.stdin.close()
            process.wait(60)
        heard.rows = np.load(file)
