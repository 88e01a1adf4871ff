"""librosa's analysis of a song, the reference for all its shows. Computed once per song, shared by all systems."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import librosa
import numpy as np

from yulelight.audio.decode import blocks
from yulelight.dsp.samples import mono
from yulelight.lab.evaluation.arrays import Array, by_second, standard
from yulelight.lab.evaluation.meaning import pair_distances, stepped, steps

RATE = 22050
HOP = 512
MELS = 40
RANGE_DB = 60.0


@dataclass(frozen=True, eq=False)
class Reference:
    """A song as analysed by librosa. Times in seconds, RATE / HOP frames a second."""

    seconds: float
    onsets: Array
    """Times (n,) of notes and hits."""
    beats: Array
    """Times (n,)."""
    envelope: Array
    """Onset strength (frames,)."""
    mel: Array
    """Mel spectrum in dB under the song's loudest, (frames, MELS)."""
    mfcc: Array
    """(frames, 13)."""
    chroma: Array
    """(frames, 12)."""
    rms: Array
    """Root mean square (frames,)."""

    @cached_property
    def envelope_times(self) -> Array:
        """The moment of each frame."""
        return np.arange(len(self.envelope)) * HOP / RATE

    @cached_property
    def stepped(self) -> Array:
        """The mel spectrum in the steps of ``meaning.faith``, for the whole song."""
        return stepped(self.mel, RATE / HOP, steps(self.seconds))

    @cached_property
    def character(self) -> Array:
        """Timbre and harmony of each frame, both of the same weight: (frames, 25)."""
        return np.concatenate([standard(self.mfcc) / 13**0.5, standard(self.chroma) / 12**0.5], axis=1)

    def distances(self, seconds: int) -> Array:
        """How much any two of the first ``seconds`` differ in sound: ``meaning.pair_distances``."""
        if self._distances is None or self._distances[0] != seconds:
            rows = by_second(self.character, RATE / HOP, seconds)
            object.__setattr__(self, "_distances", (seconds, pair_distances(standard(rows))))
        assert self._distances is not None
        return self._distances[1]

    _distances: tuple[int, Array] | None = None


def hear(song: Path) -> Reference:
    """The reference of a song file; raises AudioError when it cannot be read. Takes a few seconds."""
    return listen(np.concatenate([mono(block) for block in blocks(song, RATE)]))


def listen(samples: np.ndarray) -> Reference:
    """The reference of (n,) samples at RATE."""
    strength = librosa.onset.onset_strength(y=samples, sr=RATE, hop_length=HOP)
    power = librosa.feature.melspectrogram(y=samples, sr=RATE, hop_length=HOP, n_mels=MELS)
    return Reference(
        seconds=len(samples) / RATE,
        onsets=librosa.onset.onset_detect(y=samples, sr=RATE, units="time"),
        beats=librosa.beat.beat_track(y=samples, sr=RATE, units="time")[1],
        envelope=strength,
        mel=librosa.power_to_db(power, ref=np.max, top_db=RANGE_DB).T,
        mfcc=librosa.feature.mfcc(y=samples, sr=RATE, hop_length=HOP, n_mfcc=13).T,
        chroma=librosa.feature.chroma_stft(y=samples, sr=RATE, hop_length=HOP).T,
        rms=librosa.feature.rms(y=samples, frame_length=2048, hop_length=HOP)[0],
    )
