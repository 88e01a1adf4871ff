"""Which songs have their show and which still wait for one. Pure."""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass

from yulelight.library.cache import name_of
from yulelight.library.shows import Plan
from yulelight.library.songs import LibrarySong


@dataclass(frozen=True, slots=True)
class Survey:
    """The library as the background sees it."""

    total: int = 0
    rendered: frozenset[str] = frozenset()
    """Ids."""
    waiting: tuple[LibrarySong, ...] = ()
    """Those that cannot be played are in neither."""
    wanted: frozenset[str] = frozenset()
    """Names of the cache's files that belong to songs as they are to be shown now."""
    unplayable: frozenset[str] = frozenset()
    """Ids."""


def survey(
    songs: Iterable[LibrarySong],
    plan: Callable[[LibrarySong], Plan],
    cache: Container[str],
    absent: Iterable[LibrarySong] = (),
) -> Survey:
    """Looks at every song. A song whose content nobody has read yet waits; shows of ``absent`` ones are kept."""
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
