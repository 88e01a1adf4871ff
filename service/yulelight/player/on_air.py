"""What sounds that is not in the library, for players elsewhere: songs pulled from the web, and the stream."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import av
import numpy as np

from yulelight.core.messages import Song
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.library.songs import LibrarySong

LIVE = "live"
"""Stands for the stream where a song's id is asked for."""
MAX_LISTENERS = 8
"""Players that hear a stream at the same time."""
BIT_RATE = 192_000
BEHIND = 256
"""Pieces, of about 26 ms or a block of the stream, that a player may be late before it is left behind."""


class TooManyPlayersError(Exception):
    """MAX_LISTENERS players hear the stream already."""


class OnAir:
    """``remote``: songs are heard on a media player elsewhere, so that streams have to be, too."""

    def __init__(self, remote: bool = False) -> None:
        self.remote = remote
        self._files: dict[str, list[LibrarySong]] = {}
        self._live: LiveSound | None = None

    @contextmanager
    def lent(self, id: str, song: Song, path: Path) -> Iterator[None]:
        """``path`` can be heard under ``id`` while this is open."""
        found = LibrarySong(song, path)
        self._files.setdefault(id, []).append(found)
        try:
            yield
        finally:
            self._files[id].remove(found)
            if not self._files[id]:
                del self._files[id]

    def find(self, id: str) -> LibrarySong | None:
        """What can be heard under ``id`` now. From any thread."""
        lent = self._files.get(id)
        return lent[-1] if lent else None

    @asynccontextmanager
    async def live(self) -> AsyncIterator["LiveSound"]:
        """A stream that can be heard while this is open."""
        before, self._live = self._live, LiveSound()
        if before is not None:
            before.end()
        sound = self._live
        try:
            yield sound
        finally:
            sound.end()
            if self._live is sound:
                self._live = None

    @property
    def stream(self) -> "LiveSound | None":
        """The stream that is on air."""
        return self._live


class LiveSound:
    """A stream as MP3, for players that come and go. Without any, nothing is encoded."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()
        self._lock = threading.Lock()
        self._encoder: Mp3 | None = None
        self._over = False

    def push(self, block: Floats) -> None:
        """(k, 2) samples at 44.1 kHz, as they come. From a worker thread."""
        with self._lock:
            listeners = list(self._listeners)
        if not listeners:
            self._encoder = None
            return
        self._encoder = self._encoder or Mp3()
        if data := self._encoder.push(block):
            for listener in listeners:
                listener.put(data)

    def end(self) -> None:
        """The stream is over."""
        with self._lock:
            self._over = True
            listeners = list(self._listeners)
        for listener in listeners:
            listener.put(b"")

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """What is pushed from now on, in pieces, until the stream is over or this listener is too slow.

        Raises TooManyPlayersError.
        """
        listener = _Listener(asyncio.get_running_loop())
        with self._lock:
            if len(self._listeners) >= MAX_LISTENERS:
                raise TooManyPlayersError
            self._listeners.add(listener)
            if self._over:
                listener.put(b"")
        try:
            yield listener.pieces()
        finally:
            with self._lock:
                self._listeners.discard(listener)


class Mp3:
    """Encodes (k, 2) samples at 44.1 kHz; whoever joins at any frame can play from there (no bit reservoir)."""

    def __init__(self) -> None:
        codec = av.AudioCodecContext.create("libmp3lame", "w")
        codec.sample_rate, codec.layout, codec.format = RATE, "stereo", "fltp"
        codec.bit_rate = BIT_RATE
        codec.options = {"reservoir": "0"}
        codec.open()
        self._codec, self._size = codec, codec.frame_size
        self._rest = np.zeros((0, 2), np.float32)

    def push(self, block: Floats) -> bytes:
        """Whole MP3 frames of what has come so far."""
        samples = np.concatenate((self._rest, np.clip(block, -1.0, 1.0).astype(np.float32)))
        whole = len(samples) // self._size * self._size
        self._rest = samples[whole:]
        return b"".join(
            bytes(packet)
            for start in range(0, whole, self._size)
            for packet in self._codec.encode(self._frame(samples[start : start + self._size]))
        )

    def _frame(self, samples: Floats) -> av.AudioFrame:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.sample_rate = RATE
        return frame


class _Listener:
    """A bounded queue from a worker thread to one player's response."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(BEHIND)

    def put(self, data: bytes) -> None:
        self._loop.call_soon_threadsafe(self._put, data)

    def _put(self, data: bytes) -> None:
        if self._queue.full():
            self._queue.get_nowait()
            data = b""  # Too slow: it ends here, and may come again.
        self._queue.put_nowait(data)

    async def pieces(self) -> AsyncIterator[bytes]:
        while data := await self._queue.get():
            yield data
