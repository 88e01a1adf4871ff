"""Searches songs. Pure."""

from collections.abc import Iterable

from yulelight.core.text import folded
from yulelight.library.songs import LibrarySong


def search(
    songs: Iterable[LibrarySong], words: str = "", artist: str = "", album: str = ""
) -> list[LibrarySong]:
    """The songs whose title, artist or album contains each of ``words``, by exactly this artist and on this album.

    Empty arguments are ignored, as are case and accents. The order is preserved.
    """
    wanted = folded(words).split()
    by, on = folded(artist), folded(album)
    found = []
    for song in songs:
        tags = song.tags
        if (by and folded(tags.artist) != by) or (on and folded(tags.album) != on):
            continue
        text = folded(f"{tags.title}\n{tags.artist}\n{tags.album}") if wanted else ""
        if all(word in text for word in wanted):
            found.append(song)
    return found
