"""The library: songs, their shows and the renderer; playlists."""

import math
from dataclasses import dataclass

from yulelight.actors import Broadcast, Supervisor
from yulelight.app.music import lists_of
from yulelight.app.parts.starting import started
from yulelight.app.settings import Settings
from yulelight.library.cache import ShowCache
from yulelight.library.librarian import Librarian, LibraryAccess, LibraryState
from yulelight.library.playlist_watch import PlaylistWatch
from yulelight.library.playlists import Playlists
from yulelight.library.show_source import LibraryShows, StyleCatalogue
from yulelight.library.songs import Library
from yulelight.library.user_settings import UserSettings


def shows_of(settings: Settings, library: Library) -> LibraryShows:
    """The library's shows, kept in the data folder. Blocking."""
    data = settings.data
    return LibraryShows(
        library,
        user_settings=UserSettings(data / "library.json"),
        cache=ShowCache(data / "shows", settings.library.cache * 1_000_000),
        styles=StyleCatalogue(settings.all_looks(), settings.models),
        model=settings.model,
        look=settings.look,
    )


async def start_library(supervisor: Supervisor, settings: Settings, library: Library) -> LibraryAccess:
    """The librarian scans for songs and, if enabled in the settings, renders them."""
    shows, states, care = shows_of(settings, library), Broadcast[LibraryState](), settings.library
    settle = care.settle if care.render else math.inf
    ref = await started(
        supervisor, lambda: Librarian(shows, states, workers=care.workers, settle=settle), "librarian"
    )
    return LibraryAccess(ref, shows, states)


@dataclass(frozen=True, slots=True)
class PlaylistsPart:
    """The playlists, and the watcher of their folder."""

    lists: Playlists
    changes: Broadcast[str]
    """Ids of lists that were made, changed or deleted."""

    def watch(self) -> PlaylistWatch:
        """See PlaylistWatch."""
        return PlaylistWatch(self.lists, self.changes)


def playlists_of(settings: Settings, library: Library) -> PlaylistsPart:
    """Those in the settings' folder."""
    return PlaylistsPart(lists_of(settings, library.songs), Broadcast())
