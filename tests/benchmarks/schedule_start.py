"""How far from its moment the director is told to begin a show of the schedule.

Real clocks, files on the disk; shows a second apart, each beginning within the one before. What the director then
takes to bring the first song to light is not in it.
"""

import asyncio
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.benchmarks.aims import Report
from tests.schedule.house import House
from yulelight.actors import Ref
from yulelight.core.messages import Command, Play, Status
from yulelight.schedule.access import ScheduleAccess
from yulelight.schedule.edit import add
from yulelight.schedule.entry import Entry
from yulelight.schedule.ics import Schedule
from yulelight.schedule.messages import EditSchedule

SHOWS = 30
APART = timedelta(seconds=1)


class RealTime(House):
    """A house whose clocks are the machine's, with a director that notes when it is told to play."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.begun: dict[str, float] = {}

    def obey(self, message: Command) -> Status:
        if isinstance(message, Play):
            self.begun[message.playlist or ""] = time.time()
        return super().obey(message)

    def access(self, director: Ref[Command]) -> ScheduleAccess:
        return replace(super().access(director), wall=time.time, clock=time.monotonic)


async def measure(folder: Path) -> np.ndarray:
    """Errors in seconds; negative would be early."""
    house = RealTime(folder)
    first = datetime.fromtimestamp(time.time(), UTC).replace(microsecond=0, tzinfo=None) + timedelta(
        seconds=3
    )
    shows = [Entry(f"{k}", "", f"List {k}", first + k * APART, timedelta(minutes=5)) for k in range(SHOWS)]

    def fill(old: Schedule, _: object) -> Schedule:
        for show in shows:
            old = add(old, show)
        return old

    async with house.running():
        await house.scheduler.ask(EditSchedule(fill))
        while len(house.begun) < SHOWS:
            await asyncio.sleep(0.1)
    return np.array(
        [house.begun[show.playlist] - show.start.replace(tzinfo=UTC).timestamp() for show in shows]
    )


def aims(report: Report) -> None:
    """Puts the errors into ``report``."""
    with tempfile.TemporaryDirectory() as folder:
        errors = 1000 * np.abs(asyncio.run(measure(Path(folder))))
    report.aim(f"schedule start error, worst of {SHOWS}", float(errors.max()), most=100, unit="ms")
    report.figure("schedule start error, median, ms", float(np.median(errors)))


if __name__ == "__main__":
    found = Report("schedule start")
    aims(found)
    print("\n".join(found.lines()))
