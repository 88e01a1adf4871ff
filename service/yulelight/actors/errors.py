"""Errors between actors, worded for the user."""

from yulelight.core.errors import YulelightError


class ActorStopped(YulelightError):  # noqa: N818
    """The actor has stopped or failed before it answered; ``__cause__`` is the failure, if any."""

    def __init__(self, name: str, cause: BaseException | None = None) -> None:
        reason = f" ({in_words(cause)})" if cause else ""
        super().__init__(f"{name} stopped before it could do this{reason}. Try again in a moment.")
        self.__cause__ = cause


class AskTimeout(YulelightError):  # noqa: N818
    """The actor did not answer in time. It may still carry out the request later."""

    def __init__(self, name: str, timeout: float) -> None:
        super().__init__(f"{name} did not answer within {timeout:g} s. It may be busy: try again.")


class MailboxFull(YulelightError):  # noqa: N818
    """The request was dropped from a full mailbox and not carried out."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is too busy and did not do this. Try again in a moment.")


class RestartLimit(YulelightError):  # noqa: N818
    """A child failed too often; ``child`` is its name and ``cause`` its last failure.

    ``exit_status`` is that of the cause, so that for example a port in use ends the process as a network error.
    """

    def __init__(self, child: str, max_restarts: int, window: float, cause: BaseException) -> None:
        super().__init__(
            f"{child} failed again after {max_restarts} restarts in {window:g} s: {in_words(cause)}"
        )
        self.child = child
        self.cause = self.__cause__ = cause
        self.exit_status = cause.exit_status if isinstance(cause, YulelightError) else self.exit_status


def in_words(error: BaseException) -> str:
    """One line about ``error``: the message of our own errors, and with its type for others."""
    return str(error) if isinstance(error, YulelightError) else f"{type(error).__name__}: {error}"
