"""Sound outside the library for remote players: songs downloaded from the web, and the live stream."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import blake2s
from pathlib import Path
from typing import Any

import numpy as np

from yulelight.audio.covers import Cover
from yulelight.core.messages import Song
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.library.songs import LibrarySong

LIVE = "live"
"""The id of the live stream, used like a song's id."""
MAX_LISTENERS = 8
"""Maximum number of players of a stream at the same time."""
MAX_COVERS = 2
"""Pictures that are kept: what plays, and what clients still show."""
BIT_RATE = 192_000
BEHIND = 256
"""Pieces (about 26 ms or a block of the stream) by which a player may lag before it is disconnected."""


class TooManyPlayersError(Exception):
    """There are already MAX_LISTENERS players of the stream."""


class OnAir:
    """The sound that is available to players. ``remote``: songs are played on a remote player, so streams must be,
    too.
    """

    def __init__(self, remote: bool = False) -> None:
        self.remote = remote
        self._files: dict[str, list[LibrarySong]] = {}
        self._live: LiveSound | None = None
        self._covers: dict[str, Cover] = {}

    @contextmanager
    def lent(self, id: str, song: Song, path: Path) -> Iterator[None]:
        """Makes ``path`` available under ``id`` while the context is open."""
        found = LibrarySong(song, path)
        self._files.setdefault(id, []).append(found)
        try:
            yield
        finally:
            self._files[id].remove(found)
            if not self._files[id]:
                del self._files[id]

    def find(self, id: str) -> LibrarySong | None:
        """The file available under ``id``. Thread-safe."""
        lent = self._files.get(id)
        return lent[-1] if lent else None

    @asynccontextmanager
    async def live(self) -> AsyncIterator["LiveSound"]:
        """Makes a stream available while the context is open."""
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

    def show_cover(self, data: bytes) -> str:
        """Makes the picture of what plays available under the id that is returned, until two others came."""
        id = f"live-{blake2s(data, digest_size=8).hexdigest()}"
        self._covers.pop(id, None)
        self._covers[id] = Cover(data, "image/png" if data.startswith(b"\x89PNG") else "image/jpeg")
        while len(self._covers) > MAX_COVERS:
            self._covers.pop(next(iter(self._covers)))
        return id

    def cover(self, id: str) -> Cover | None:
        """The picture available under ``id``."""
        return self._covers.get(id)

    @property
    def stream(self) -> "LiveSound | None":
        """The current stream."""
        return self._live


class LiveSound:
    """A stream encoded as MP3 for any number of players. Without players, nothing is encoded."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()
        self._lock = threading.Lock()
        self._encoder: Mp3 | None = None
        self._over = False

    def push(self, block: Floats) -> None:
        """Adds (k, 2) samples at 44.1 kHz. Called from a worker thread."""
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
        """Ends the stream."""
        with self._lock:
            self._over = True
            listeners = list(self._listeners)
        for listener in listeners:
            listener.put(b"")

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yields the MP3 data from now on until the stream ends or this listener is too slow.

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
    """Encodes (k, 2) samples at 44.1 kHz; players can join at any frame (no bit reservoir)."""

    def __init__(self) -> None:
        import av  # takes 16 MB, and most houses never need it

        codec = av.AudioCodecContext.create("libmp3lame", "w")
        codec.sample_rate, codec.layout, codec.format = RATE, "stereo", "fltp"
        codec.bit_rate = BIT_RATE
        codec.options = {"reservoir": "0"}
        codec.open()
        self._frames = av.AudioFrame
        self._codec, self._size = codec, codec.frame_size
        self._rest = np.zeros((0, 2), np.float32)

    def push(self, block: Floats) -> bytes:
        """The complete MP3 frames so far."""
        samples = np.concatenate((self._rest, np.clip(block, -1.0, 1.0).astype(np.float32)))
        whole = len(samples) // self._size * self._size
        self._rest = samples[whole:]
        return b"".join(
            bytes(packet)
            for start in range(0, whole, self._size)
            for packet in self._codec.encode(self._frame(samples[start : start + self._size]))
        )

    def _frame(self, samples: Floats) -> Any:
        frame = self._frames.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
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
            data = b""  # Too slow: disconnected; it may reconnect.
        self._queue.put_nowait(data)

    async def pieces(self) -> AsyncIterator[bytes]:
        while data := await self._queue.get():
            yield data
