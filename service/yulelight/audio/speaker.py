"""Plays songs on a sound card of this machine: one at a time, from any position, at a given time."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from yulelight.audio.decode import blocks
from yulelight.audio.player import OpenCard, Player, unavailable
from yulelight.audio.volume import factor
from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE

log = logging.getLogger(__name__)


class Speaker:
    """The sound card ``device`` (None: the default).

    Its methods block briefly: call them in a thread. If a card fails during a show, this is logged and the lights
    continue. ``open_card`` replaces the real card.
    """

    def __init__(self, device: str | None, open_card: OpenCard | None = None) -> None:
        self._device, self._open_card = device, open_card
        self._player: Player | None = None
        self._volume = 1.0
        self.shift = 0.0
        """Delay of everything in seconds; changes take effect at once."""
        self._lock = threading.Lock()

    @classmethod
    def open(cls, device: str | None) -> tuple[Self | None, str]:
        """A speaker, or None and the reason, worded for the user."""
        problem = unavailable(device)
        return (None, problem) if problem else (cls(device), "")

    def play(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """Plays ``song`` so that ``position`` seconds of it are heard at ``at`` of time.monotonic.

        Anything played before stops at once. ``gain`` in dB; samples that become too loud are clipped.
        """
        self.stream(louder(after(blocks(song), position), gain), at)

    def stream(self, blocks: Iterator[Floats], at: float) -> None:
        """Plays ``blocks`` ((k, 2) at 44.1 kHz), the first sample at ``at`` of time.monotonic, until they end.

        Anything played before stops at once.
        """
        with self._lock:
            self._stop()
            self._player = Player(
                blocks,
                at,
                self._ended,
                device=self._device,
                open_card=self._open_card,
                volume=self._volume,
                shift=lambda: self.shift,
            )
            try:
                self._player.start()
            except AudioError as error:
                log.warning("%s The lights continue without it.", error)

    def follow(self, song: Path, position: float, at: float, gain: float = 0.0) -> None:
        """Like ``play``, but the current song continues until ``at``, and no sample is lost between the two."""
        with self._lock:
            player = self._player
            if player and player.follow(louder(after(blocks(song), position), gain), at):
                return
        self.play(song, position, at, gain)

    def volume(self, level: float) -> None:
        """Sets the volume, 0..1."""
        with self._lock:
            self._volume = factor(level)
            if self._player:
                self._player.volume(self._volume)

    def stop(self) -> None:
        """Stops at once; may be called more than once."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        player, self._player = self._player, None
        if player:
            player.stop()

    def _ended(self, problem: str) -> None:
        if problem:
            log.warning("%s", problem)


def after(song: Iterator[Floats], seconds: float) -> Iterator[Floats]:
    """The blocks (k, 2) of ``song`` at 44.1 kHz without the first ``seconds``."""
    skip = round(seconds * RATE)
    for block in song:
        if skip < len(block):
            yield block[skip:]
        skip = max(0, skip - len(block))


def louder(song: Iterator[Floats], gain: float) -> Iterator[Floats]:
    """The blocks, amplified by ``gain`` dB."""
    scale = 10 ** (gain / 20)
    return song if gain == 0 else (block * block.dtype.type(scale) for block in song)
