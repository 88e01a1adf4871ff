"""Names of files as text that can be shown and sent."""

import os


def readable(name: str | os.PathLike[str]) -> str:
    """``name`` with a question mark for each byte that is no Unicode, as in file names of old disks."""
    return os.fspath(name).encode("utf-8", "replace").decode()
