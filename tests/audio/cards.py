"""A sound card made of a thread, for machines that have none: the only pretended part of these tests."""

import threading
import time
from collections.abc import Callable

import numpy as np

from yulelight.audio.player import Fill
from yulelight.dsp.spectrum import RATE

SIZE = 512


class FakeCard:
    """Asks for a buffer every ``pace`` seconds; its samples sound back to back from the moment of ``start`` on."""

    def __init__(self, fill: Fill, finished: Callable[[], None], pace: float = SIZE / RATE) -> None:
        self._fill, self._finished, self._pace = fill, finished, pace
        self._thread = threading.Thread(target=self._run)
        self._pulled = threading.Event()
        self.buffers: list[np.ndarray] = []
        self.began = 0.0
        self.closed = False

    def start(self) -> None:
        self.began = time.monotonic()
        self._thread.start()

    def abort(self) -> None:
        self._pulled.set()
        self._thread.join()

    def close(self) -> None:
        self.closed = True

    def pull_out(self) -> None:
        """The card disappears."""
        self._pulled.set()

    def sound(self) -> np.ndarray:
        """(n, 2) that was heard since ``began``."""
        return np.concatenate([np.empty((0, 2), np.float32), *self.buffers])

    def _run(self) -> None:
        over = False
        while not over and not self._pulled.wait(self._pace):
            out = np.empty((SIZE, 2), np.float32)
            over = self._fill(out, self.began + len(self.buffers) * SIZE / RATE)
            self.buffers.append(out)
        self._finished()


class Shop:
    """Sells cards and remembers them."""

    def __init__(self) -> None:
        self.cards: list[FakeCard] = []

    def __call__(self, fill: Fill, finished: Callable[[], None]) -> FakeCard:
        self.cards.append(FakeCard(fill, finished))
        return self.cards[-1]
