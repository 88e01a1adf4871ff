"""Decodes WAV and AIFF with libsndfile, which supports more variants of them than FFmpeg.

Everything else is left to FFmpeg on purpose: libsndfile stops at the first damaged frame of a FLAC or MP3 file and
after the first link of a chained Ogg, and does not report how far it got.
"""

from collections.abc import Iterator
from io import FileIO

import soundfile

from yulelight.audio.source import UnreadableError
from yulelight.dsp.samples import Floats

_BLOCK_SAMPLES = 32768
"""Samples, summed over all channels, read at a time."""


def knows(head: bytes) -> bool:
    """Whether a file that begins with these bytes should be decoded by libsndfile."""
    return head[:4] in {b"RIFF", b"RIFX", b"RF64", b"FORM"}


class SndfileSource:
    """See Source. Raises UnreadableError for unsupported files."""

    def __init__(self, file: FileIO) -> None:
        try:
            self._sound = soundfile.SoundFile(file.fileno(), closefd=False)
        except (soundfile.SoundFileError, ValueError, TypeError) as error:
            raise UnreadableError(str(error)) from error
        if not self._sound.frames:
            self._sound.close()
            raise UnreadableError("it says that it is empty")
        self.rate: int = self._sound.samplerate
        self.channels: int = self._sound.channels
        self.format = f"{self._sound.format.lower()} ({self._sound.subtype.lower()})"
        self.duration: float | None = self._sound.frames / self.rate
        self.damage: list[float] = []
        self.loose_end = False

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        size = max(1, _BLOCK_SAMPLES // self.channels)
        while True:
            try:
                block = self._sound.read(size, dtype="float32", always_2d=True)
            except soundfile.SoundFileError:
                self.loose_end = True
                return
            if len(block) == 0:
                return
            yield block, self.rate

    def close(self) -> None:
        self._sound.close()
