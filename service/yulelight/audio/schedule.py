"""Which sample is played when: arithmetic for the sound card's callback, without a card or a clock.

A sound card runs on its own crystal, which differs from the computer's clock by some tens of ppm, and its buffers may
be late. ``SampleClock`` compares the position of the music with the intended one, and determines how many samples to
skip or how much silence to insert so that sound and light stay synchronous.
"""

import threading
from collections import deque

import numpy as np

from yulelight.dsp.samples import Floats

TOLERANCE = 0.02
"""Seconds of error before a correction; smaller differences between light and sound are imperceptible."""

BUFFERS_BEFORE_CORRECTION = 5
"""Consecutive buffers that must be off, because the times of drivers jitter and a correction can be heard."""


class SampleClock:
    """Keeps sample 0 at the time ``start_at``, in seconds of any clock chosen by the caller."""

    def __init__(self, start_at: float, rate: int) -> None:
        self.position = 0
        """The next sample to be played."""
        self._start_at = start_at
        self._rate = rate
        self._tolerance = round(TOLERANCE * rate)
        self._strikes = BUFFERS_BEFORE_CORRECTION

    def place(self, at: float, count: int) -> tuple[int, int]:
        """For a buffer of ``count`` samples that is heard at ``at``: (silence, skip) in samples.

        The buffer starts with ``silence`` samples of silence (at most ``count``), and ``skip`` samples of the music
        are skipped; at least one of the two is 0. The first placement is exact.
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
        """Makes the next placement exact, like the first."""
        self._strikes = BUFFERS_BEFORE_CORRECTION

    def advance(self, played: int, skipped: int, wanted: int) -> None:
        """Records the result of a placement: the samples played, and those skipped of the ``wanted`` ones."""
        self.position += played + skipped
        if skipped < wanted:
            self._strikes = BUFFERS_BEFORE_CORRECTION


class SampleQueue:
    """A bounded queue of (k, 2) blocks from the decoding thread, which may wait, to the callback, which may not."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._blocks: deque[Floats] = deque()
        self._held = 0
        self._closed = False
        self._ended = False
        self._room = threading.Condition()

    def put(self, block: Floats) -> bool:
        """Waits until there is room (a block may exceed it); False if the queue was closed."""
        with self._room:
            self._room.wait_for(lambda: self._closed or self._held < self._capacity)
            if not self._closed and len(block):
                self._blocks.append(block)
                self._held += len(block)
            return not self._closed

    def end(self) -> None:
        """Marks the end: no more blocks follow."""
        with self._room:
            self._ended = True

    def close(self) -> None:
        """Discards everything and releases a waiting ``put``."""
        with self._room:
            self._closed = True
            self._blocks.clear()
            self._held = 0
            self._room.notify_all()

    @property
    def over(self) -> bool:
        """Whether everything has been taken and nothing follows."""
        with self._room:
            return self._closed or (self._ended and not self._blocks)

    def take(self, out: Floats) -> int:
        """Moves up to len(out) samples to ``out`` (n, 2) and returns their number. Never waits."""
        return self._move(len(out), out)

    def skip(self, count: int) -> int:
        """Discards up to ``count`` samples and returns their number. Never waits."""
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
    """Fills a buffer (n, 2) that is heard at ``at`` with the music for that time, or with silence.

    Samples are clipped to ±1, since the card would clip them or wrap around.
    """
    silence, skip = clock.place(at, len(out))
    skipped = queue.skip(skip)
    out[:silence] = 0
    played = queue.take(out[silence:])
    out[silence + played :] = 0
    np.clip(out, -1, 1, out=out)
    clock.advance(played, skipped, skip)
