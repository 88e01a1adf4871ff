"""Sounds to test with, and files and streams made of them in every format."""

import io
from pathlib import Path

import av
import numpy as np
import soundfile

LOW, HIGH = 441.0, 1764.0
"""Hz of the left and the right channel of ``burst``."""
ONSET, END = 1.0, 2.5
"""Seconds between which ``burst`` sounds; silence around."""
SECONDS = 3.0


def burst(rate: int = 44100, channels: int = 2, level: float = 0.5) -> np.ndarray:
    """(n, channels) float32 of 3 s: a low tone left, a high one right, from 1.0 to 2.5 s."""
    t = np.arange(round(SECONDS * rate)) / rate
    sounding = (t >= ONSET) & (t < END)
    tones = [np.sin(2 * np.pi * f * t) for f in (LOW, HIGH)]
    pair = (np.stack(tones, axis=1) * sounding[:, None] * level).astype(np.float32)
    return pair[:, [0] * channels] if channels != 2 else pair


def assert_burst(sound: np.ndarray, *, level: float = 0.5, mono: bool = False, early: float = 0.03) -> None:
    """That (n, 2) at 44.1 kHz is the burst, with its pitches, sides, level and moments (to ``early`` seconds)."""
    loud = np.abs(sound).max(axis=1)
    sounding = np.flatnonzero(loud > level / 2) / 44100
    assert abs(sounding[0] - ONSET) < early
    assert abs(sounding[-1] - END) < early
    assert abs(len(sound) / 44100 - SECONDS) < 0.1
    middle = sound[int(1.2 * 44100) : int(2.2 * 44100)]
    for side, pitch in ((0, LOW), (1, LOW if mono else HIGH)):
        spectrum = np.abs(np.fft.rfft(middle[:, side] * np.hanning(len(middle)))) * 4 / len(middle)
        assert abs(spectrum.argmax() - pitch) <= 1
        assert abs(spectrum.max() - level) < level * 0.1


def encode(samples: np.ndarray, container: str, codec: str, rate: int = 44100) -> bytes:
    """(n, 2) float32 as the bytes of a file in any of FFmpeg's formats."""
    buffer = io.BytesIO()
    if codec == "vorbis":  # PyAV's FFmpeg has no encoder for it
        soundfile.write(buffer, samples, rate, format="OGG", subtype="VORBIS")
        return buffer.getvalue()
    with av.open(buffer, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="stereo")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = 128_000
        resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=rate)
        for start in range(0, len(samples), 1024):
            piece = np.ascontiguousarray(samples[start : start + 1024].T)
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="stereo")
            frame.sample_rate = rate
            frame.pts = start
            for converted in resampler.resample(frame):
                output.mux(stream.encode(converted))
        output.mux(stream.encode(None))
    return buffer.getvalue()


def streams() -> dict[str, tuple[str, str, int]]:
    """Name → (container, codec, rate) of everything that can be streamed."""
    return {
        "wav": ("wav", "pcm_s16le", 44100),
        "flac": ("flac", "flac", 44100),
        "mp3": ("mp3", "libmp3lame", 44100),
        "vorbis": ("ogg", "vorbis", 44100),
        "opus": ("ogg", "libopus", 48000),
        "adts": ("adts", "aac", 44100),
        "mpegts": ("mpegts", "aac", 48000),
        "matroska": ("matroska", "flac", 44100),
    }


def write(path: Path, samples: np.ndarray, rate: int = 44100, subtype: str | None = None) -> Path:
    """Writes what soundfile can; the format follows the name."""
    opus = path.suffix == ".opus"
    soundfile.write(path, samples, rate, format="OGG" if opus else None, subtype="OPUS" if opus else subtype)
    return path
