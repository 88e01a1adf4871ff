"""The encoder that preserves most information: the code of ``mel.py`` without clipping, slightly smoothed.

Silence maps to ``REST`` instead of 0, because values below silence in a channel also carry information.
In each frame, a level moves half of the way to its code, or all of it at an onset (``glide.py``). Such codes are
about one half most of the time; ``encoder/sparse.py`` turns them into levels.
"""

from collections.abc import Sequence

from yulelight.dsp.samples import Floats
from yulelight.lab.training import glide, mel
from yulelight.lab.training.graph import Graph

REST = 0.2
"""The value of silence in every channel."""
STEP = 0.5
"""How far a level moves towards its code in a frame between onsets: a time constant of 17 ms."""


def fit(songs: Sequence[Floats]) -> Graph:
    """The encoder for ``songs``, mel spectra in dB (n, bands) of their audible frames."""
    weights, bias = mel.turned(songs, mel.FLOOR_DB)
    graph = Graph()
    # Relative to silence, so that the initial state, which is 0, is silence.
    heard = graph.op("Sub", mel.bands(graph), graph.constant("silence", mel.FLOOR_DB))
    bias = bias + mel.FLOOR_DB * weights.sum(0)
    code = graph.clip(graph.gemm(heard, "code", weights * (1 - REST), bias * (1 - REST)), -REST, 1 - REST)
    levels = glide.glided(graph, code, glide.still(graph, heard, bands=mel.BANDS, decibels=1, step=STEP))
    return graph.finish(graph.op("Add", levels, graph.constant("rest", REST)))
