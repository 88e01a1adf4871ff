"""Algorithmic latency of the live path, without sound card, network or lamp.

Bursts every 0.533 s over faint noise are processed by spectrum, encoder and mapping like a stream. A frame is
available when the last sample of its window has arrived. Latency is the time from a burst's first sample to the frame
in which the mean level has completed half of its rise, or to the first in which a relay comes on.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yulelight.core.messages import CHANNELS
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import HOP, RATE, WINDOW
from yulelight.encoder.model import Encoder
from yulelight.lab.evaluation.arrays import Array, Bools
from yulelight.show.live import LiveShow
from yulelight.show.look import Look

SPACING = 0.533
"""Seconds; not a multiple of a frame, so that bursts start at different positions within a frame."""
SETTLING, MEASURED = 10.0, 40
"""Seconds for the live ranges to settle, and number of bursts measured afterwards."""
LENGTH = 0.2
"""Seconds of a burst; it fades out over its last quarter, so that its end is not an onset."""
NOISE_FLOOR = 0.002


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the start of a sound to its light."""

    median: float
    p95: float


def measure(encoder: Encoder, look: Look, *, switched: bool = False) -> dict[str, Latency]:
    """Latency of the live path for a kick, a tone and a snare: of its levels, or of its on/off states."""
    first = int(SETTLING / SPACING)
    found = {}
    for name, burst in bursts().items():
        samples, starts = burst_train(burst, first + MEASURED)
        levels, on = live_frames(samples, encoder, look)
        times, begins = arrivals(samples), starts[first:]
        seconds = came_on(on, times, begins) if switched else rises(levels.mean(1) / 255, times, begins)
        found[name] = Latency(*(1000 * np.nanpercentile(seconds, (50, 95))).tolist())
    return found


def bursts() -> dict[str, Floats]:
    """The sounds, mono at 44.1 kHz: a decaying 60 Hz sine, a steady 1 kHz tone, decaying white noise."""
    t = np.arange(int(LENGTH * RATE)) / RATE
    end = np.clip((LENGTH - t) / (LENGTH / 4), 0, 1)
    decay = np.exp(-t / 0.06) * end
    noise = np.random.default_rng(3).standard_normal(len(t))
    return {
        "60 Hz kick": (0.8 * np.sin(2 * np.pi * 60 * t) * decay).astype(np.float32),
        "1 kHz tone": (0.5 * np.sin(2 * np.pi * 1000 * t) * end).astype(np.float32),
        "snare noise": (0.3 * noise * decay).astype(np.float32),
    }


def burst_train(burst: Floats, count: int) -> tuple[Floats, Array]:
    """``count`` bursts over noise: samples (n,), and the seconds at which they begin."""
    begin = (SPACING * (1 + np.arange(count)) * RATE).astype(int)
    samples = np.random.default_rng(4).standard_normal(begin[-1] + RATE).astype(np.float32)
    samples *= np.float32(NOISE_FLOOR)
    for k in begin:
        samples[k : k + len(burst)] += burst
    return samples, begin / RATE


def arrivals(samples: Floats) -> Array:
    """Seconds at which each spectrum frame's last sample has arrived."""
    return (np.arange(1 + len(samples) // HOP) * HOP + WINDOW // 2) / RATE


def live_frames(samples: Floats, encoder: Encoder, look: Look) -> tuple[Array, Bools]:
    """Levels 0..255 and on/off states, both (frames, channels), that a live stream of (n,) samples shows."""
    live = LiveShow(encoder, look, ahead=False)
    live.hear(np.stack([samples, samples], axis=1))
    live.end()
    shown = [frame for frame, _ in live.decide()]
    levels = np.frombuffer(b"".join(levels for levels, _ in shown), np.uint8).reshape(-1, CHANNELS)
    return np.asarray(levels, np.float64), np.array([on for _, on in shown], np.bool_)


def came_on(on: Bools, times: Array, starts: Array) -> Array:
    """Seconds from each of ``starts`` until a channel of ``on`` (frames, channels), shown at ``times``, comes on.

    NaN where none does within LENGTH. Starts and times in seconds.
    """
    came = times[1:][(on[1:] & ~on[:-1]).any(1)]
    after = np.append(came, np.inf)[np.searchsorted(came, starts)] - starts
    return np.asarray(np.where(after <= LENGTH, after, np.nan), np.float64)


def rises(field: npt.NDArray[np.float64], times: Array, starts: Array) -> Array:
    """Seconds from each of ``starts`` until ``field``, shown at ``times``, has completed half of its rise; NaN
    without one.

    All (n,) in seconds but ``field`` (frames,). The rise is that from the last frame before a start to the highest
    within LENGTH of it.
    """
    found = []
    for start in starts.tolist():
        before = max(0, int(np.searchsorted(times, start)) - 1)
        end = int(np.searchsorted(times, start + LENGTH))
        part = field[before:end]
        half = part[0] + 0.5 * (part.max() - part[0])
        found.append(
            float(times[before + int(np.argmax(part >= half))]) - start if half > part[0] else np.nan
        )
    return np.array(found)
