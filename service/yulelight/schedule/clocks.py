"""Detects when the wall clock was set."""

from datetime import timedelta

_MIN_STEP = 0.5
"""Seconds; smaller differences are regular clock corrections."""


class ClockWatch:
    """Compares the wall clock with the monotonic one."""

    def __init__(self, wall: float, monotonic: float) -> None:
        self._apart = wall - monotonic

    def step(self, wall: float, monotonic: float) -> timedelta:
        """By how much the wall clock was set since the last call; zero if it was not. Arguments in seconds."""
        apart = wall - monotonic
        step, self._apart = apart - self._apart, apart
        return timedelta(seconds=step) if abs(step) >= _MIN_STEP else timedelta()
