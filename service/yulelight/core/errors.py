"""One exception tree. Every message a user can meet says what is wrong and what to do about it."""


class YulelightError(Exception):
    """Root of all errors that are reported to a user as one line and never as a traceback.

    ``exit_status`` is the process's exit status when a command ends with this error.
    """

    exit_status = 1


class UsageError(YulelightError):
    """The command, setting or request itself is wrong."""

    exit_status = 2


class AudioError(YulelightError):
    """A file or stream cannot be read as audio."""

    exit_status = 3


class ModelError(YulelightError):
    """An encoder model is missing or does not keep the contract."""

    exit_status = 4


class NetworkError(YulelightError):
    """A broker, port or peer cannot be used."""

    exit_status = 5


class StorageError(YulelightError):
    """Something cannot be kept on the disk, which is full, broken or closed to us."""

    @classmethod
    def of(cls, what: str, error: OSError, advice: str = "") -> "StorageError":
        """The sentence about ``error``, which came of keeping ``what``; every part of the program says it so."""
        why = error.strerror or str(error)
        more = f", or {advice}" if advice else ""
        return cls(f"{what} cannot be kept: {why}; make room on the disk, or see who may write there{more}")


class CommandError(YulelightError):
    """A command that makes no sense in the present state, e.g. resume while nothing is paused."""
