"""Web addresses that people give, checked. Pure."""

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from yulelight.core.errors import UsageError

MAX_URL_LENGTH = 2000


def checked(url: str) -> str:
    """Returns a valid address. Raises UsageError."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= MAX_URL_LENGTH
    except ValueError:
        fine = False
    if not fine or not url.isprintable():
        raise UsageError("an address to play begins with http:// or https:// and names a host")
    return url


def is_web_address(text: str) -> bool:
    """Whether ``checked`` accepts it."""
    try:
        checked(text)
    except UsageError:
        return False
    return True


def name_in(url: str) -> str:
    """The last name in its path, such as a file's, otherwise its host."""
    parts = urlsplit(url)
    return PurePosixPath(unquote(parts.path)).name or parts.hostname or ""


def host_of(url: str) -> str:
    """The host's name, to be shown."""
    return urlsplit(url).hostname or "the address"
