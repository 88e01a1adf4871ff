"""Reads an untrusted calendar in a separate process first, with limits on time and memory.

The parser is bounded by design; this protects against calendars for which it is not. The child process does what the
service will do with the calendar, and reports only that it finished.
"""

import contextlib
import errno
import resource
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

from yulelight.core.errors import UsageError
from yulelight.schedule.ics import MAX_BYTES, read, write
from yulelight.schedule.occurrences import HouseTime, expand
from yulelight.schedule.place import zone_named

CPU_TIME = 5
"""Seconds of processor time."""
MEMORY = 512 * 1024 * 1024
"""Bytes of address space."""
_TIMEOUT = 8.0
"""Seconds of elapsed time, as the child may have to wait for the processor; less than the service's shutdown
timeout."""
_AHEAD = timedelta(days=800)


def check_in_sandbox(data: bytes, zone: str, cpu_time: int = CPU_TIME) -> None:
    """Checks a calendar.

    Blocking. Raises UsageError if it cannot be read within the limits, and TimeoutError if the machine was too busy
    to find out.
    """
    command = [sys.executable, "-m", "yulelight.schedule.sandbox", zone, str(cpu_time)]
    try:
        done = subprocess.run(
            command,
            input=data[: MAX_BYTES + 1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(errno.ETIMEDOUT, "the machine is too busy to check it; try again") from None
    if done.returncode != 0:
        raise UsageError("it takes too long or too much memory to read; take events out of it")


def main() -> None:
    """Runs in the child process: arguments are the time zone and seconds; the calendar is read from standard
    input.
    """
    seconds = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        zone = zone_named(sys.argv[1])
    except UsageError:
        zone = zone_named("UTC")
    now = datetime.now(UTC)
    # An invalid calendar is reported when the service reads it.
    with contextlib.suppress(UsageError):
        schedule = read(sys.stdin.buffer.read(), zone)
        expand(schedule.entries, HouseTime(zone, _no_sun), now - timedelta(days=9), now + _AHEAD)
        write(schedule, now)


def _no_sun(event: str, day: date) -> None:
    return None


if __name__ == "__main__":
    main()
