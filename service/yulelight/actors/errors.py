"""What can go wrong between actors, in words for the user."""

from yulelight.core.errors import YulelightError


class ActorStopped(YulelightError):  # noqa: N818
    """The actor is stopped, or failed before it answered; ``__cause__`` is the failure, if there was one."""

    def __init__(self, name: str, cause: BaseException | None = None) -> None:
        reason = f" ({in_words(cause)})" if cause else ""
        super().__init__(f"{name} stopped before it could do this{reason}. Try again in a moment.")
        self.__cause__ = cause


class AskTimeout(YulelightError):  # noqa: N818
    """The actor did not answer in time. What was asked may still be done later."""

    def __init__(self, name: str, timeout: float) -> None:
        super().__init__(f"{name} did not answer within {timeout:g} s. It may be busy: try again.")


class MailboxFull(YulelightError):  # noqa: N818
    """What was asked fell out of a full mailbox and was not done."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is too busy and did not do this. Try again in a moment.")


class RestartLimit(YulelightError):  # noqa: N818
    """A child failed too often; ``child`` names it and ``cause`` is its last failure.

    ``exit_status`` is that of the cause, so that a port in use ends the process as a network error.
    """

    def __init__(self, child: str, max_restarts: int, window: float, cause: BaseException) -> None:
        super().__init__(
            f"{child} failed again after {max_restarts} restarts in {window:g} s: {in_words(cause)}"
        )
        self.child = child
        self.cause = self.__cause__ = cause
        self.exit_status = cause.exit_status if isinstance(cause, YulelightError) else self.exit_status


def in_words(error: BaseException) -> str:
    """One line about ``error``: our own errors say it themselves, others need their type to be understood."""
    return str(error) if isinstance(error, YulelightError) else f"{type(error).__name__}: {error}"
