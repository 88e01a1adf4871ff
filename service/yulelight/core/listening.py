"""What keeps a program from listening on an address and a port, in words for who chose them."""

import errno
import os


def trouble(error: Exception, host: str, port: int, option: str) -> str:
    """One line about ``error``, which came of opening ``port`` on ``host``; ``option`` chooses another port."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return f"port {port} is in use; stop the program that has it or choose another with {option}"
    if number in (errno.EACCES, errno.EPERM):
        return f"port {port} may not be opened by this user; choose one above 1023 with {option}"
    # Errors of a name that cannot be resolved have numbers of their own, below zero.
    why = os.strerror(number) if number and number > 0 else getattr(error, "strerror", None) or str(error)
    return f"cannot listen on the address {host!r} ({why}); choose one of this machine's with --host"
