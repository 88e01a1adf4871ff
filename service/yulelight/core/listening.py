"""Listening on a port: how many connections are taken at once, and what keeps it from being opened, in words."""

import asyncio
import errno
import os

BACKLOG = 8
"""The ``backlog`` to open a server with. asyncio accepts so many connections in one pass of its loop, before the
code that counts them runs: with its default of 100, a crowd uses up the files a process may open in one pass."""

_QUEUE_LENGTH = 128
"""Connections that may wait in the kernel until they are accepted."""


def lengthen_queue(server: asyncio.Server) -> None:
    """Let more connections wait than are accepted at once: a short queue would turn away honest clients in a crowd."""
    for listener in server.sockets:
        with listener.dup() as twin:  # The same socket; asyncio hides ``listen``.
            twin.listen(_QUEUE_LENGTH)


def listen_error(error: Exception, host: str, port: int, option: str) -> str:
    """One line about ``error``, which came of opening ``port`` on ``host``; ``option`` chooses another port."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"port {port} is in use; stop the program that has it or choose another with {option}"
    if number in (errno.EACCES, errno.EPERM):
        return f"port {port} may not be opened by this user; choose one above 1023 with {option}"
    # Errors of a name that cannot be resolved have numbers of their own, below zero.
    why = os.strerror(number) if number and number > 0 else getattr(error, "strerror", None) or str(error)
    return f"cannot listen on the address {host!r} ({why}); choose one of this machine's with --host"
