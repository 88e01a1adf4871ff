"""Songs, shows and films of two seconds to test with."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soundfile

from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.lab.preview.film import Cut
from yulelight.show.show import Show

SIZE = (320, 180)
SECONDS = 2.0
FLASH = 1.2
"""Seconds into the song at which ``song`` clicks and ``flash`` lights one channel, for 0.2 s."""
SMALL = Cut(size=SIZE)


def song(path: Path) -> Path:
    """Silence, and a tone of 0.2 s at ``FLASH``."""
    t = np.arange(round(SECONDS * 44100)) / 44100
    tone = np.sin(2 * np.pi * 880 * t) * 0.5 * ((t >= FLASH) & (t < FLASH + 0.2))
    soundfile.write(path, np.stack((tone, tone), axis=1), 44100)
    return path


def flash(channel: int) -> Show:
    """A dark show in which one channel is on from ``FLASH`` for 0.2 s."""
    times = np.arange(round(SECONDS * FRAME_RATE)) / FRAME_RATE
    on = np.zeros((len(times), 8), bool)
    on[:, channel] = (times >= FLASH) & (times < FLASH + 0.2)
    return Show((on * 255).astype(np.uint8), on, FRAME_RATE, (0.0,), "test")


@dataclass(frozen=True)
class Film:
    pictures: np.ndarray
    """(frames, height, width, 3) uint8"""
    times: list[float]
    sound: np.ndarray
    """(samples, 2)"""
    sound_start: float


def watch(path: Path) -> Film:
    """What a player makes of the file."""
    with av.open(str(path)) as file:
        assert [stream.type for stream in file.streams] == ["video", "audio"]
        pictures, times = [], []
        sound: list[np.ndarray] = []
        starts: list[float] = []
        for frame in file.decode():
            if isinstance(frame, av.VideoFrame):
                pictures.append(frame.to_ndarray(format="rgb24"))
                times.append(float(frame.time))
            else:
                sound.append(frame.to_ndarray().T)
                starts.append(float(frame.time))
    return Film(np.stack(pictures), times, np.concatenate(sound), starts[0])
