"""Song files as stereo blocks at 44.1 kHz, in bounded memory::

    with Decoder(path) as song:
        for block in song:            # (k, 2) float32; decoded mp3 may exceed ±1 and is not clipped
            ...
    print(song.warnings)              # in words for the user

A damaged or truncated file plays as far as it goes and leaves a warning; one without sound is an AudioError.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from yulelight.audio.ffmpeg import FfmpegSource
from yulelight.audio.files import open_file, shown
from yulelight.audio.resample import Resampler, check_rate
from yulelight.audio.sndfile import SndfileSource, knows
from yulelight.audio.source import Source, UnreadableError
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import RATE

__all__ = ["AudioInfo", "Decoder", "blocks", "mono", "probe"]

LONGEST = 12 * 3600.0
"""Seconds. Longer than any music; keeps a mistake or a decompression bomb from filling memory."""

_MISSING_TOLERANCE = 1.0
"""Seconds that a file may end too early without a warning: some headers only estimate."""


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a file says about itself, before it is decoded."""

    duration: float
    """Seconds; 0 where the header does not say."""
    rate: int
    channels: int
    format: str


class Decoder:
    """An opened song: a context manager and an iterable of (k, 2) float32 blocks at ``rate`` Hz.

    Blocks are at most about 100,000 samples long. Raises AudioError when opened or iterated. Iterate once.
    """

    def __init__(self, path: Path | str, rate: int = RATE) -> None:
        self._path = Path(path)
        self._rate = rate
        self.warnings: list[str] = []
        self._file = open_file(self._path)
        try:
            self._source = self._open_source(self._file)
            self.info = self._inspect(self._source)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Floats]:
        resampler = Resampler(self._rate)
        samples = 0
        for block, rate in self._source.blocks():
            converted = resampler.push(block, rate)
            samples += len(converted)
            self._check_length(samples / self._rate)
            if len(converted):
                yield converted
        rest = resampler.flush()
        samples += len(rest)
        if len(rest):
            yield rest
        self._judge(samples / self._rate)

    def close(self) -> None:
        """Closes the file; may be called again."""
        if not self._file.closed:
            self._source.close()
            self._file.close()

    def _open_source(self, file: FileIO) -> Source:
        head = os.read(file.fileno(), 64)
        file.seek(0)
        try:
            if knows(head):
                return SndfileSource(file)
        except UnreadableError:
            file.seek(0)
        try:
            return FfmpegSource(file)
        except UnreadableError as error:
            raise AudioError(
                f"{shown(self._path)} is not music this program can read, or it is damaged; "
                "try another copy or another format."
            ) from error

    def _inspect(self, source: Source) -> AudioInfo:
        check_rate(source.rate)
        if source.duration == 0:
            raise AudioError(self._silence())
        duration = source.duration or 0.0
        self._check_length(duration)
        return AudioInfo(duration, source.rate, source.channels, source.format)

    def _check_length(self, seconds: float) -> None:
        if seconds > LONGEST:
            raise AudioError(f"{shown(self._path)} is longer than 12 hours; cut it into shorter files.")

    def _judge(self, seconds: float) -> None:
        """After the last sample: an error if there was none, a warning if there were fewer than promised."""
        if seconds == 0:
            raise AudioError(self._silence())
        length, name = self.info.duration, shown(self._path)
        if self._source.damaged:
            self.warnings.append(f"{name} is damaged; what can be read of it plays. Copy it again.")
        elif length - seconds > max(_MISSING_TOLERANCE, length * 0.02):
            self.warnings.append(
                f"{name} is cut off: it ends after {_clock(seconds)} of {_clock(length)}. Copy it again."
            )

    def _silence(self) -> str:
        return f"{shown(self._path)} holds no sound (its length is 0); copy the song again."


def probe(path: Path | str) -> AudioInfo:
    """What the file says about itself. Raises AudioError for what cannot be read as audio."""
    with Decoder(path) as decoder:
        return decoder.info


def blocks(path: Path | str, rate: int = RATE) -> Iterator[Floats]:
    """The (k, 2) float32 blocks of a song. Raises AudioError. Use Decoder where warnings matter."""
    with Decoder(path, rate) as decoder:
        yield from decoder


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
