"""PCM from the network: the formats that clients may announce, and decoding to stereo blocks."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from yulelight.audio.resample import Resampler
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats, as_float
from yulelight.dsp.spectrum import RATE

SampleFormat = Literal["s16le", "s24le", "s32le", "f32le"]

_WIDTH: Final = {"s16le": 2, "s24le": 3, "s32le": 4, "f32le": 4}


@dataclass(frozen=True, slots=True)
class PcmFormat:
    """Interleaved little-endian samples. Raises AudioError for unsupported formats."""

    rate: int
    """8,000 to 192,000 Hz."""
    channels: int
    """1 to 8."""
    format: SampleFormat

    def __post_init__(self) -> None:
        if type(self.rate) is not int or not 8_000 <= self.rate <= 192_000:
            raise AudioError("rate must be a whole number of Hz from 8000 to 192000.")
        if type(self.channels) is not int or not 1 <= self.channels <= 8:
            raise AudioError("channels must be a whole number from 1 to 8.")
        if self.format not in get_args(SampleFormat):
            raise AudioError(f"format must be one of {', '.join(get_args(SampleFormat))}.")

    @property
    def frame(self) -> int:
        """Bytes per sample of all channels."""
        return _WIDTH[self.format] * self.channels


class PcmDecoder:
    """Decodes bytes in chunks of any size to (k, 2) float32 at 44.1 kHz; incomplete samples wait for the next
    chunk.
    """

    def __init__(self, pcm: PcmFormat) -> None:
        self._pcm = pcm
        self._frame = pcm.frame
        self._rest = b""
        self._resampler = Resampler(RATE)

    def push(self, data: bytes) -> Floats:
        """The (k, 2) samples that became available, possibly none."""
        data = self._rest + data
        whole = len(data) - len(data) % self._frame
        self._rest = data[whole:]
        samples = _unpack(data[:whole], self._pcm.format).reshape(-1, self._pcm.channels)
        return self._resampler.push(samples, self._pcm.rate)

    def flush(self) -> Floats:
        """Ends the stream and returns the rest from the resampler. An incomplete sample is dropped."""
        self._rest = b""
        return self._resampler.flush()


def _unpack(data: bytes, kind: SampleFormat) -> Floats:
    if kind == "f32le":
        return np.frombuffer(data, "<f4").astype(np.float32)
    if kind == "s24le":
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return as_float(wide.view("<i4")[:, 0])
    return as_float(np.frombuffer(data, "<i2" if kind == "s16le" else "<i4"))
