"""The director's state that survives restarts, and its file."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field

from yulelight.core.json_file import JsonFile
from yulelight.core.messages import CHANNELS, Repeat, Song, State
from yulelight.player.program import Item, Program
from yulelight.player.show_queue import MAX_QUEUE, Entry, ShowQueue

SCHEMA = 1
MAX_BYTES = 4_000_000
"""Bytes of a state file; larger files are invalid."""
MAX_BOOKMARKS = 16
"""Maximum number of interrupted shows that are remembered."""


Name = Annotated[str, Field(max_length=256)]
Places = Annotated[tuple[tuple[Name, int], ...], Field(max_length=MAX_QUEUE)]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """The position at which a show was interrupted."""

    playlist: Name
    """Empty for a show of single songs."""
    at: Annotated[float, Field(allow_inf_nan=False)]
    """Seconds since 1970."""
    position: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    past: Places
    now: tuple[Name, int] | None
    coming: Places
    """Song ids and their positions; see ShowQueue."""
    shuffled: bool
    repeat: Repeat
    look: Name | None
    model: Name | None
    channels: tuple[Annotated[int, Field(ge=1, le=CHANNELS)], ...]

    @classmethod
    def of(cls, program: Program, position: float, at: float) -> Self | None:
        """A bookmark in ``program``; None if there is nothing to resume. Songs that are
        not in the library are left out.
        """
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
        """The program, to be resumed with the next song. Titles are looked up when songs are opened."""
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
    """The complete stored state."""

    options: dict[str, Any] = field(default_factory=dict)
    """Options that differ from the settings, by name."""
    blackout: bool = False
    all_on: bool = False
    playing: Bookmark | None = None
    """The current show; after a restart, the one interrupted by it."""
    bookmarks: Annotated[tuple[Bookmark, ...], Field(max_length=MAX_BOOKMARKS)] = ()
    """Other interrupted playlists, the latest last."""

    def with_bookmark(self, mark: Bookmark | None) -> Self:
        """A copy with a bookmark for a playlist."""
        if mark is None or not mark.playlist:
            return self
        others = self.without(mark.playlist).bookmarks
        return replace(self, bookmarks=(*others, mark)[-MAX_BOOKMARKS:])

    def without(self, playlist: str) -> Self:
        """A copy without the bookmark of a playlist."""
        return replace(self, bookmarks=tuple(m for m in self.bookmarks if m.playlist != playlist))

    def bookmark(self, playlist: str) -> Bookmark | None:
        """The bookmark of a playlist, if any."""
        return next((m for m in self.bookmarks if m.playlist == playlist), None)


class StateFile:
    """The file at ``path``. Blocking."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, Memory, version=SCHEMA, key="schema", largest=MAX_BYTES)

    def load(self) -> tuple[Memory, str]:
        """The stored state, and an error message for the user if the file was invalid and has been set aside."""
        name = self._file.path.name
        try:
            return self._file.load() or Memory(), ""
        except ValueError:
            return Memory(), f"{name} was damaged and is kept as {name}.broken; the show begins afresh"
        except OSError as error:
            return Memory(), f"cannot read {self._file.path}: {error.strerror}; the show begins afresh"

    def save(self, memory: Memory) -> None:
        """Stores ``memory`` unless it is unchanged. Raises OSError."""
        self._file.save(memory)


def _ids(entries: tuple[Entry[Item], ...]) -> tuple[tuple[str, int], ...]:
    return tuple((e.item.key, e.place) for e in entries if e.item.key)


def _entry(known: tuple[str, int]) -> Entry[Item]:
    song, place = known
    return Entry(Item(Song(song, "")), place)
