"""Runs a Python module and counts the passes of its event loop: ``python -m tests.benchmarks.passes FILE MODULE ARG…``.

Each pass asks the selector once. The count is kept in the eight bytes of ``FILE``, which others may read at any time.
"""

import mmap
import runpy
import selectors
import struct
import sys
from pathlib import Path
from typing import Any

_COUNT = struct.Struct("<Q")


def passes(file: Path) -> int:
    """The count so far."""
    count: int = _COUNT.unpack(file.read_bytes())[0]
    return count


def main(file: Path, module: str, arguments: list[str]) -> None:
    """Counts in ``file``, which exists already, and runs ``module`` as if it were called with ``arguments``."""
    file.write_bytes(_COUNT.pack(0))
    with file.open("r+b") as opened:
        shared = mmap.mmap(opened.fileno(), _COUNT.size)
    usual, count = selectors.DefaultSelector.select, 0

    def counted(self: Any, timeout: float | None = None) -> Any:
        nonlocal count
        count += 1
        _COUNT.pack_into(shared, 0, count)
        return usual(self, timeout)

    selectors.DefaultSelector.select = counted  # type: ignore[method-assign]
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
