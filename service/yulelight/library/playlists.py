"""Playlists: .m3u8 files in a folder, which other players may read and write, too.

Only songs of the library and stations that are kept are played: whatever else a list names is shown as missing.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2s
from pathlib import Path

from yulelight.core.errors import UsageError, YulelightError
from yulelight.core.messages import Repeat
from yulelight.core.playlist_names import RULE, is_playlist_name
from yulelight.core.text import folded
from yulelight.library import m3u
from yulelight.library.matching import Index
from yulelight.library.playlist_folder import NoSuchPlaylist, PlaylistFolder
from yulelight.library.playlist_header import Change, PlaylistHeader
from yulelight.library.songs import LibrarySong
from yulelight.library.stations import MAX_SECONDS, Station, StationEntry
from yulelight.library.steps import Announcement, Scene, Step

__all__ = [
    "Announcement",
    "Change",
    "Item",
    "NoSuchPlaylist",
    "Playlist",
    "Playlists",
    "Scene",
    "Step",
    "Summary",
]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list. ``id`` is that of the song or the station, or for missing songs an id that ``Playlists.save``
    accepts.
    """

    id: str
    title: str
    song: LibrarySong | None
    station: StationEntry | None = None

    @property
    def listed(self) -> LibrarySong | StationEntry | None:
        """What can be played; None if it is missing."""
        return self.song or self.station


