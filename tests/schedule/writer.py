"""A process that edits a schedule until it is killed: ``python writer.py FILE``. Says each edit that is on the disk."""

import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from yulelight.schedule.decide import Memory
from yulelight.schedule.edit import add, remove
from yulelight.schedule.entry import Entry
from yulelight.schedule.store import MemoryFile, TextFile
from yulelight.schedule.synced import SyncedSchedule

NOW = datetime(2026, 11, 1, tzinfo=UTC)
KEPT = 30


def trusted(data: bytes, zone: str) -> None:
    """A process for each look at the file would take most of the time."""


if __name__ == "__main__":
    path = Path(sys.argv[1])
    synced, memory = SyncedSchedule(TextFile(path), trusted), MemoryFile(path.with_name("memory.json"))
    synced.open(UTC, NOW)
    first = 1 + max((int(entry.uid) for entry in synced.schedule.entries), default=0)
    print("ready", flush=True)
    for number in count(first):
        start = datetime(2026, 12, 1, 17) + timedelta(minutes=number % 300)
        show = Entry(str(number), "x" * (number % 50), "Carols", start, timedelta(hours=1))
        synced.edit(lambda old, show=show: add(old, show), UTC, NOW)  # type: ignore[misc]
        for old in [entry.uid for entry in synced.schedule.entries if int(entry.uid) <= number - KEPT]:
            synced.edit(lambda now, gone=old: remove(now, gone, None, "all"), UTC, NOW)  # type: ignore[misc]
        assert memory.save(Memory(playing=(str(number), NOW.date()))) == ""
        print(number, flush=True)
