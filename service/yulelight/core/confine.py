"""Restricts child processes that read untrusted files: limited memory, and first to be killed if memory runs out."""

import contextlib
from pathlib import Path

_OOM_SCORE = "900"
"""From -1000 to 1000: the kernel kills this process before the service when memory runs out."""


def confine(memory: int) -> None:
    """Limits this process to ``memory`` bytes of data if the system supports it; beyond that it gets a
    MemoryError.
    """
    with contextlib.suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE)
