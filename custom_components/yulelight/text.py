# A copy of service/yulelight/core/text.py, made by scripts/share.
"""Text from people and files: as it can be shown and sent, and as people compare it. Pure."""

import os
import unicodedata


def readable(name: str | os.PathLike[str]) -> str:
    """``name`` with a question mark for each byte that is no Unicode, as in file names of old disks."""
    return os.fspath(name).encode("utf-8", "replace").decode()


def folded(text: str) -> str:
    """Without case and accents: ``Ó Tannenbaum`` is found by ``o tannen``."""
    # Twice, as Unicode's definition of a match without case has it (section 3.13, D146).
    apart = text
    for _ in range(2):
        apart = unicodedata.normalize("NFKD", apart.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))
