"""Codes to levels and switched states: a whole song at once, or frame by frame as it arrives."""

import numpy as np
import numpy.typing as npt

from yulelight.show.envelope import fade, follow, gate
from yulelight.show.look import Look
from yulelight.show.normalise import Range, RunningQuantiles, quantiles
from yulelight.show.output import LightFrame, Limits, Output, put_out
from yulelight.show.switch import switch

Array = npt.NDArray[np.float32]


class Switcher:
    """The sequential end of the mapping: thresholds, then limits, each frame after the last."""

    def __init__(self, look: Look, channels: int) -> None:
        self._limits = Limits.even(channels, look.minimum)
        self._output = Output.dark(channels)

    def step(self, levels: list[float], thresholds: "Thresholds", now: float) -> LightFrame:
        """The frame for ``levels`` (0..1) at ``now`` seconds."""
        on_above, off_below = thresholds
        wanted = switch(self._output.on, levels, on_above=on_above, off_below=off_below)
        self._output = put_out(self._output, levels, wanted, self._limits, now)
        return self._output.frame()


def map_song(
    codes: Array, loudness: Array, rate: float, look: Look
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """A whole song: ``codes`` (frames, channels) in [0, 1], ``loudness`` (frames,) dBFS, ``rate`` frames/s.

    Returns levels uint8 and switched bool, both (frames, channels). Ranges are those of the song's audible
    frames, so that silent ends do not squeeze the music.
    """
    open_gate = gate(loudness, look.gate_floor, look.gate_span)
    audible = open_gate > 0.5
    shaped = quantiles(codes[audible], look.range).apply(codes) ** look.gamma
    light = follow(shaped * open_gate[:, None], fade(look.release, rate))
    limits = thresholds(quantiles(light[audible], look.switch))
    switcher = Switcher(look, codes.shape[1])
    frames = [switcher.step(row, limits, k / rate) for k, row in enumerate(light.tolist())]
    levels = np.frombuffer(b"".join(f[0] for f in frames), np.uint8).reshape(codes.shape)
    switched = np.array([f[1] for f in frames], np.bool_).reshape(codes.shape)
    return levels, switched


class LiveMapping:
    """A stream, frame by frame: the same stages, with ranges learned from what was heard so far."""

    RELEARN = 8
    """Frames between new quantiles: they move slowly and cost more than all the rest."""

    def __init__(self, channels: int, rate: float, look: Look) -> None:
        self._look, self._rate = look, rate
        memory = look.memory * rate
        self._codes = RunningQuantiles(channels, memory, prior=2 * rate)
        self._lights = RunningQuantiles(channels, memory, prior=2 * rate)
        self._keep = fade(look.release, rate)
        self._light = np.zeros(channels, np.float32)
        self._switcher = Switcher(look, channels)
        self._count = 0
        self._learn()

    def _learn(self) -> None:
        self._range = self._codes.range(self._look.range)
        self._thresholds = thresholds(self._lights.range(self._look.switch))

    def step(self, codes: Array, loudness: float) -> LightFrame:
        """One frame: ``codes`` (channels,) in [0, 1] and its loudness in dBFS; levels and switched states."""
        open_gate = float(gate(loudness, self._look.gate_floor, self._look.gate_span))
        shaped = self._range.apply(codes) ** self._look.gamma * open_gate
        self._light = np.maximum(shaped, self._keep * self._light)
        if open_gate > 0.5:
            self._codes.add(codes)
            self._lights.add(self._light)
            if self._count % self.RELEARN == 0:
                self._learn()
        now = self._count / self._rate
        self._count += 1
        return self._switcher.step(self._light.tolist(), self._thresholds, now)


Thresholds = tuple[list[float], list[float]]
"""For each channel the level above which it goes on, and the one below which it goes off."""


def thresholds(levels: Range) -> Thresholds:
    """Thresholds between two quantiles of the levels, but never so low that an afterglow keeps a relay on."""
    return np.maximum(levels.high, 0.08).tolist(), np.maximum(levels.low, 0.05).tolist()
