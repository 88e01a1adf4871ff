"""Listening on a port: how many connections are accepted at once, when dead ones end, and messages for ports that
cannot be opened.
"""

import asyncio
import errno
import os
import socket
from contextlib import suppress

BACKLOG = 8
"""The ``backlog`` to open a server with. asyncio accepts this many connections in one iteration of its loop, before
the code that counts them runs: with the default of 100, many clients at once could use up the file descriptors."""

_QUEUE_LENGTH = 128
"""Connections that may wait in the kernel to be accepted."""


def lengthen_queue(server: asyncio.Server) -> None:
    """Lets more connections wait than are accepted at once: a short queue would drop legitimate clients under
    load.
    """
    for listener in server.sockets:
        with listener.dup() as twin:  # A duplicate of the same socket, because asyncio hides ``listen``.
            twin.listen(_QUEUE_LENGTH)


def keep_alive(connection: socket.socket) -> None:
    """Has a connection that only receives end half a minute after the other machine fell silent.

    Without this, one whose machine lost its power stays open for ever.
    """
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (("TCP_KEEPIDLE", 15), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, option):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def listen_error(error: Exception, host: str, port: int, option: str) -> str:
    """One line about ``error``, raised on opening ``port`` on ``host``; ``option`` is what chooses another port."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"port {port} is in use; stop the program that has it or choose another with {option}"
    if number in (errno.EACCES, errno.EPERM):
        return f"port {port} may not be opened by this user; choose one above 1023 with {option}"
    # Name resolution errors have their own negative numbers.
    why = os.strerror(number) if number and number > 0 else getattr(error, "strerror", None) or str(error)
    return f"cannot listen on the address {host!r} ({why}); choose one of this machine's with --host"
