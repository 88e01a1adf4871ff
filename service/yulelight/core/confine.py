"""For child processes that read files nobody vouches for: no more memory than agreed, and the first to go."""

import contextlib
from pathlib import Path

_OOM_SCORE = "900"
"""Of -1000 to 1000: the system ends this process before the service when memory runs out."""


def confine(memory: int) -> None:
    """At most ``memory`` bytes of data for this process, as far as the system can; more is a MemoryError."""
    with contextlib.suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE)
