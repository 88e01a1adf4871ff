"""A process that decodes an untrusted stream: `python -m yulelight.audio.streaming`.

Input: the bytes of the stream. Output: for each block its number of samples (SIZE), then these, interleaved stereo
float32 at 44.1 kHz. After the last one comes END, or NOT_AUDIO. It ends with its input, or when
nobody reads its output.
"""

import os
import struct
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import BinaryIO, Final

import numpy as np

from yulelight.audio.resample import Resampler
from yulelight.audio.source import UnreadableError
from yulelight.core.confine import confine
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE

MEMORY = 400_000_000
"""Memory limit in bytes."""
SIZE = struct.Struct("<I")
END, NOT_AUDIO = 0, 0xFFFF_FFFF
MAX_BLOCK = 16_384
"""Samples of a block."""
_QUICK: Final = {"probesize": "65536", "analyzeduration": "200000"}
"""Bytes and microseconds that FFmpeg may probe before the first block; its defaults are 5 MB and 5 s."""


class _Input:
    """The bytes of a descriptor, as they come."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self, size: int) -> bytes:
        return os.read(self._descriptor, size)


def decode(descriptor: int, out: BinaryIO) -> None:
    """Decodes what ``descriptor`` gives."""
    try:
        for block in _blocks(_Input(descriptor)):
            for start in range(0, len(block), MAX_BLOCK):
                piece = block[start : start + MAX_BLOCK]
                out.write(SIZE.pack(len(piece)) + piece.astype(np.dtype("<f4")).tobytes())
                out.flush()
        last = END
    except (UnreadableError, AudioError, MemoryError):
        last = NOT_AUDIO
    out.write(SIZE.pack(last))
    out.flush()


def _blocks(sound: _Input) -> Iterator[Floats]:
    from yulelight.audio.ffmpeg import FfmpegSource

    resampler = Resampler(RATE)
    with closing(FfmpegSource(sound, _QUICK, block=0)) as source:
        for samples, rate in source.blocks():
            yield resampler.push(samples, rate)
    yield resampler.flush()


if __name__ == "__main__":
    confine(MEMORY)
    # Output printed by libraries must not mix with the sound.
    sound_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with suppress(BrokenPipeError):
        decode(sys.stdin.fileno(), sound_out)
    os._exit(0)  # what is left of the stream is of no interest, nor is what is still to be written
