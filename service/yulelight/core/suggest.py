"""Suggestions for misspelt names. Pure."""

import difflib
from collections.abc import Iterable

from yulelight.core.text import folded

_MIN_SIMILARITY = 0.65
"""Similarity ratio (difflib) from which a name is suggested."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The name in ``known`` most similar to ``name``; empty if none is similar. Ignores case and accents."""
    by_fold: dict[str, str] = {}
    for one in known:
        by_fold.setdefault(folded(one), one)
    wanted = folded(name)[:200]
    if wanted in by_fold:
        return by_fold[wanted]
    near = difflib.get_close_matches(wanted, by_fold, n=1, cutoff=_MIN_SIMILARITY)
    if near:
        return by_fold[near[0]]
    # "carols" suggests "Christmas carols"; two letters occur in too many names.
    within = [one for fold, one in by_fold.items() if len(wanted) > 2 and wanted in fold]
    return within[0] if len(within) == 1 else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'Christmas'?`` to append to a message, or an empty string."""
    found = nearest(name, known)
    return f"; did you mean {found!r}?" if found else ""
