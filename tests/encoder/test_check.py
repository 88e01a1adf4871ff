"""A model that another process has checked is the model, and the service does without its runtime until it runs."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from yulelight.core.errors import ModelError
from yulelight.encoder.catalogue import find
from yulelight.encoder.check import checked
from yulelight.encoder.model import load

WITHOUT = """
import sys
import yulelight.app.run
from yulelight.encoder.catalogue import find
from yulelight.encoder.check import checked

encoder = checked(find("wide", ()))
assert encoder.mark and encoder.manifest.sparse is not None
print([name for name in ("onnxruntime", "av") if name in sys.modules])
encoder.rest
print("onnxruntime" in sys.modules)
"""


@pytest.mark.parametrize("name", ["wide", "dense", "ae-mel"])
def test_it_is_the_model_that_is_loaded_at_once(name: str) -> None:
    path = find(name, ())
    later, now = checked(path), load(path)
    assert later.mark == now.mark
    assert later.path == path
    assert later.manifest.name == now.manifest.name
    assert later.state_shapes == now.state_shapes
    music = np.random.default_rng(1).random((40, 513), dtype=np.float32)
    np.testing.assert_array_equal(later.encode(music), now.encode(music))


@pytest.mark.parametrize("content", [b"", b"no model"])
def test_what_is_wrong_is_said_in_the_same_words(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError) as later:
        checked(path)
    with pytest.raises(ModelError) as now:
        load(path)
    assert str(later.value) == str(now.value)
    assert "mine.onnx" in str(later.value)


def test_a_model_that_was_replaced_after_the_check_is_not_taken_for_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    shutil.copy(find("wide", ()), path)
    encoder = checked(path)
    shutil.copy(find("dense", ()), path)
    with pytest.raises(ModelError, match=r"mine\.onnx was replaced"):
        encoder.encode(np.zeros((1, 513), np.float32))


def test_the_service_loads_neither_onnxruntime_nor_ffmpeg_before_it_needs_them() -> None:
    result = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split("\n")[:2] == ["[]", "True"]
