"""Masters the rendered carol: trims, limits, sets the peak, puts silence at both ends; prints what came out.

Arguments: the rendering (WAV), the master to write (WAV, 44.1 kHz, 16 bit).
"""

import sys

import numpy as np
import numpy.typing as npt
import soundfile

RATE = 44100
LEAD, TAIL, FADE = 1.5, 2.2, 0.9
"""Seconds of silence before and after, and of the fade into the latter."""
DRIVE_DB = 6.0
"""How far the loudest moment goes into the limiter."""
PEAK_DB = -1.8
"""Of the master; lossy coding overshoots by some tenths of a decibel."""
LOOK_AHEAD, RELEASE = 0.003, 0.15
QUIET = 10 ** (-66 / 20)

Samples = npt.NDArray[np.float64]


def main(source: str, target: str) -> None:
    sound, rate = soundfile.read(source, always_2d=True)
    if rate != RATE:
        raise SystemExit(f"{source} has {rate} samples a second, expected {RATE}")
    sound = trim(sound - sound.mean(axis=0))
    sound = limit(sound * 10 ** (DRIVE_DB / 20) / np.abs(sound).max(), 1.0)
    fade = np.linspace(1, 0, int(FADE * RATE)) ** 2
    sound[-len(fade) :] *= fade[:, None]
    sound *= 10 ** (PEAK_DB / 20) / np.abs(sound).max()
    sound = np.pad(sound, ((int(LEAD * RATE), int(TAIL * RATE)), (0, 0)))
    soundfile.write(target, sound, RATE, subtype="PCM_16")


def trim(sound: Samples) -> Samples:
    """The part from the first to the last sample that can be heard."""
    loud = np.flatnonzero(np.abs(sound).max(axis=1) > QUIET * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + 1].copy()


def limit(sound: Samples, ceiling: float) -> Samples:
    """Look-ahead limiter, both sides alike: the gain falls before a peak, and comes back slowly after it."""
    ahead = int(LOOK_AHEAD * RATE)
    peak = np.pad(np.abs(sound).max(axis=1), (0, ahead))
    need = np.minimum(1.0, ceiling / np.maximum(peak, 1e-9))
    held = np.lib.stride_tricks.sliding_window_view(need, ahead + 1).min(axis=1)
    gain, now, back = np.empty(len(sound)), 1.0, 1 - np.exp(-1 / (RELEASE * RATE))
    for index, wanted in enumerate(held):
        now = min(wanted, now + (1 - now) * back)
        gain[index] = now
    # The mean over the look-ahead turns steps into ramps; each still ends before its peak.
    smooth = np.convolve(
        np.pad(gain, (ahead, 0), mode="edge"), np.full(ahead + 1, 1 / (ahead + 1)), mode="valid"
    )
    return np.clip(sound * smooth[:, None], -ceiling, ceiling)


if __name__ == "__main__":
    main(*sys.argv[1:])
