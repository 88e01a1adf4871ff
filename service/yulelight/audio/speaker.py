"""Songs on this machine's sound card: one at a time, from any position, at a given moment."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from yulelight.audio.decode import blocks
from yulelight.audio.output import Player, unavailable
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.errors import AudioError

log = logging.getLogger(__name__)


class Speaker:
    """The sound card ``device`` (None: the default one). Its methods block for a moment: call them in a thread.

    A card that fails in the middle of a show is logged; the lights go on.
    """

    def __init__(self, device: str | None) -> None:
        self._device = device
        self._player: Player | None = None

    @classmethod
    def open(cls, device: str | None) -> tuple[Self | None, str]:
        """A speaker, or None and the reason in words for the user."""
        problem = unavailable(device)
        return (None, problem) if problem else (cls(device), "")

    def play(self, song: Path, position: float, at: float) -> None:
        """Sounds ``song`` so that ``position`` seconds of it are heard at ``at`` of time.monotonic."""
        self.stop()
        self._player = Player(after(blocks(song), position), at, self._ended, device=self._device)
        try:
            self._player.start()
        except AudioError as error:
            log.warning("%s The lights go on without it.", error)

    def stop(self) -> None:
        """Silence at once; may be called again."""
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
