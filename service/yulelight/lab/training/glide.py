"""The gliding encoder: principal components, smoothed between notes and unsmoothed at onsets.

The code is that of ``mel.py`` on 96 bands: whitened components, rotated so that silence is dark and each channel
belongs to few bands. Its small fluctuations would be visible as flicker. So each level is a running mean of its code
whose step depends on the music: a part of the difference between notes, and all of it at an onset (the mean rise of
all bands over two frames, as in ``dsp/onsets.py``). This is a gated recurrent unit whose gate depends only on the
input; onnxruntime runs it as one. It uses no later frames, so it has no latency.
"""

from collections.abc import Sequence

import numpy as np

from yulelight.core.messages import CHANNELS
from yulelight.dsp.samples import Floats
from yulelight.lab.training.graph import Graph
from yulelight.lab.training.mel import turned

BANDS = 96
SILENCE = 0.0
"""Scaled level of all bands that reads as silence: -80 dB."""
RISE = (1.0, 4.0)
"""Mean rise of the bands in dB at which the step starts to grow, and at which it is complete."""
EVEN = 0.7
"""How far the channels' standard deviations are equalized (1: fully); otherwise active channels dominate."""
STEP = 0.3
"""How far a level moves towards its code in a frame between onsets: a time constant of 33 ms."""
CONTRAST = 1.3
"""Exponent of the levels; it emphasizes what stands out in a song, such as singing."""


def fit(songs: Sequence[Floats]) -> Graph:
    """The encoder for ``songs``, scaled mel spectra (n, 96) of their audible frames."""
    weights, bias = turned(songs, SILENCE)
    spread = np.concatenate([song @ weights for song in songs]).std(axis=0)
    even = (spread.min() / spread) ** EVEN
    graph = Graph()
    mel = graph.scaled_mel(BANDS)
    code = graph.clip(graph.gemm(mel, "code", weights * even, bias * even))
    levels = glided(graph, code, _still(graph, mel))
    return graph.finish(graph.op("Pow", levels, graph.constant("contrast", CONTRAST)))


def _still(graph: Graph, mel: str) -> str:
    """Share of its level that a channel keeps at each frame, (n, 1): 1 - STEP, down to 0 at an onset."""
    # 1 in the scaled spectrum is 80 dB.
    return still(graph, mel, bands=BANDS, decibels=80, step=STEP)


def still(graph: Graph, heard: str, *, bands: int, decibels: float, step: float) -> str:
    """1 - ``step``, down to 0 at an onset in ``heard`` (n, bands) in units of ``decibels``: (n, 1)."""
    past = graph.after("mel", heard, 3, bands)
    two = graph.op("Add", graph.rows(past, 1, 0), graph.rows(past, 0, -1))
    rise = graph.op("Relu", graph.op("Sub", graph.rows(two, 2, 0), graph.rows(two, 0, -2)))
    low, high = RISE
    slope = (step - 1) / (high - low)
    # ``two`` is the sum of two frames, not their mean.
    share = np.full((bands, 1), slope * decibels / 2 / bands)
    return graph.clip(graph.gemm(rise, "onset", share, [1 - step - slope * low]), 0, 1 - step)


def glided(graph: Graph, code: str, keep: str) -> str:
    """Levels (n, 8): ``keep`` (n, 1) times the previous level plus the rest of ``code`` (n, 8)."""
    graph.states["state_levels"] = (1, 1, CHANNELS)
    seen = graph.op("Unsqueeze", graph.op("Concat", keep, code, axis=1), graph.constant("one", [1], np.int64))
    # The unit's h = (1 - z) n + z h, with z (keep) and n (code) straight from the input: all recurrences are 0.
    into = np.zeros((1, 3 * CHANNELS, 1 + CHANNELS), np.float32)
    into[0, :CHANNELS, 0] = 1
    into[0, 2 * CHANNELS :, 1:] = np.eye(CHANNELS)
    levels = graph.op(
        "GRU",
        seen,
        graph.constant("into", into),
        graph.constant("back", np.zeros((1, 3 * CHANNELS, CHANNELS))),
        "",
        "",
        "state_levels",
        outputs=["glided", "next_state_levels"],
        hidden_size=CHANNELS,
        activations=["Affine", "Affine"],
        activation_alpha=[1.0, 1.0],
        activation_beta=[0.0, 0.0],
    )
    return graph.op("Reshape", levels, graph.constant("flat", [-1, CHANNELS], np.int64))
