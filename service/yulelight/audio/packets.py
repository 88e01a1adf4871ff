"""Decodes timestamped packets of a codec to stereo blocks at 44.1 kHz, and keeps track of their times."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from yulelight.audio.pcm import PcmDecoder, PcmFormat
from yulelight.audio.resample import Resampler
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats, as_float
from yulelight.dsp.spectrum import RATE

if TYPE_CHECKING:
    from av.audio.codeccontext import AudioCodecContext

OPUS_RATE = 48_000
"""Hz; Opus always decodes to this rate."""
MAX_SECONDS = 30.0
"""Seconds of sound in a packet: servers send less than one, but silence packs into next to nothing."""
_FLAC_SYNC = (b"\xff\xf8", b"\xff\xf9")
"""Each frame of FLAC begins so (RFC 9639, 9.1)."""


class PacketDecoder:
    """Decodes packets of FLAC, Opus or PCM, one after the other.

    ``push`` returns the time of the samples that it returns, so the delay of the resampler does not shift anything.
    """

    def __init__(self, codec: "AudioCodecContext | PcmFormat", rate: int, longest: int = 0) -> None:
        self._rate = rate
        self._longest = longest
        """The most samples in a frame of FLAC, which the decoder enforces."""
        self._pcm = PcmDecoder(codec) if isinstance(codec, PcmFormat) else None
        self._frame = 0 if not isinstance(codec, PcmFormat) else codec.frame
        self._codec = None if isinstance(codec, PcmFormat) else codec
        self._resampler = Resampler(RATE)
        self._inside = 0.0
        """Seconds received but not yet returned."""
        self._came = 0.0
        """Seconds of the current packet."""

    @classmethod
    def flac(cls, streaminfo: bytes) -> "PacketDecoder":
        """``streaminfo``: the 34 bytes of the STREAMINFO block. Raises AudioError if it is invalid."""
        rate = int.from_bytes(streaminfo[10:13], "big") >> 4
        if len(streaminfo) != 34 or not 8_000 <= rate <= 192_000:
            raise AudioError("the FLAC header of the stream is not one")
        codec = _codec("flac")
        codec.extradata = streaminfo
        return cls(codec, rate, longest=int.from_bytes(streaminfo[2:4], "big"))

    @classmethod
    def opus(cls, channels: int) -> "PacketDecoder":
        """Packets of Opus."""
        if channels not in (1, 2):
            raise AudioError("Opus is read in mono and in stereo")
        codec = _codec("opus")
        codec.sample_rate = OPUS_RATE
        codec.layout = "mono" if channels == 1 else "stereo"
        return cls(codec, OPUS_RATE)

    @classmethod
    def pcm(cls, pcm: PcmFormat) -> "PacketDecoder":
        """PCM packets, each with complete samples."""
        return cls(pcm, pcm.rate)

    def push(self, data: bytes, due: float) -> tuple[Floats, float]:
        """The (k, 2) samples that became available, possibly none, and the time at which the first is heard.

        ``due``: the time of the first sample of ``data``. Packets that cannot be decoded are skipped.
        """
        begin, came = due - self._inside, 0.0
        if self._pcm is not None:
            came = len(data) // self._frame / self._rate
            samples = self._pcm.push(data[: len(data) - len(data) % self._frame])
        else:
            blocks = [self._resampler.push(block, self._rate) for block in self._decoded(data)]
            came = self._came
            samples = np.concatenate(blocks) if blocks else np.zeros((0, 2), np.float32)
        self._inside += came - len(samples) / RATE
        return samples, begin

    def _decoded(self, data: bytes) -> Sequence[Floats]:
        # Imported when packets are decoded, not with the service: FFmpeg takes 16 MB.
        import av

        from yulelight.audio.ffmpeg import FAILURES

        assert self._codec is not None
        self._came = 0.0
        if self._longest * sum(map(data.count, _FLAC_SYNC)) > MAX_SECONDS * self._rate:
            return []
        try:
            frames = self._codec.decode(av.Packet(data))
        except FAILURES:
            return []
        found = []
        for frame in frames:
            samples = frame.to_ndarray()
            if not frame.format.is_planar:
                samples = samples.reshape(-1, frame.layout.nb_channels).T
            found.append(as_float(samples.T))
            self._came += frame.samples / self._rate
        return found


def _codec(name: str) -> "AudioCodecContext":
    import av
    from av.audio.codeccontext import AudioCodecContext

    codec = av.CodecContext.create(name, "r")
    assert isinstance(codec, AudioCodecContext)
    codec.thread_count = 1
    return codec
