"""Decoding with FFmpeg (PyAV): MP3, FLAC, Ogg, M4A, WMA, MKA and more, from files and streams.

The format is detected from the content, never from the name. Only media containers are tried and no protocol is
allowed, because playlist formats could otherwise make FFmpeg open other files or addresses.
"""

from collections.abc import Iterator
from typing import Any, Final

import av
import numpy as np

from yulelight.audio.mpeg import tag_length
from yulelight.audio.source import UnreadableError
from yulelight.dsp.samples import Floats, as_float

_CONTAINERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,loas,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,"
    "ogg,rm,tak,truehd,tta,voc,w64,wav,wv,xwma"
)
_SAFE: Final = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "none"}
_BLOCK = 16384
"""Samples per block when reading a file."""

FAILURES = (av.FFmpegError, ValueError, LookupError, RuntimeError)
"""Exceptions of PyAV for content that it cannot handle."""

_EXACT = {"flac": 0.001, "ogg": 0.05}
"""Containers with exact timestamps: a gap of more seconds between two frames means lost sound.

(Timestamps of Vorbis vary by a block where the block size changes; a lost page is longer.)
"""
_BARE = frozenset({"mp3", "aac", "ac3", "eac3", "dts"})
"""Raw streams of frames: bytes before the first frame do not count as damage."""
_ROUNDING = 0.03
"""Tolerance for the timestamps of other containers, in seconds."""
_MAX_GAP = 30.0
"""Seconds; a larger step in the timestamps is not lost sound but a concatenation of several recordings."""
_MAX_DAMAGE = 1000


def metadata(file: Any) -> dict[str, str]:
    """The metadata of the container with FFmpeg's keys; entries of the audio stream take precedence. Empty if
    none.
    """
    try:
        with av.open(file, mode="r", metadata_errors="replace", container_options=_SAFE) as container:
            streams = [dict(stream.metadata) for stream in container.streams.audio[:1]]
            found = {**container.metadata, **(streams[0] if streams else {})}
    except FAILURES:
        return {}
    return {key.lower(): value for key, value in found.items()}


class FfmpegSource:
    """See Source. ``file`` has read(n), and seek and tell unless it is a stream.

    ``options`` are further options of the container; ``block`` is how many samples are collected before they are
    handed on (0: each packet at once). Sound lost in the middle of a file is replaced by silence of the same length
    if that is known, so that light and sound stay synchronous. Raises UnreadableError if FFmpeg does not recognise
    audio; exceptions of ``file.read`` pass through.
    """

    def __init__(self, file: Any, options: dict[str, str] | None = None, block: int = _BLOCK) -> None:
        self.damage: list[float] = []
        self.loose_end = False
        self.last_packet: int | None = None
        """Offset in the file of the last packet that could be decoded, if FFmpeg knows it."""
        self.last_is_short = False
        """Whether the last frame has fewer samples than the first, as with many encoders."""
        self._block = block
        try:
            self._container = av.open(
                file, mode="r", metadata_errors="replace", container_options={**_SAFE, **(options or {})}
            )
        except FAILURES as error:
            raise UnreadableError(str(error)) from error
        stream = self._container.streams.best("audio")
        if not isinstance(stream, av.AudioStream) or not stream.rate or not stream.channels:
            self._container.close()
            raise UnreadableError("it has no sound track")
        stream.codec_context.thread_count = 1
        self._kind = self._container.format.name.split(",")[0]
        if stream.codec_context.name == "flac":
            # A frame with a wrong checksum is skipped, since it would be heard as noise.
            stream.codec_context.options = {"err_detect": "crccheck+explode"}
        self._stream = stream
        self.rate: int = stream.rate
        self.channels: int = stream.channels
        self.format = f"{self._kind} ({stream.codec_context.name})"
        self.duration = self._announced()

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        parts: list[Floats] = []
        held = 0
        rate = self.rate
        for part, now in self._parts():
            if parts and (now != rate or part.shape[0] != parts[0].shape[0]):
                yield np.concatenate(parts, axis=1).T, rate
                parts, held = [], 0
            rate = now
            parts.append(part)
            held += part.shape[1]
            if held >= self._block:
                yield np.concatenate(parts, axis=1).T, rate
                parts, held = [], 0
        if parts:
            yield np.concatenate(parts, axis=1).T, rate

    def close(self) -> None:
        self._container.close()

    def _announced(self) -> float | None:
        length = self._container.duration
        if not length or length < 0:
            return None
        if self._kind in {"matroska", "ogg"}:  # they contain the end time, not the duration
            length -= max(0, self._container.start_time or 0)
        return float(length / av.time_base)

    def _parts(self) -> Iterator[tuple[Floats, int]]:
        """The samples (channels, n) of each frame, and silence for gaps between frames."""
        told = 0.0
        """Seconds returned so far."""
        due: float | None = None
        """Timestamp expected for the next frame if nothing is missing."""
        failed = first = 0
        for frame in self._frames():
            if frame is None:
                failed += 1
                continue
            rate, at, part = frame.sample_rate, _timestamp(frame), _planes(frame)
            gap = 0.0 if at is None or due is None else at - due
            hole = _EXACT.get(self._kind, _ROUNDING) < gap <= _MAX_GAP
            if (failed and (due is not None or self._kind not in _BARE)) or (hole and self._kind in _EXACT):
                self._note(told)
                if hole:
                    silence = np.zeros((part.shape[0], round(gap * rate)), np.float32)
                    told += silence.shape[1] / rate
                    yield silence, rate
            yield part, rate
            told += frame.samples / rate
            due = frame.samples / rate + (at if at is not None else due or 0.0)
            first = first or frame.samples
            self.last_is_short = frame.samples < first
            failed = 0
        self.loose_end = failed > 0

    def _note(self, seconds: float) -> None:
        if len(self.damage) < _MAX_DAMAGE:
            self.damage.append(seconds)

    def _frames(self) -> Iterator[av.AudioFrame | None]:
        """The frames in order, None for each packet that cannot be decoded."""
        packets = self._container.demux(self._stream)
        tags_end = 0
        while True:
            try:
                packet = next(packets, None)
            except FAILURES:
                yield None
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except FAILURES:
                at = packet.pos or 0
                if self._kind in _BARE:
                    tags_end = max(tags_end, at + tag_length(bytes(packet)))
                if at >= tags_end:
                    yield None
                continue
            if packet.size and packet.pos is not None:
                self.last_packet = packet.pos
            for frame in frames:
                if isinstance(frame, av.AudioFrame) and frame.samples and frame.sample_rate:
                    yield frame


def _timestamp(frame: av.AudioFrame) -> float | None:
    pts, base = frame.pts, frame.time_base
    return None if pts is None or base is None else pts * base.numerator / base.denominator


def _planes(frame: av.AudioFrame) -> Floats:
    """The samples (channels, n) float32 of a frame in any sample format of FFmpeg."""
    samples = as_float(frame.to_ndarray())
    if frame.format.is_planar:
        return samples
    return samples.reshape(frame.samples, -1).T
