"""Everything else by FFmpeg (PyAV): mp3, Opus, m4a, wma, mka …, from files and from streams.

The content decides what a file is, never its name. Only containers of media are tried and no protocol is
allowed, because playlist formats could otherwise make FFmpeg open other files or addresses.
"""

from collections.abc import Iterator
from typing import Any, Final

import av
import numpy as np

from yulelight.audio.source import UnreadableError
from yulelight.dsp.samples import Floats, as_float

_CONTAINERS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,loas,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,"
    "ogg,rm,tak,truehd,tta,voc,w64,wav,wv,xwma"
)
_SAFE: Final = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "none"}
_BLOCK = 16384
"""Samples collected into one block of a file."""

FAILURES = (av.FFmpegError, ValueError, LookupError, RuntimeError)
"""What PyAV raises about content it cannot handle."""


class FfmpegSource:
    """See Source. ``file`` has read(n), and seek and tell unless it is a stream.

    ``options`` are further options of the container; ``block`` is how many samples are collected before they
    are handed on (0: each packet at once). Raises UnreadableError for what FFmpeg does not know as audio;
    exceptions of ``file.read`` pass through.
    """

    def __init__(self, file: Any, options: dict[str, str] | None = None, block: int = _BLOCK) -> None:
        self.damaged = 0
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
        self._stream = stream
        self.rate: int = stream.rate
        self.channels: int = stream.channels
        self.format = f"{self._container.format.name.split(',')[0]} ({stream.codec_context.name})"
        length = self._container.duration
        self.duration: float | None = length / av.time_base if length else None

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        parts: list[Floats] = []
        held = 0
        rate = self.rate
        for frame in self._frames():
            part = _planes(frame)
            if parts and (frame.sample_rate != rate or part.shape[0] != parts[0].shape[0]):
                yield np.concatenate(parts, axis=1).T, rate
                parts, held = [], 0
            rate = frame.sample_rate
            parts.append(part)
            held += part.shape[1]
            if held >= self._block:
                yield np.concatenate(parts, axis=1).T, rate
                parts, held = [], 0
        if parts:
            yield np.concatenate(parts, axis=1).T, rate

    def close(self) -> None:
        self._container.close()

    def _frames(self) -> Iterator[av.AudioFrame]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except FAILURES:
                self.damaged += 1
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except FAILURES:
                self.damaged += 1
                continue
            for frame in frames:
                if isinstance(frame, av.AudioFrame) and frame.samples and frame.sample_rate:
                    yield frame


def _planes(frame: av.AudioFrame) -> Floats:
    """(channels, n) float32 of a frame in any of FFmpeg's sample formats."""
    samples = as_float(frame.to_ndarray())
    if frame.format.is_planar:
        return samples
    return samples.reshape(frame.samples, -1).T
