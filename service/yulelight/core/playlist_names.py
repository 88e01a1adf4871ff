"""Rules for the names of playlists. Pure."""

_MAX_LENGTH = 64
_FORBIDDEN = frozenset('/\\:*?"<>|')
"""Characters that file names must not contain on some system."""
RULE = (
    f"a playlist's name has 1 to {_MAX_LENGTH} characters, none of them a control character or one of "
    f"{' '.join(sorted(_FORBIDDEN))}, and begins with neither dot nor space and ends with no space"
)


def is_playlist_name(name: str) -> bool:
    """Whether ``name`` is a valid name of a playlist."""
    printable = name.isprintable() and name == name.strip() and not name.startswith(".")
    return 0 < len(name) <= _MAX_LENGTH and printable and _FORBIDDEN.isdisjoint(name)
