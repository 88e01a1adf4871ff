"""What somebody may have meant by a name that does not exist. Pure."""

import difflib
from collections.abc import Iterable

from yulelight.core.text import folded

_MIN_SIMILARITY = 0.65
"""Share of letters in common from which a name is near another."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The one of ``known`` that is most like ``name``; empty when none is near. Case and accents do not count."""
    by_fold: dict[str, str] = {}
    for one in known:
        by_fold.setdefault(folded(one), one)
    wanted = folded(name)[:200]
    if wanted in by_fold:
        return by_fold[wanted]
    near = difflib.get_close_matches(wanted, by_fold, n=1, cutoff=_MIN_SIMILARITY)
    if near:
        return by_fold[near[0]]
    # "carols" for "Christmas carols"; two letters are in too many names.
    within = [one for fold, one in by_fold.items() if len(wanted) > 2 and wanted in fold]
    return within[0] if len(within) == 1 else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'Christmas'?`` to put behind a message, or nothing."""
    found = nearest(name, known)
    return f"; did you mean {found!r}?" if found else ""
