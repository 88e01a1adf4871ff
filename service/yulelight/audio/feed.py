"""A bounded pipe from the event loop to a worker thread: a coroutine writes bytes, a thread reads them."""

import asyncio
import threading
from collections import deque
from contextlib import suppress

from yulelight.core.errors import AudioError

_PIECE = 16384


class ByteFeed:
    """Carries the bytes of one stream to its decoder.

    One coroutine writes, one thread reads. Holds at most ``capacity`` bytes plus one piece (16 KiB). ``timeout``:
    seconds that the reader waits for data; None to wait without limit.
    """

    def __init__(self, capacity: int = 131072, timeout: float | None = 30.0) -> None:
        self._capacity = capacity
        self._timeout = timeout
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._closed = False
        self._reason: str | None = None
        self._changed = threading.Condition()
        self._waiting: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    async def write(self, data: bytes) -> None:
        """Writes ``data``, waiting while the feed is full. Raises AudioError after the stream was aborted."""
        for start in range(0, len(data), _PIECE):
            await self._write(bytes(data[start : start + _PIECE]))

    def close(self) -> None:
        """Marks the end of the stream: the reader gets the remaining data, then the end. Thread-safe."""
        with self._changed:
            self._closed = True
            self._wake()

    def abort(self, reason: str = "the stream was ended") -> None:
        """Ends the stream at once: from now on, read and write raise AudioError(reason). Thread-safe.

        Does nothing if the stream was already aborted.
        """
        with self._changed:
            if self._reason is None:
                self._reason = reason
            self._pieces.clear()
            self._held = 0
            self._wake()

    def read(self, size: int) -> bytes:
        """Blocks until data is available; returns 1 to ``size`` bytes, or none at the end of the stream.

        Raises AudioError if the stream was aborted or nothing arrives for ``timeout`` seconds.
        """
        with self._changed:
            heard = self._changed.wait_for(self._readable, self._timeout)
            if not heard:
                self._reason = (
                    f"nothing arrived for {self._timeout:g} seconds; the stream was ended, send it again."
                )
            self.check()
            taken, room = [], max(0, size)
            while self._pieces and room:
                piece = self._pieces.popleft()
                if len(piece) > room:
                    self._pieces.appendleft(piece[room:])
                    piece = piece[:room]
                taken.append(piece)
                room -= len(piece)
            data = b"".join(taken)
            self._held -= len(data)
            self._wake()
            return data

    def check(self) -> None:
        """Raises AudioError if the stream was aborted or timed out."""
        if self._reason is not None:
            raise AudioError(self._reason)

    async def _write(self, piece: bytes) -> None:
        while True:
            with self._changed:
                self.check()
                if self._closed:
                    raise AudioError("the stream is over already; open another one.")
                if self._held < self._capacity:
                    self._pieces.append(piece)
                    self._held += len(piece)
                    self._changed.notify_all()
                    return
                room = asyncio.Event()
                self._waiting = (asyncio.get_running_loop(), room)
            await room.wait()

    def _readable(self) -> bool:
        return bool(self._pieces) or self._closed or self._reason is not None

    def _wake(self) -> None:
        """Wakes reader and writer; the caller holds the lock."""
        self._changed.notify_all()
        waiting, self._waiting = self._waiting, None
        if waiting:
            with suppress(RuntimeError):  # the writer's loop may already be closed
                waiting[0].call_soon_threadsafe(waiting[1].set)
