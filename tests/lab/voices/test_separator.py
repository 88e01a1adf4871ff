"""The graph is the network that its paper describes: with weights made so that its answer is known."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the [train] extra is not installed")

from yulelight.core.errors import ModelError
from yulelight.encoder import voices
from yulelight.lab.voices import separator

CHANNELS = (2, 16, 32, 64, 128, 256, 512)


def weights(voice: float, others: float) -> dict[str, np.ndarray]:
    """All zero but the last bias of each stem: its mask is then the same everywhere."""
    found: dict[str, np.ndarray] = {}

    def layer(kind: str, number: int, kernel: tuple[int, ...], bias: np.ndarray) -> None:
        name = kind + (f"_{number}" if number else "")
        found[f"{name}/kernel"], found[f"{name}/bias"] = np.zeros(kernel, np.float32), bias.astype(np.float32)

    for stem, last in enumerate((voice, others)):
        ups = (256, 128, 64, 32, 16, 1)
        for k in range(6):
            layer("conv2d", 7 * stem + k, (5, 5, CHANNELS[k], CHANNELS[k + 1]), np.zeros(CHANNELS[k + 1]))
            into = CHANNELS[6] if k == 0 else 2 * ups[k - 1]
            layer("conv2d_transpose", 6 * stem + k, (5, 5, ups[k], into), np.zeros(ups[k]))
        layer("conv2d", 7 * stem + 6, (4, 4, 1, 2), np.full(2, last))
        for k, size in enumerate((*CHANNELS[1:], *ups)):
            number = 12 * stem + k
            name = "batch_normalization" + (f"_{number}" if number else "")
            for part, value in (("gamma", 1), ("beta", 0), ("moving_mean", 0), ("moving_variance", 1)):
                found[f"{name}/{part}"] = np.full(size, value, np.float32)
    return found


@pytest.mark.parametrize(("voice", "others"), [(0.0, 0.0), (2.0, -1.0)])
def test_the_share_of_the_voice(tmp_path: Path, voice: float, others: float) -> None:
    path = tmp_path / "a.voices.onnx"
    separator.write(weights(voice, others), path, 4)
    made = voices.load(path)
    assert made is not None and made.channel == 3
    noise = np.random.default_rng(1).random((2, 512, 2049)).astype(np.float32) + 0.1
    (share,) = made._session.run(["voice"], {"magnitudes": noise[None, :, :, :1024]})
    v, a = (1 / (1 + np.exp(-x)) for x in (voice, others))
    assert share == pytest.approx(v**2 / (v**2 + a**2), abs=1e-3)


def test_a_checkpoint_of_something_else_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="conv2d/kernel"):
        separator.write({}, tmp_path / "a.voices.onnx", 1)