@dataclass(frozen=True, slots=True)
class Playlist:
    """The playable songs and stations of a list. ``missing``: titles of songs that are not in the library at
    present.
    """

    id: str
    songs: tuple[LibrarySong | StationEntry, ...]
    missing: tuple[str, ...] = ()
    pre: tuple[Step, ...] = ()
    post: tuple[Step, ...] = ()
    shuffle: bool = False
    repeat: Repeat = Repeat.OFF


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary of a list. ``songs``: number of playable songs and stations; ``duration``: their total in seconds,
    without stations that play until they are stopped.
    """

    id: str
    songs: int
    duration: float
    missing: int


class Playlists:
    """The lists in ``folder`` (created when first needed).

    Blocking; thread-safe. ``songs`` returns the library's songs as of its last scan, ``stations`` the stations that
    are kept. A station is also a list of one, under its name, where no file has it. For the files see PlaylistFolder.
    """

    def __init__(
        self,
        folder: Path,
        songs: Callable[[], Sequence[LibrarySong]],
        stations: Callable[[], Sequence[Station]] = tuple,
    ) -> None:
        self._folder = PlaylistFolder(folder)
        self._songs, self.stations = songs, stations
        self._lock = threading.Lock()
        self._indexed: tuple[Sequence[LibrarySong], Index] | None = None

    def songs(self) -> Sequence[LibrarySong]:
        """The library's songs."""
        return self._songs()

    def summaries(self) -> list[Summary]:
        """Summaries of all lists, sorted by name. Unreadable lists are logged and left out."""
        summaries = []
        for id in sorted(self._folder.files(), key=str.casefold):
            try:
                found = self.load(id)
            except YulelightError as error:
                log.warning("%s", error)
                continue
            duration = sum(map(_seconds, found.songs))
            summaries.append(Summary(id, len(found.songs), duration, len(found.missing)))
        return summaries

    def find(self, name: str) -> str:
        """See PlaylistFolder."""
        return self._folder.find(name)

    def load(self, id: str) -> Playlist:
        """The list that ``find`` finds, ready to play. Raises like ``find``, and YulelightError."""
        try:
            id = self._folder.find(id)
        except NoSuchPlaylist:
            station = next((each for each in self.stations() if folded(each.name) == folded(id)), None)
            if station is None:
                raise
            return Playlist(station.name, (StationEntry(station),))
        known = self._folder.read(id)
        items = self._items(known.entries)
        head = PlaylistHeader.read(known.head)
        return Playlist(
            id,
            tuple(item.listed for item in items if item.listed is not None),
            tuple(item.title for item in items if item.listed is None),
            head.pre,
            head.post,
            head.shuffle,
            head.repeat,
        )

    def items(self, id: str) -> tuple[Item, ...]:
        """All items of the list, including missing songs. Raises like ``load``."""
        return tuple(self._items(self._folder.read(self._folder.find(id)).entries))

    def save(self, id: str, change: Change) -> None:
        """Creates or changes the list.

        Songs may be from the library or missing ones of this list, stations those that are kept.
        Raises UsageError for an invalid id, NoSuchPlaylist for unknown songs, YulelightError for disk errors.
        """
        if not is_playlist_name(id):
            raise UsageError(RULE)
        with self._lock:
            known = self._folder.read(id) if id in self._folder.files() else m3u.M3u()
            if change.songs is not None:
                known = replace(known, entries=tuple(self._entries(change.songs, known.entries)))
            head = PlaylistHeader.read(known.head).changed(change)
            self._folder.write(id, replace(known, head=head.lines()))

    def add(self, id: str, songs: Sequence[str | StationEntry], at: int | None = None) -> None:
        """Inserts ``songs`` before position ``at`` (0 is the first), or at the end. Raises like ``save``."""
        with self._edited(id) as entries:
            if at is not None and not 0 <= at <= len(entries):
                raise NoSuchPlaylist(f"this playlist has {len(entries)} songs; there is no position {at}")
            place = len(entries) if at is None else at
            entries[place:place] = self._entries(songs, entries)

    def remove(self, id: str, index: int, seen: str = "") -> None:
        """Removes the song at ``index``. Raises like ``save``.

        ``seen``: the id of the item that was seen there. If somebody else has changed the list in the meantime, the
        nearest one is removed.
        """
        with self._edited(id) as entries:
            entries.pop(self._place(entries, index, seen))

    def move(self, id: str, index: int, to: int, seen: str = "") -> None:
        """Moves the song at ``index``, as in ``remove``, to ``to``. Raises like ``save``."""
        with self._edited(id) as entries:
            place = self._place(entries, index, seen)
            # Where the list became shorter, the end is what was meant.
            last = min(to, len(entries) - 1) if seen else self._place(entries, to)
            entries.insert(last, entries.pop(place))

    def lengthen(self, id: str, index: int, seconds: float, seen: str = "") -> None:
        """Has the station at ``index``, as in ``remove``, play for ``seconds``; 0: until it is stopped. Raises like
        ``save``.
        """
        with self._edited(id) as entries:
            place = self._place(entries, index, seen)
            if self._items(entries[place : place + 1])[0].station is None:
                raise UsageError("only a station plays for a time; a song has its own length")
            entries[place] = replace(entries[place], seconds=round(seconds) or None)

    def delete(self, id: str) -> None:
        """Deletes the list, not its songs. Raises NoSuchPlaylist, or YulelightError for disk errors."""
        with self._lock:
            self._folder.delete(id)

    def stamps(self) -> dict[str, tuple[int, int, int]]:
        """A value per list that differs whenever any program has changed its file."""
        return self._folder.stamps()

    def names(self) -> list[str]:
        """What ``load`` finds: the lists and the stations."""
        return [*self._folder.files(), *(each.name for each in self.stations())]

    @contextmanager
    def _edited(self, id: str) -> Iterator[list[m3u.Entry]]:
        """The entries of the list, to be changed; written at the end, unless that fails."""
        with self._lock:
            id = self._folder.find(id)
            known = self._folder.read(id)
            entries = list(known.entries)
            yield entries
            self._folder.write(id, replace(known, entries=tuple(entries)))

    def _place(self, entries: Sequence[m3u.Entry], index: int, seen: str = "") -> int:
        if seen:
            places = [place for place, item in enumerate(self._items(entries)) if item.id == seen]
            if not places:
                raise NoSuchPlaylist("somebody else has taken that out of this playlist")
            return min(places, key=lambda place: abs(place - index))
        if not 0 <= index < len(entries):
            raise NoSuchPlaylist(f"this playlist has {len(entries)} songs; there is no position {index}")
        return index

    def _index(self) -> Index:
        songs = self._songs()
        indexed = self._indexed
        if indexed is None or indexed[0] is not songs:
            self._indexed = indexed = (songs, Index(songs))
        return indexed[1]

    def _items(self, entries: Sequence[m3u.Entry]) -> list[Item]:
        index, stations = self._index(), {each.url: each for each in self.stations()}
        items = []
        for entry in entries:
            song = index.find(entry.location, self._folder.path)
            if song is not None:
                items.append(Item(song.song.id, song.song.title, song))
            elif (station := stations.get(entry.location)) is not None:
                seconds = min(MAX_SECONDS, max(0.0, float(entry.seconds or 0)))
                items.append(Item(station.id, station.name, None, StationEntry(station, seconds)))
            else:
                items.append(Item(_missing(entry), _readable(entry), None))
        return items

    def _entries(self, ids: Sequence[str | StationEntry], known: Sequence[m3u.Entry]) -> list[m3u.Entry]:
        """The entries for ``ids`` of songs and stations: those in ``known``, otherwise new ones."""
        index, stations = self._index(), {each.id: each for each in self.stations()}
        kept: dict[str, m3u.Entry] = {}
        for item, entry in zip(self._items(known), known, strict=True):
            kept.setdefault(item.id, entry)
        entries = []
        for id in ids:
            if isinstance(id, StationEntry):
                entries.append(_station(id))
                continue
            if id in stations and id not in kept:
                entries.append(_station(StationEntry(stations[id])))
                continue
            song = index.by_id.get(id)
            if id not in kept and song is None:
                raise NoSuchPlaylist("there is no such song; ask for the list of songs again")
            entries.append(kept[id] if id in kept or song is None else _entry(song, self._folder.path))
        return entries


def _seconds(listed: LibrarySong | StationEntry) -> float:
    return listed.seconds if isinstance(listed, StationEntry) else listed.song.duration


def _station(listed: StationEntry) -> m3u.Entry:
    return m3u.Entry(listed.station.url, listed.station.name, round(listed.seconds) or None)


def _missing(entry: m3u.Entry) -> str:
    return "missing-" + blake2s(entry.location.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _readable(entry: m3u.Entry) -> str:
    """The name to show for a missing song: its title, otherwise the name of its file; never its path."""
    names = m3u.parts(entry.location)
    text = entry.title or (Path(names[-1]).stem if names else "") or "a stream"
    return "".join(c for c in text if c.isprintable())[:200] or "a song"


def _entry(song: LibrarySong, folder: Path) -> m3u.Entry:
    title = f"{song.song.artist} - {song.song.title}" if song.song.artist else song.song.title
    title = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    seconds = round(song.song.duration) if song.song.duration > 0 else None
    return m3u.Entry(m3u.locate(song.path.absolute(), folder), title, seconds)
