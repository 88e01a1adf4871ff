"""The last seconds of frames of live sound, indexed by their number in the stream."""

import numpy as np

from yulelight.dsp.onsets import BANDS, LAG, flux
from yulelight.dsp.samples import Floats

REACH = 2
"""Frames after one that its flux needs."""
_FADE = 0.99995
"""A frame, of the highest flux: half of it is forgotten in three minutes."""


class Heard:
    """Frames ``first`` to ``count`` of a stream. ``keep``: how many it remembers, at least."""

    def __init__(self, channels: int, keep: int) -> None:
        self._keep = keep
        self.first = 0
        """The oldest frame that is kept."""
        self.codes = np.zeros((0, channels), np.float32)
        self.loudness = np.zeros(0, np.float32)
        self.power = np.zeros((0, BANDS), np.float32)
        self.voice = np.zeros((0, 2), np.float32)
        """Its level, and to which share its channel shows it."""
        self.flux = np.zeros(0, np.float32)
        """In dB; of the last REACH frames it is not known yet."""
        self.top = 1e-3
        """The highest flux of the last minutes."""
        self._loudest = -60.0

    @property
    def count(self) -> int:
        """Number of frames so far."""
        return self.first + len(self.codes)

    def push(self, codes: Floats, loudness: Floats, power: Floats, voice: Floats | None = None) -> None:
        """The next frames: (n, channels), (n,) in dBFS, (n, bands), (n, 2); no ``voice``: none."""
        if not len(codes):
            return
        self.codes = np.concatenate([self.codes, codes])
        self.loudness = np.concatenate([self.loudness, loudness])
        self.power = np.concatenate([self.power, power])
        sung = np.zeros((len(codes), 2), np.float32) if voice is None else voice
        self.voice = np.concatenate([self.voice, sung])
        self._loudest = max(self._loudest, 10 * float(np.log10(max(float(power.max()), 1e-10))))
        begin = max(0, len(self.flux) - LAG - REACH)
        fresh = flux(self.power[begin:], self._loudest)[
            len(self.flux) - begin : len(self.power) - REACH - begin
        ]
        self.flux = np.concatenate([self.flux, fresh])
        self.top = max(self.top * _FADE ** len(codes), float(fresh.max(initial=0.0)))
        old = len(self.codes) - self._keep
        if old > self._keep // 4:
            self.first += old
            self.codes, self.loudness, self.power, self.voice, self.flux = (
                kept[old:].copy() for kept in (self.codes, self.loudness, self.power, self.voice, self.flux)
            )

    def forget(self, since: int) -> None:
        """Discards the frames from ``since`` on."""
        left = max(0, since - self.first)
        self.codes, self.loudness, self.power = self.codes[:left], self.loudness[:left], self.power[:left]
        self.voice = self.voice[:left]
        self.flux = self.flux[: max(0, left - REACH)]
