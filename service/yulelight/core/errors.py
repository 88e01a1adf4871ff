"""The exception hierarchy. Every message that a user can see says what is wrong and what to do about it."""


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
    """A broker, port or peer is not usable."""

    exit_status = 5


class StorageError(YulelightError):
    """Something cannot be saved, because the disk is full, broken or not writable."""

    @classmethod
    def of(cls, what: str, error: OSError, advice: str = "") -> "StorageError":
        """The error for ``error``, which occurred while saving ``what``; worded alike in the whole program."""
        why = error.strerror or str(error)
        more = f", or {advice}" if advice else ""
        return cls(f"{what} cannot be saved: {why}; free up disk space or check the permissions{more}")


class CommandError(YulelightError):
    """The command makes no sense in the present state, e.g. resume while nothing is paused."""
