"""Exclusive use of a folder by one process, for as long as the process runs."""

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yulelight.core.errors import UsageError

_LOG = logging.getLogger(__name__)
NAME = "service.lock"


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Locks ``folder`` for the block.

    Raises UsageError if another process has locked it. The lock belongs to the open file, so it ends with the
    process, however that ends: no stale lock can remain. File systems without locks (some network drives) are only
    noted in the log.
    """
    try:
        import fcntl
    except ModuleNotFoundError:  # not on a POSIX system
        yield
        return
    # Written only once the lock is held; closed on exec, so that no child process keeps the lock.
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"another service runs with the data folder {folder} ({_holder(handle)}); stop it, "
                "or give this one a folder of its own with --data"
            ) from None
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL):
                raise
            _LOG.warning("%s cannot be locked (%s); let no second service use it", folder, error.strerror)
        with suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """The process that holds the lock, as text."""
    with suppress(OSError, UnicodeDecodeError):
        said = os.pread(handle, 40, 0).decode("ascii").strip()
        if said.isprintable() and said:
            return said
    return "another process"
