"""Which sample sounds when: arithmetic for the sound card's callback, without a card and without a clock.

A sound card runs on its own crystal, some ten parts per million off the computer's clock, and its buffers may be
late. ``SampleClock`` compares where the music is with where it ought to be, and says what to leave out or how
long to be silent so that sound and light stay together.
"""

import threading
from collections import deque

import numpy as np

from yulelight.dsp.samples import Floats

TOLERANCE = 0.02
"""Seconds the sound may be off before it is corrected; light and sound less apart look simultaneous."""

BUFFERS_BEFORE_CORRECTION = 5
"""Buffers in a row that must be off: drivers' times jitter, and a correction can be heard."""


class SampleClock:
    """Holds sample 0 at the moment ``start_at``; times are seconds of one clock of the caller's choice."""

    def __init__(self, start_at: float, rate: int) -> None:
        self.position = 0
        """The next sample to sound."""
        self._start_at = start_at
        self._rate = rate
        self._tolerance = round(TOLERANCE * rate)
        self._strikes = BUFFERS_BEFORE_CORRECTION

    def place(self, at: float, count: int) -> tuple[int, int]:
        """For a buffer of ``count`` samples that sounds at ``at``: (silence, skip) in samples.

        The buffer begins with ``silence`` samples of silence (at most ``count``), and ``skip`` samples of the
        music are left out; at least one of the two is 0. The first samples are placed exactly.
        """
        late = round((at - self._start_at) * self._rate) - self.position
        if self._strikes < BUFFERS_BEFORE_CORRECTION:
            self._strikes = self._strikes + 1 if abs(late) > self._tolerance else 0
        if self._strikes < BUFFERS_BEFORE_CORRECTION:
            return 0, 0
        if late <= -count:
            return count, 0
        self._strikes = 0
        return max(0, -late), max(0, late)

    def realign(self) -> None:
        """Corrects the next placement at once and exactly, like the first."""
        self._strikes = BUFFERS_BEFORE_CORRECTION

    def advance(self, played: int, skipped: int, wanted: int) -> None:
        """Notes what became of a placement: samples played, and skipped of those ``wanted`` to be skipped."""
        self.position += played + skipped
        if skipped < wanted:
            self._strikes = BUFFERS_BEFORE_CORRECTION


class SampleQueue:
    """A bounded queue of (k, 2) blocks between the decoding thread, which waits, and the callback, which may not."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._blocks: deque[Floats] = deque()
        self._held = 0
        self._closed = False
        self._ended = False
        self._room = threading.Condition()

    def put(self, block: Floats) -> bool:
        """Waits until there is room (a block may exceed it); False when the queue was closed."""
        with self._room:
            self._room.wait_for(lambda: self._closed or self._held < self._capacity)
            if not self._closed and len(block):
                self._blocks.append(block)
                self._held += len(block)
            return not self._closed

    def end(self) -> None:
        """There is no more to come."""
        with self._room:
            self._ended = True

    def close(self) -> None:
        """Throws everything away and frees whoever waits in ``put``."""
        with self._room:
            self._closed = True
            self._blocks.clear()
            self._held = 0
            self._room.notify_all()

    @property
    def over(self) -> bool:
        """Whether everything was taken and nothing will come."""
        with self._room:
            return self._closed or (self._ended and not self._blocks)

    def take(self, out: Floats) -> int:
        """Moves up to len(out) samples into ``out`` (n, 2); returns how many there were. Never waits."""
        return self._move(len(out), out)

    def skip(self, count: int) -> int:
        """Throws away up to ``count`` samples; returns how many there were. Never waits."""
        return self._move(count, None)

    def _move(self, count: int, out: Floats | None) -> int:
        moved = 0
        with self._room:
            while moved < count and self._blocks:
                block = self._blocks.popleft()
                part = block[: count - moved]
                if out is not None:
                    out[moved : moved + len(part)] = part
                if len(part) < len(block):
                    self._blocks.appendleft(block[len(part) :])
                moved += len(part)
            self._held -= moved
            if moved:
                self._room.notify_all()
        return moved


def fill(out: Floats, at: float, clock: SampleClock, queue: SampleQueue) -> None:
    """Fills a buffer (n, 2) that sounds at ``at`` with the music that belongs there, else with silence.

    Samples are held within ±1, which is where the card would clip them, or wrap around.
    """
    silence, skip = clock.place(at, len(out))
    skipped = queue.skip(skip)
    out[:silence] = 0
    played = queue.take(out[silence:])
    out[silence + played :] = 0
    np.clip(out, -1, 1, out=out)
    clock.advance(played, skipped, skip)
