"""WAV, AIFF, FLAC and Vorbis by libsndfile.

MP3 and Opus are left to FFmpeg on purpose. libsndfile's mp3 decoder gives up at the first damaged kilobyte
and prints its notes on the terminal; its Opus decoder took three times as long as FFmpeg's.
"""

from collections.abc import Iterator
from io import FileIO

import soundfile

from yulelight.audio.source import UnreadableError
from yulelight.dsp.samples import Floats

_BLOCK_SAMPLES = 32768
"""Samples of all channels together read at a time."""


def knows(head: bytes) -> bool:
    """Whether a file that begins with these bytes (36 or more) is one that libsndfile decodes well."""
    if head[:4] == b"OggS":
        return head[28:35] == b"\x01vorbis"
    return head[:4] in {b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC"}


class SndfileSource:
    """See Source. Raises UnreadableError for what libsndfile does not know."""

    def __init__(self, file: FileIO) -> None:
        try:
            self._sound = soundfile.SoundFile(file.fileno(), closefd=False)
        except (soundfile.SoundFileError, ValueError, TypeError) as error:
            raise UnreadableError(str(error)) from error
        self.rate: int = self._sound.samplerate
        self.channels: int = self._sound.channels
        self.format = f"{self._sound.format.lower()} ({self._sound.subtype.lower()})"
        self.duration: float | None = self._sound.frames / self.rate
        self.damaged = 0

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        size = max(1, _BLOCK_SAMPLES // self.channels)
        while True:
            try:
                block = self._sound.read(size, dtype="float32", always_2d=True)
            except soundfile.SoundFileError:
                self.damaged += 1
                return
            if len(block) == 0:
                return
            yield block, self.rate

    def close(self) -> None:
        self._sound.close()
