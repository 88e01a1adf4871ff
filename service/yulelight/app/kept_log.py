"""The running service's log, kept for its page."""

import contextlib
import logging
from collections.abc import Iterable, Iterator

from yulelight.telemetry.log_book import LogBook


@contextlib.contextmanager
def kept_log(secrets: Iterable[str]) -> Iterator[LogBook]:
    """What is logged by the service from now on, without ``secrets``, until the block is left."""
    book, ours = LogBook(secrets), logging.getLogger("yulelight")
    book.setLevel(logging.INFO)
    ours.addHandler(book)
    try:
        yield book
    finally:
        ours.removeHandler(book)
