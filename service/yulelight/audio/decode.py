"""Decodes song files to stereo blocks at 44.1 kHz, in bounded memory.

::

    with Decoder(path) as song:
        for block in song:            # (k, 2) float32; decoded mp3 may exceed ±1 and is not clipped
            ...
    print(song.warnings) # worded for the user

Lengths in files are hints; the real length is known after decoding. A damaged or truncated file is decoded as far as
possible and yields a warning; a file without sound is an AudioError. FFmpeg is imported with the first song that
needs it: it takes 16 MB.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from yulelight.audio.ending import ending, holds_nothing, understates
from yulelight.audio.files import open_file, shown
from yulelight.audio.id3 import skip_id3
from yulelight.audio.ogg import ChainSource, layout
from yulelight.audio.resample import Resampler, check_rate
from yulelight.audio.sndfile import SndfileSource, knows
from yulelight.audio.source import Source, UnreadableError
from yulelight.audio.window import Window
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import RATE

__all__ = ["AudioInfo", "Decoder", "blocks", "mono", "probe"]

MAX_SECONDS = 12 * 3600.0
"""Seconds. Longer than any music; keeps mistakes and decompression bombs from filling memory."""

_MISSING = 0.1
"""Seconds that must be missing at the end before a warning is given, since encoders and decoders round
differently."""

_COUNTED = frozenset({"ape", "dsf", "mpc", "mpc8", "tak", "tta", "wv"})
"""FFmpeg's names of containers whose length is exact, not estimated."""
_HEADED = frozenset({"matroska", "mov"})
"""Containers whose header has the intended length, which is shown when a file is truncated."""
_NEAR_END = 1.0
"""Seconds before the end of a truncated file in which damage is attributed to the truncation."""
_MAX_PAGE_SECONDS = 10.0
"""Seconds; at most this much is lost with the last page of an Ogg file."""
_MAX_NAMED_PLACES = 3
"""Damaged places that are listed in the warning."""


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """Information from the header of a file, before it is decoded."""

    duration: float
    """Seconds, as a hint; 0 if the file does not contain it."""
    rate: int
    channels: int
    format: str


class Decoder:
    """An open song: a context manager and an iterable of (k, 2) float32 blocks at ``rate`` Hz.

    Blocks have at most about 100,000 samples. Opening and iterating raise AudioError. Can be iterated once.
    """

    def __init__(self, path: Path | str, rate: int = RATE) -> None:
        self._path = Path(path)
        self._rate = rate
        self.warnings: list[str] = []
        self._file = open_file(self._path)
        self._cut = False
        try:
            self._sound = Window(self._file)
            if holds_nothing(self._sound):
                raise AudioError(self._silence())
            self._source = self._open_source()
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
        """Closes the file; may be called more than once."""
        if not self._file.closed:
            self._source.close()
            self._file.close()

    def _open_source(self) -> Source:
        # FFmpeg would unpack the leading tags, some of which fill memory, and keep them.
        tags = skip_id3(self._sound)
        if tags < self._sound.size:
            self._sound = self._sound.part(tags, self._sound.size)
        self._sound.seek(0)
        head = self._sound.read(64)
        to_the_end = understates(self._sound)
        try:
            if knows(head) and not to_the_end:
                self._file.seek(0)
                return SndfileSource(self._file)
        except UnreadableError:
            pass
        try:
            if head[:4] == b"OggS":
                return self._open_ogg()
            from yulelight.audio.ffmpeg import FfmpegSource

            return FfmpegSource(self._again(), {"ignore_length": "1"} if to_the_end else None)
        except UnreadableError as error:
            raise AudioError(
                f"{shown(self._path)} is not music this program can read, or it is damaged; "
                "try another copy or another format."
            ) from error

    def _open_ogg(self) -> Source:
        known = layout(self._sound)
        self._cut = known.cut
        if len(known.links) > 1:
            return ChainSource(self._again(), known.links)
        from yulelight.audio.ffmpeg import FfmpegSource

        return FfmpegSource(self._again())

    def _again(self) -> Window:
        """A second reader of the same sound with its own position."""
        return self._sound.part(0, self._sound.size)

    def _inspect(self, source: Source) -> AudioInfo:
        check_rate(source.rate)
        duration = source.duration or 0.0
        if isinstance(source, SndfileSource):  # the number of samples has been checked
            self._check_length(duration)
        return AudioInfo(duration, source.rate, source.channels, source.format)

    def _check_length(self, seconds: float) -> None:
        if seconds > MAX_SECONDS:
            raise AudioError(f"{shown(self._path)} is longer than 12 hours; cut it into shorter files.")

    def _judge(self, seconds: float) -> None:
        """Called after the last sample: raises if there was no sound, and warns if it is damaged or ends too
        early.
        """
        if seconds == 0:
            raise AudioError(self._silence())
        name, source = shown(self._path), self._source
        early, length = self._ends_early(seconds)
        damage = source.damage
        if early:
            damage = [moment for moment in damage if moment < seconds - _NEAR_END]
            of = f" of {_clock(length)}" if length > seconds + _MISSING else ""
            self.warnings.append(f"{name} is cut off: it ends after {_clock(seconds)}{of}. Copy it again.")
        elif early is None and source.loose_end:
            damage = [*damage, seconds]
        if damage:
            places = ", ".join(_clock(moment) for moment in damage[:_MAX_NAMED_PLACES])
            more = (
                f" and in {len(damage) - _MAX_NAMED_PLACES} more places"
                if len(damage) > _MAX_NAMED_PLACES
                else ""
            )
            self.warnings.append(f"{name} is damaged at {places}{more}; the rest plays. Copy it again.")

    def _ends_early(self, seconds: float) -> tuple[bool | None, float]:
        """Whether sound is missing at the end (None: unknown), and the intended length or 0."""
        from yulelight.audio.ffmpeg import FfmpegSource

        source = self._source
        if self._cut:
            return True, 0.0
        if isinstance(source, ChainSource):
            return False, 0.0
        last = source.last_packet if isinstance(source, FfmpegSource) else None
        known = ending(self._sound, last)
        kind = source.format.partition(" ")[0]
        promised = known.promised or 0.0
        if kind in _COUNTED or (kind in _HEADED and known.whole is False and not known.pieces):
            promised = self.info.duration
        missing = promised > seconds + _MISSING
        if known.whole is not None:
            return not known.whole and (missing or not promised), promised
        if kind == "flac" and isinstance(source, FfmpegSource):
            # If the last frame is complete and shorter than the others, the number of samples in the header is simply
            # wrong.
            return source.loose_end or (missing and not source.last_is_short), promised
        if kind == "ogg":
            # The last page contains the length. If far more is missing, its timestamps have jumped.
            promised = self.info.duration
            return seconds + _MISSING < promised < seconds + _MAX_PAGE_SECONDS, promised
        return missing if promised else None, promised

    def _silence(self) -> str:
        return f"{shown(self._path)} holds no sound (its length is 0); copy the song again."


def probe(path: Path | str) -> AudioInfo:
    """Information from the header of a file. Raises AudioError if it cannot be read as audio."""
    with Decoder(path) as decoder:
        return decoder.info


def blocks(path: Path | str, rate: int = RATE) -> Iterator[Floats]:
    """The (k, 2) float32 blocks of a song. Raises AudioError. Use Decoder if warnings matter."""
    with Decoder(path, rate) as decoder:
        yield from decoder


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
