"""How a Show keeps its pan: in whole steps of a signed byte."""

import numpy as np
import numpy.typing as npt

STEPS = 127
"""This many to each side."""


def in_steps(pan: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    """-1 (left) to 1 (right), as a Show keeps it."""
    return np.asarray(np.rint(pan * STEPS), np.int8)
