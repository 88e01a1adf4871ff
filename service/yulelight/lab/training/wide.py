"""The encoder of which most can be read: the code of ``mel.py``, nothing of it cut off, that glides a little.

Silence does not read 0 but ``REST``: what is darker than silence in a channel tells of the music, too, and is kept.
Between onsets a level goes half of the way to its code in a frame, at an onset all of it (``glide.py``). Such codes are
half up most of the time; ``encoder/sparse.py`` makes levels of them.
"""

from collections.abc import Sequence

from yulelight.dsp.samples import Floats
from yulelight.lab.training import glide, mel
from yulelight.lab.training.graph import Graph

REST = 0.2
"""What silence reads in every channel."""
STEP = 0.5
"""How far a level moves towards its code in a frame between onsets: a time constant of 17 ms."""


def fit(songs: Sequence[Floats]) -> Graph:
    """The encoder for ``songs``, mel spectra in dB (n, bands) of their audible frames."""
    weights, bias = mel.turned(songs, mel.FLOOR_DB)
    graph = Graph()
    # Above silence, so that what came before a song's first frame, which is 0, is silence, too.
    heard = graph.op("Sub", mel.bands(graph), graph.constant("silence", mel.FLOOR_DB))
    bias = bias + mel.FLOOR_DB * weights.sum(0)
    code = graph.clip(graph.gemm(heard, "code", weights * (1 - REST), bias * (1 - REST)), -REST, 1 - REST)
    levels = glide.glided(graph, code, glide.still(graph, heard, bands=mel.BANDS, decibels=1, step=STEP))
    return graph.finish(graph.op("Add", levels, graph.constant("rest", REST)))
