"""Telling a wall clock that was set from one that merely goes."""

from datetime import timedelta

_MIN_STEP = 0.5
"""Seconds; less than this is a clock being kept right."""


class ClockWatch:
    """Compares the wall clock with the monotonic one."""

    def __init__(self, wall: float, monotonic: float) -> None:
        self._apart = wall - monotonic

    def step(self, wall: float, monotonic: float) -> timedelta:
        """By how much the wall clock was set since the last call; zero when it was not. Both in seconds."""
        apart = wall - monotonic
        step, self._apart = apart - self._apart, apart
        return timedelta(seconds=step) if abs(step) >= _MIN_STEP else timedelta()
