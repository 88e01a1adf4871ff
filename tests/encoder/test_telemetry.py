"""Nothing leaves the house: onnxruntime from 1.29 on gathers and sends what it runs, unless told not to."""

import os
import subprocess
import sys
from pathlib import Path

RUN = """
import numpy as np
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load

encoder = load(find("wide", ()))
assert encoder.encode(np.zeros((20, 513), np.float32)).shape == (20, 8)
"""


def test_a_model_runs_and_leaves_no_file_of_its_runtime_behind(tmp_path: Path) -> None:
    # In CI it is silent of itself, and so the proof would be none.
    kept = {name: value for name, value in os.environ.items() if name != "CI" and not name.startswith("ORT_")}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    result = subprocess.run(
        [sys.executable, "-B", "-c", RUN],
        env=kept | home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
