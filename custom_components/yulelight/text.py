# A copy of service/yulelight/core/text.py, made by scripts/share.
"""Text from users and files: made printable, and normalised for comparison. Pure."""

import os
import unicodedata


def readable(name: str | os.PathLike[str]) -> str:
    """``name`` with a question mark for each byte that is not valid Unicode, as in file names on old disks."""
    return os.fspath(name).encode("utf-8", "replace").decode()


def plain(text: str) -> str:
    """``text`` with a space for each character that cannot be printed, as a terminal's commands in a name."""
    return "".join(character if character.isprintable() else " " for character in text)


def folded(text: str) -> str:
    """``text`` without case and accents, so that ``o tannen`` finds ``Ó Tannenbaum``."""
    if text.isascii():
        return text.lower()  # the same, and ten times as fast: a search folds the text of every song
    # Twice, as Unicode defines caseless matching (section 3.13, D146).
    apart = text
    for _ in range(2):
        apart = unicodedata.normalize("NFKD", apart.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
