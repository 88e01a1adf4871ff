"""Stores the state of the show in a file, so that it can be resumed after a restart."""

import asyncio
import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import replace

from yulelight.core.errors import StorageError
from yulelight.player.board import Board
from yulelight.player.services import Restarts
from yulelight.player.slots import SessionSlots
from yulelight.player.state import Bookmark, Memory, StateFile

log = logging.getLogger(__name__)

POSITION_INTERVAL = 15.0
"""Seconds between two updates of the stored position."""
WRITE_INTERVAL = 0.5
"""Minimum seconds between two writes."""
BOOKMARK_LIFETIME = 12 * 3600.0
"""Seconds after which an interrupted playlist starts from the beginning."""


class StateKeeper:
    """Holds the bookmarks of interrupted shows, and stores them together with the state on the board."""

    def __init__(
        self,
        restarts: Restarts,
        board: Board,
        slots: SessionSlots,
        *,
        looks: Collection[str],
        clock: Callable[[], float],
    ) -> None:
        self._board, self._slots, self._looks = board, slots, looks
        self._file = StateFile(restarts.file) if restarts.file else None
        self._wall, self._clock = restarts.wall, clock
        self._memory = Memory()
        self._written = 0.0
        self._closed = False
        self._lock = threading.Lock()
        self._turn = self._saved = 0
        self._problem = ""

    async def open(self) -> None:
        """Restores options, blackout and all on; an interrupted show is only remembered."""
        board = self._board
        if self._file is not None:
            self._memory, problem = await asyncio.to_thread(self._file.load)
            board.note(problem)
        memory = self._memory
        board.options = board.defaults.with_changes(memory.options, self._looks)
        board.status = replace(board.status, blackout=memory.blackout, all_on=memory.all_on)
        self._memory = memory.with_bookmark(memory.playing)

    def interrupted(self, within: float) -> Bookmark | None:
        """The show interrupted by a restart at most ``within`` seconds ago, unless something has been played
        since.
        """
        mark = self._memory.playing
        return mark if mark is not None and self._wall() - mark.at <= within else None

    def bookmark(self, playlist: str) -> Bookmark | None:
        """The bookmark of the playlist, if any."""
        mark = self._memory.bookmark(playlist)
        return mark if mark is not None and abs(self._wall() - mark.at) <= BOOKMARK_LIFETIME else None

    def remember(self) -> None:
        """Adds a bookmark for the current show, which is about to be replaced."""
        self._memory = replace(self._memory.with_bookmark(self._mark()), playing=None)

    def forget(self, playlist: str) -> None:
        """Removes the bookmark of a playlist that plays or was ended."""
        self._memory = replace(self._memory.without(playlist), playing=None)

    async def run(self) -> None:
        """Writes the file soon after each change, until cancelled."""
        while self._file is not None:
            await self._board.changed.wait()
            self._board.changed.clear()
            await self.write()
            await asyncio.sleep(WRITE_INTERVAL)

    def beat(self) -> None:
        """Must be called periodically: updates the position."""
        if self._clock() - self._written >= POSITION_INTERVAL:
            self._board.changed.set()

    async def write(self) -> None:
        """Writes now."""
        if self._file is not None and not self._closed:
            self._written = self._clock()
            self._turn += 1
            self._say(await asyncio.to_thread(self._save, self._turn, self._snapshot()))

    async def close(self) -> None:
        """Writes for the last time: a restart resumes from here."""
        await self.write()
        self._closed = True

    def _say(self, problem: str) -> None:
        """Shows in the status whether changes can be stored."""
        if problem == self._problem:
            return
        if problem:
            log.warning("%s", problem)
        if problem or self._board.status.message == self._problem:
            self._board.note(problem)
            self._board.publish()
        self._problem = problem

    def _save(self, turn: int, memory: Memory) -> str:
        """Writes in a thread, so that an abandoned write cannot overwrite a later one; returns an error message or
        "".
        """
        assert self._file is not None
        try:
            with self._lock:
                if turn > self._saved:
                    self._file.save(memory)
                    self._saved = turn
        except OSError as error:
            return str(
                StorageError.of(
                    "volume, look and the position of the show last until the next start, but", error
                )
            )
        return ""

    def _mark(self) -> Bookmark | None:
        on, held = self._slots.on, self._slots.held
        position = held.position if held is not None else self._board.position()
        return Bookmark.of(self._board.program, position, self._wall()) if on is not None else None

    def _snapshot(self) -> Memory:
        board = self._board
        return replace(
            self._memory,
            options=board.options.changes(board.defaults),
            blackout=board.status.blackout,
            all_on=board.status.all_on,
            # Until something plays, an interrupted show may still be resumed.
            playing=self._memory.playing if self._slots.on is None else self._mark(),
        )
