"""Decodes byte streams to stereo blocks at 44.1 kHz while they arrive.

Blocking: for a worker thread. The sender's coroutine fills a ByteFeed; the worker iterates. Leaving the iteration for
any reason aborts the feed, so that a sender never waits for a reader that has ended.

Containers are decoded in a process of their own (streaming.py): some of a few kilobytes make FFmpeg fill all memory, or
compute for minutes.
"""

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import numpy as np

from yulelight.audio.feed import ByteFeed
from yulelight.audio.pcm import PcmDecoder, PcmFormat
from yulelight.audio.streaming import END, MAX_BLOCK, NOT_AUDIO, SIZE
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats

_PCM_READ = 8192
_TICK_MS = 200
"""Milliseconds between two looks whether the stream was aborted."""
_GOODBYE = 5.0
"""Seconds for a killed process to be gone."""


def stream_blocks(feed: ByteFeed) -> Iterator[Floats]:
    """Yields (k, 2) float32 from a stream in any container that can be read without seeking, packet by packet.

    Raises AudioError if it is not audio, nothing arrives for too long or the feed was aborted.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "yulelight.audio.streaming"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,  # Ctrl-C in a terminal is handled by the service
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    forward = threading.Thread(target=_forward, args=(feed, process), name="stream", daemon=True)
    try:
        forward.start()
        yield from _decoded(feed, process)
    finally:
        feed.abort("the stream is over")
        process.kill()
        forward.join(_GOODBYE)
        assert process.stdout is not None
        process.stdout.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GOODBYE)


def _forward(feed: ByteFeed, process: subprocess.Popen[bytes]) -> None:
    """Passes on what arrives, to the end; ends the process if the stream is aborted."""
    assert process.stdin is not None
    try:
        with process.stdin as pipe:
            while data := feed.read(_PCM_READ):
                while data:
                    data = data[os.write(pipe.fileno(), data) :]
    except AudioError:
        process.kill()
    except OSError:
        pass  # it has ended, and nobody reads any more


def _decoded(feed: ByteFeed, process: subprocess.Popen[bytes]) -> Iterator[Floats]:
    heard = False
    while True:
        size = _read(feed, process, SIZE.size)
        count = SIZE.unpack(size)[0] if size else NOT_AUDIO
        if count == END and heard:
            feed.check()
            return
        data = _read(feed, process, 8 * count) if 0 < count <= MAX_BLOCK else b""
        if not data:
            feed.check()
            raise AudioError(_BROKEN if heard else _NOT_AUDIO)
        heard = True
        yield np.frombuffer(data, "<f4").astype(np.float32).reshape(-1, 2)


def _read(feed: ByteFeed, process: subprocess.Popen[bytes], size: int) -> bytes:
    """So many bytes of what the process writes; none if it has ended. Raises AudioError if the feed was aborted."""
    assert process.stdout is not None
    descriptor, data = process.stdout.fileno(), bytearray()
    ready = select.poll()
    ready.register(descriptor, select.POLLIN)
    while len(data) < size:
        if not ready.poll(_TICK_MS):
            feed.check()
            continue
        piece = os.read(descriptor, size - len(data))
        if not piece:
            return b""
        data += piece
    return bytes(data)


def pcm_blocks(feed: ByteFeed, pcm: PcmFormat) -> Iterator[Floats]:
    """The same for PCM."""
    decoder = PcmDecoder(pcm)
    try:
        while data := feed.read(_PCM_READ):
            block = decoder.push(data)
            if len(block):
                yield block
        yield decoder.flush()
    finally:
        feed.abort("the stream is over")


_NOT_AUDIO: Final = (
    "the stream is not music this program can read; send mp3, Ogg, FLAC, WAV, AAC, Matroska or MPEG-TS "
    "(an m4a file only with its index in front)."
)
_BROKEN: Final = "the stream cannot be read any further; send it again"
