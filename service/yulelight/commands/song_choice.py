"""Finds the song that the user means by an id, a file or a part of a title."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yulelight.core.errors import UsageError, YulelightError

if TYPE_CHECKING:
    from yulelight.library.songs import LibrarySong

MAX_COPIES = 10
"""Maximum number of songs of the same name that are compared."""


def chosen_song(songs: "Sequence[LibrarySong]", wanted: str) -> "LibrarySong":
    """The matching song. Raises UsageError if there is none, or more than one."""
    from yulelight.core.suggest import did_you_mean
    from yulelight.core.text import folded

    path, plain = Path(wanted).absolute(), folded(wanted)
    for found in (
        [song for song in songs if song.song.id == wanted or song.path.absolute() == path],
        [song for song in songs if folded(song.song.title) == plain],
        [song for song in songs if plain in folded(f"{song.song.artist} {song.song.title} {song.path.name}")],
    ):
        if len(found) == 1 or _alike(found):
            return found[0]
        if found:
            some = "; ".join(
                f"{song.song.title} ({song.path.parent.name}/{song.path.name}, {song.song.id})"
                for song in found[:5]
            )
            raise UsageError(f"{wanted!r} may be {len(found)} songs: {some}; name one by its id")
    if path.is_file():
        raise UsageError(
            f"{wanted} lies in none of the music folders; move it there, or name its folder with --music"
        )
    hint = did_you_mean(wanted, (song.song.title for song in songs)) or "; yulelight library list shows them"
    raise UsageError(f"there is no song {wanted!r} in the music folders{hint}")


def _alike(songs: "Sequence[LibrarySong]") -> bool:
    """Whether all are copies of the same song, so that any of them will do."""
    from yulelight.library.content import content_key

    if not 1 < len(songs) <= MAX_COPIES:
        return False
    try:
        return len({song.content or content_key(song.path) for song in songs}) == 1
    except (YulelightError, OSError):
        return False
