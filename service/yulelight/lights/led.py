"""The show of another service, as far as its frames have come: maps times to frames. Pure.

Times are seconds of this service's clock. What comes is bounded: ``RUNS`` runs and ``FRAMES`` frames may wait.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from yulelight.lights.messages import LedFrames
from yulelight.safety.frame import LightFrame

RUNS, FRAMES = 256, 4096
SOON = 0.001
"""Seconds until a frame whose time is over shows, if it is still in force."""
_NEAR = 1e-6


class Led:
    """``before``: what shows until the first frame."""

    def __init__(self, channels: frozenset[int], before: LightFrame) -> None:
        self.channels = channels
        self._before = before
        self._runs: deque[LedFrames] = deque()

    def add(self, run: LedFrames, now: float) -> float:
        """Adds frames, which replace those from their time on, and returns when the first of them shows."""
        passed = 0
        if run.at <= now:
            passed = min(len(run.frames) - 1, int((now - run.at) / run.interval + _NEAR))
        for part in _parts(run, passed, now):
            self._cut(part.at)
            self._forget(now)
            if len(self._runs) < RUNS and sum(len(each.frames) for each in self._runs) < FRAMES:
                self._runs.append(part)
        return max(run.at, now + SOON) if run.at <= now else run.at

    def frame(self, at: float) -> LightFrame:
        """The frame in force at ``at``."""
        for run in reversed(self._runs):
            if run.at <= at + _NEAR:
                return run.frames[min(len(run.frames) - 1, int((at - run.at) / run.interval + _NEAR))]
        return self._before

    def pan(self, at: float) -> float:
        """The middle: the other service has followed the sound already."""
        return 0.0

    def due(self, after: float, until: float) -> Iterator[tuple[list[float], float]]:
        """The times of frames after ``after``, up to and including ``until``: evenly spaced ones at a time, with
        their interval.
        """
        for run in self._runs:
            times = [run.at + k * run.interval for k in range(len(run.frames))]
            times = [at for at in times if after + _NEAR < at <= until]
            if times:
                yield times, run.interval

    def _cut(self, at: float) -> None:
        while self._runs and self._runs[-1].at >= at - _NEAR:
            self._runs.pop()
        if self._runs:
            last = self._runs[-1]
            kept = max(1, int((at - last.at) / last.interval + 1 - _NEAR))
            if kept < len(last.frames):
                self._runs[-1] = replace(last, frames=last.frames[:kept])

    def _forget(self, now: float) -> None:
        while len(self._runs) > 1 and self._runs[1].at <= now:
            self._before = self._runs.popleft().frames[-1]


def _parts(run: LedFrames, passed: int, now: float) -> Iterator[LedFrames]:
    """``run`` without frames whose time is over; the one in force comes first, and shows soon."""
    if run.at > now:
        yield run
        return
    yield replace(run, frames=run.frames[passed : passed + 1], at=now + SOON)
    rest = run.frames[passed + 1 :]
    following = run.at + (passed + 1) * run.interval
    if rest:
        yield replace(run, frames=rest, at=max(following, now + 2 * SOON))
