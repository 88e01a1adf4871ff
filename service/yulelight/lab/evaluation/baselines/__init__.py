"""What the scorecard compares with: other ways from music to eight levels, written anew from published descriptions.

Each is a pure function from samples at 44.1 kHz, (n,) or (n, 2), to levels (frames, 8) in 0..1 and frames a second;
frame k belongs to k / rate seconds. A light that can only be on or off is on above half level, lightshowpi's rule.
"""

from collections.abc import Callable
from functools import partial

from yulelight.dsp.samples import Floats
from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.baselines.bands import DECAY, log_bands
from yulelight.lab.evaluation.baselines.mel import mel_bands
from yulelight.lab.evaluation.baselines.projections import principal_components, random_projection
from yulelight.lab.evaluation.baselines.swap import swap_at_onsets

Baseline = Callable[[Floats], tuple[Array, float]]

BASELINES: dict[str, Baseline] = {
    "lightshowpi": log_bands,
    "lightshowpi-decay": partial(log_bands, decay=DECAY),
    "lightshowpi-cached": partial(log_bands, whole=True),
    "mel": mel_bands,
    "pca": principal_components,
    "random": random_projection,
    "swap": swap_at_onsets,
}
"""By the name that `yulelight evaluate --baseline` knows."""
