"""Determines which songs have a show and which still need one. Pure."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from yulelight.library.cache import name_of
from yulelight.library.shows import Plan
from yulelight.library.songs import LibrarySong


@dataclass(frozen=True, slots=True)
class Survey:
    """The state of the library for background rendering."""

    total: int = 0
    rendered: frozenset[str] = frozenset()
    """Ids."""
    waiting: tuple[LibrarySong, ...] = ()
    """Songs that cannot be played are in neither."""
    wanted: frozenset[str] = frozenset()
    """Names of the cached shows that are in use with the present settings."""
    unplayable: frozenset[str] = frozenset()
    """Ids."""


def survey(
    songs: Iterable[LibrarySong],
    plan: Callable[[LibrarySong], Plan],
    cache: Container[str],
    absent: Iterable[LibrarySong] = (),
) -> Survey:
    """Checks every song. Songs with unknown content key are waiting; shows of ``absent`` songs are kept."""
    rendered: set[str] = set()
    wanted: set[str] = set()
    waiting: list[LibrarySong] = []
    names = (name_of(found.content, plan(found).key()) for found in absent if found.content)
    wanted.update(name for name in names if name in cache)
    unplayable: set[str] = set()
    total = 0
    for found in songs:
        total += 1
        name = name_of(found.content, plan(found).key()) if found.content else ""
        if name in cache:
            wanted.add(name)
            rendered.add(found.song.id)
        elif not found.problem:
            waiting.append(found)
        if found.problem:
            unplayable.add(found.song.id)
    return Survey(total, frozenset(rendered), tuple(waiting), frozenset(wanted), frozenset(unplayable))
