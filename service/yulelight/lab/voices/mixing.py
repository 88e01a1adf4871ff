"""Lessons for the voice head: singing mixed into other music, as mel power.

Power adds up where sounds are mixed (their phases are independent), so that a mix needs no samples: a piece of a voice
and one of its accompaniment are added in bands, each at another loudness, through another equaliser.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yulelight.dsp.mel import mel_filters
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import FRAME_RATE, magnitudes
from yulelight.encoder.voices import BELOW_DB, RANGE_DB

BANDS, LOWEST, HIGHEST = 64, 60.0, 9000.0
"""Mel bands that the head sees, and their limits in Hz."""
FLOOR_DB, SPAN_DB = -68.0, 30.0
"""What is fainter is silence to the head; SPAN_DB is one unit of its input."""
LENGTH = 2600
"""Frames of a lesson: half a minute."""
GAP = 0.3
"""Seconds; a voice that returns within them has not paused."""
SMOOTH = 0.16
"""Seconds over which loudness is averaged."""
SINGS, RESTS = 6.0, 4.0
"""Seconds for which a voice sings, and then does not, on average."""
VOICE_DB = (-10.0, 6.0)
"""How loud a voice is mixed in, against the loud moments of its accompaniment."""
LOUD_DB = (-12.0, 12.0)
"""By how much a lesson is made louder than its accompaniment was."""
EQUALISER_DB = 6.0
"""How far a band is raised or lowered, about."""
WITHOUT, ALONE = 0.3, 0.1
"""Shares of the lessons without a voice, and with nothing but a voice."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound in bands, and as a whole."""

    bands: Floats
    """(n, BANDS) power."""
    whole: Floats
    """(n,) power of the whole spectrum."""

    @classmethod
    def of(cls, samples: Floats) -> "Sound":
        """Of (n,) samples at 44.1 kHz."""
        power = np.square(magnitudes(samples))
        return cls(power @ filters(), power.sum(1))

    def part(self, start: int) -> "Sound":
        """LENGTH frames from ``start``; from the beginning again where it ends."""
        at = np.arange(start, start + LENGTH) % len(self.whole)
        return Sound(self.bands[at], self.whole[at])


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What is heard, and how bright the voice in it is."""

    decibels: Floats
    """(LENGTH, BANDS)."""
    voice: Floats
    """(LENGTH,) in [0, 1]."""


def filters() -> Floats:
    """(513, BANDS): what the head sees of a spectrum's power."""
    return mel_filters(BANDS, LOWEST, HIGHEST)


def brightness(voice: Floats, whole: Floats, loud: float) -> Floats:
    """(n,) in [0, 1] of the power of a ``voice`` (n,) in a song whose ``loud`` moments are given in dB.

    As ``encoder/voices`` shows it, but for short gaps, through which it stays bright.
    """
    size = round(SMOOTH * FRAME_RATE)
    kernel = np.hanning(size + 2)[1:-1]
    even = np.convolve(voice, kernel / kernel.sum(), "same")
    level = np.clip((decibels(even) - (loud - BELOW_DB)) / RANGE_DB, 0, 1)
    return _closed(level, round(GAP * FRAME_RATE)).astype(np.float32)


def decibels(power: Floats) -> Floats:
    """With a floor far below anything heard."""
    return np.asarray(10 * np.log10(np.maximum(power, 1e-12)), np.float32)


def loud_moments(whole: Floats) -> float:
    """The 95th percentile of the power (n,) of a sound, in dB."""
    return float(np.quantile(decibels(whole), 0.95))


def mixed(voices: Sequence[Sound], others: Sequence[Sound], order: np.random.Generator) -> Lesson:
    """A lesson, drawn with ``order``."""
    other = _some(others, order)
    voice = _some(voices, order)
    kind = order.random()
    level = loud_moments(other.whole)
    gain = level + order.uniform(*VOICE_DB) - loud_moments(voice.whole)
    sung = _now_and_then(_louder(voice, gain, equaliser(order)), order)
    if kind < WITHOUT:
        sung = Sound(0 * sung.bands, 0 * sung.whole)
    elif kind < WITHOUT + ALONE:
        other = _louder(other, -60.0, np.zeros(BANDS, np.float32))
    bands, whole = other.bands + sung.bands, other.whole + sung.whole
    target = brightness(sung.whole, whole, loud_moments(whole))
    heard = decibels(bands) + equaliser(order) + np.float32(order.uniform(*LOUD_DB))
    return Lesson(np.asarray(heard, np.float32), target)


def equaliser(order: np.random.Generator) -> Floats:
    """(BANDS,) in dB: a tilt and two humps."""
    at = np.linspace(-1, 1, BANDS)
    curve = order.normal(0, EQUALISER_DB / 2) * at
    for _ in range(2):
        curve += order.normal(0, EQUALISER_DB / 2) * np.exp(-np.square((at - order.uniform(-1, 1)) / 0.3))
    return np.asarray(curve, np.float32)


def _now_and_then(sound: Sound, order: np.random.Generator) -> Sound:
    """Only in some passages, as a voice in a song."""
    on = np.zeros(len(sound.whole), np.float32)
    at, sings = 0, bool(order.random() < 0.5)
    while at < len(on):
        end = at + 1 + round(order.exponential(SINGS if sings else RESTS) * FRAME_RATE)
        on[at:end] = sings
        at, sings = end, not sings
    return Sound(sound.bands * on[:, None], sound.whole * on)


def _some(sounds: Sequence[Sound], order: np.random.Generator) -> Sound:
    one = sounds[int(order.integers(len(sounds)))]
    return one.part(int(order.integers(len(one.whole))))


def _louder(sound: Sound, gain: float, curve: Floats) -> Sound:
    """With a ``gain`` in dB and a ``curve`` (BANDS,) in dB."""
    return Sound(
        np.asarray(sound.bands * 10 ** ((gain + curve) / 10), np.float32),
        np.asarray(sound.whole * 10 ** (gain / 10), np.float32),
    )


def _closed(values: Floats, size: int) -> Floats:
    """(n,) with dips of up to ``size`` frames filled."""
    side = size // 2
    high = np.lib.stride_tricks.sliding_window_view(np.pad(values, side, mode="edge"), 2 * side + 1).max(-1)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(high, side, mode="edge"), 2 * side + 1)
    return np.asarray(around.min(-1), np.float32)
