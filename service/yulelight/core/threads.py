"""One thread for numpy's matrices: ours are so small that several threads wait for each other longer than they work."""

import os
from collections.abc import Mapping
from types import MappingProxyType

LIMITS: Mapping[str, str] = MappingProxyType({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
"""Settings of the environment."""


def limit_threads() -> None:
    """For this process and its children, before numpy is imported; whoever set another number keeps it."""
    for name, number in LIMITS.items():
        os.environ.setdefault(name, number)
