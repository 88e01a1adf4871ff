"""An mp4 file of H.264 and AAC, for phones, browsers and messengers."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE

_STILL = "me=dia:subme=1:merange=4:ref=1:weightp=0:trellis=0:scenecut=0:rc-lookahead=8"
"""Nothing in the scene moves; skipping motion search saves a third of the work."""
_CODECS = (
    ("libx264", {"preset": "superfast", "crf": "23", "profile": "high", "x264-params": _STILL}),
    ("libopenh264", {"b": "6000000"}),
    ("mpeg4", {"q": "3"}),
)
"""In order of preference; PyAV's wheels have the first."""


class Writer:
    """A context manager that takes frames and samples in step; a clean exit completes the file.

    Raises OSError or av.FFmpegError if the file cannot be written.
    """

    def __init__(self, path: Path, size: tuple[int, int], fps: int) -> None:
        self._file = av.open(str(path), "w", format="mp4", options={"movflags": "faststart"})
        codec, options = next((name, o) for name, o in _CODECS if name in av.codecs_available)
        video = self._file.add_stream(codec, rate=fps, options=options)
        audio = self._file.add_stream("aac", rate=RATE, layout="stereo", bit_rate=192_000)
        assert isinstance(video, av.VideoStream) and isinstance(audio, av.AudioStream)
        self._video, self._audio = video, audio
        self._video.width, self._video.height = size
        self._video.pix_fmt = "yuv420p"
        self._video.time_base = Fraction(1, fps)
        self._video.gop_size = 2 * fps
        context = self._video.codec_context
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
        context.color_primaries = context.color_trc = 1  # BT.709
        self._screen = av.VideoFrame(*size, "gbrp")
        self._convert = VideoReformatter()
        self._fps = fps
        self._frames = self._samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._file.mux(self._video.encode(None))
                self._file.mux(self._audio.encode(None))
        finally:
            self._file.close()

    def picture(self, planes: npt.NDArray[np.uint8]) -> None:
        """The next frame: screen values (3, height, width), red, green and blue."""
        for plane, colour in zip(self._screen.planes, (1, 2, 0), strict=True):
            room = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
            room[:, : plane.width] = planes[colour]
        frame = self._convert.reformat(
            self._screen,
            format="yuv420p",
            interpolation=Interpolation.FAST_BILINEAR,
            src_color_range=ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            dst_colorspace=Colorspace.ITU709,
        )
        frame.pts, frame.time_base = self._frames, Fraction(1, self._fps)
        self._frames += 1
        self._file.mux(self._video.encode(frame))

    def sound(self, samples: Floats) -> None:
        """The next samples, (n, 2) at 44.1 kHz; what exceeds ±1 is clipped."""
        if not len(samples):
            return
        planes = np.ascontiguousarray(samples.T.clip(-1, 1), np.float32)
        frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._samples, Fraction(1, RATE)
        self._samples += len(samples)
        self._file.mux(self._audio.encode(frame))
