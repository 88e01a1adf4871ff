"""Finds songs by words. Pure."""

from collections.abc import Iterable

from yulelight.core.text import folded
from yulelight.library.songs import LibrarySong


def search(
    songs: Iterable[LibrarySong], words: str = "", artist: str = "", album: str = ""
) -> list[LibrarySong]:
    """Songs in whose title, artist or album each of ``words`` occurs, by exactly this artist and on this album.

    What is empty is not asked for; case and accents do not count. The order is kept.
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
