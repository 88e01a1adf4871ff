"""What the director remembers over restarts, and the file that holds it."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from yulelight.core import storage
from yulelight.core.messages import CHANNELS, Repeat, Song, State
from yulelight.player.program import Item, Program
from yulelight.player.show_queue import MAX_QUEUE, Entry, ShowQueue

SCHEMA = 1
LARGEST = 4_000_000
"""Bytes of a state file; a larger one is none."""
BOOKMARKS = 16
"""Interrupted shows that are remembered."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a show was interrupted."""

    playlist: str
    """Empty for a show of single songs."""
    at: float
    """Seconds since 1970."""
    position: float
    past: tuple[tuple[str, int], ...]
    now: tuple[str, int] | None
    coming: tuple[tuple[str, int], ...]
    """Song ids and their places; see ShowQueue."""
    shuffled: bool
    repeat: Repeat
    look: str | None
    model: str | None
    channels: tuple[int, ...]

    @classmethod
    def of(cls, program: Program, position: float, at: float) -> Self | None:
        """A bookmark in ``program``; None where there is nothing to go on with. Only songs of the library count."""
        queue = program.queue
        past, coming = _ids(queue.past), _ids(queue.coming)
        now = next(iter(_ids((queue.now,) if queue.now else ())), None)
        if program.phase not in (State.PRE_SHOW, State.PLAYING) or not (now or coming):
            return None
        return cls(
            program.playlist,
            at,
            round(position, 3) if program.phase is State.PLAYING and now else 0.0,
            past,
            now,
            coming,
            queue.shuffled,
            queue.repeat,
            program.look,
            program.model,
            tuple(sorted(program.channels)),
        )

    def program(self, seed: int) -> Program:
        """The show as it was, before its next song. Titles are learned when songs are opened."""
        queue = ShowQueue(
            tuple(map(_entry, self.past)),
            None,
            tuple(map(_entry, (*((self.now,) if self.now else ()), *self.coming))),
            self.shuffled,
            self.repeat,
            seed,
        )
        return Program(
            queue,
            playlist=self.playlist,
            look=self.look,
            model=self.model,
            channels=frozenset(self.channels),
        )


@dataclass(frozen=True, slots=True)
class Memory:
    """All that is kept."""

    options: dict[str, Any] = field(default_factory=dict)
    """Those that differ from the settings, by name."""
    blackout: bool = False
    all_on: bool = False
    playing: Bookmark | None = None
    """The show that plays; after a restart, the one that was interrupted by it."""
    bookmarks: tuple[Bookmark, ...] = ()
    """Other playlists that were interrupted, the latest last."""

    def with_bookmark(self, mark: Bookmark | None) -> Self:
        """Remembers where a playlist was interrupted."""
        if mark is None or not mark.playlist:
            return self
        others = self.without(mark.playlist).bookmarks
        return replace(self, bookmarks=(*others, mark)[-BOOKMARKS:])

    def without(self, playlist: str) -> Self:
        """Forgets where it was interrupted."""
        return replace(self, bookmarks=tuple(m for m in self.bookmarks if m.playlist != playlist))

    def bookmark(self, playlist: str) -> Bookmark | None:
        """Where it was interrupted, if it was."""
        return next((m for m in self.bookmarks if m.playlist == playlist), None)


def dump(memory: Memory) -> bytes:
    """The memory as it stands in the file."""
    return json.dumps({"schema": SCHEMA, **asdict(memory)}, separators=(",", ":")).encode()


def parse(data: bytes) -> Memory:
    """The mirror of ``dump``. Raises ValueError for anything else."""
    value = json.loads(data)
    try:
        if value.pop("schema") != SCHEMA:
            raise ValueError("it is of another version")
        options, playing = value["options"], value["playing"]
        if not isinstance(options, dict) or len(value["bookmarks"]) > BOOKMARKS:
            raise ValueError("its options or bookmarks are none")
        return Memory(
            options,
            value["blackout"] is True,
            value["all_on"] is True,
            None if playing is None else _bookmark(playing),
            tuple(_bookmark(mark) for mark in value["bookmarks"]),
        )
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__} {error}") from None


class StateFile:
    """The file at ``path``. Blocking."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written: bytes | None = None

    def load(self) -> tuple[Memory, str]:
        """What is remembered, and what was wrong with the file in words for the user; it is then set aside."""
        try:
            data = storage.read(self._path, LARGEST)
            return (Memory() if data is None else parse(data)), ""
        except ValueError as error:
            storage.set_aside(self._path, error)
            name = self._path.name
            return Memory(), f"{name} was damaged and is kept as {name}.broken; the show begins afresh"
        except OSError as error:
            return Memory(), f"cannot read {self._path}: {error.strerror}; the show begins afresh"

    def save(self, memory: Memory) -> None:
        """Keeps ``memory``, unless it is kept already. Raises OSError."""
        data = dump(memory)
        if data != self._written:
            storage.write(self._path, data)
            self._written = data


def _ids(entries: tuple[Entry[Item], ...]) -> tuple[tuple[str, int], ...]:
    return tuple((e.item.song.id, e.place) for e in entries if e.item.song is not None and e.item.song.id)


def _entry(known: tuple[str, int]) -> Entry[Item]:
    song, place = known
    return Entry(Item(Song(song, "")), place)


def _bookmark(value: dict[str, Any]) -> Bookmark:
    return Bookmark(
        _text(value["playlist"]),
        float(value["at"]),
        max(0.0, float(value["position"])),
        _places(value["past"]),
        None if value["now"] is None else _place(value["now"]),
        _places(value["coming"]),
        value["shuffled"] is True,
        Repeat(value["repeat"]),
        None if value["look"] is None else _text(value["look"]),
        None if value["model"] is None else _text(value["model"]),
        tuple(n for n in value["channels"] if type(n) is int and 1 <= n <= CHANNELS),
    )


def _places(values: list[Any]) -> tuple[tuple[str, int], ...]:
    if len(values) > MAX_QUEUE:
        raise ValueError("a queue is too long")
    return tuple(map(_place, values))


def _place(value: list[Any]) -> tuple[str, int]:
    song, place = value
    if type(place) is not int:
        raise ValueError("a place is no number")
    return _text(song), place


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 256:
        raise ValueError("a name is none")
    return value
