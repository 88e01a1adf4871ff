"""The schedule, synchronised with its file: changes are written first, and edits made to the file by hand are read.

A file that cannot be read is left unchanged for its author to repair. Meanwhile the last valid schedule, of which a
copy is kept, remains in use, and nothing is written until the file is valid again.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path

from yulelight.core.errors import StorageError, UsageError
from yulelight.schedule.edit import Edit
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.sandbox import check_in_sandbox
from yulelight.schedule.store import Signature, TextFile

log = logging.getLogger(__name__)

_MAX_TRIES = 3
"""Attempts to check a file if checking times out; after that it is checked again when it changes."""

Examine = Callable[[bytes, str], None]


class SyncedSchedule:
    """The schedule in the file.

    Blocking; for one thread at a time. ``trouble`` is the last problem with the file, in one line for the user.
    ``examine`` is called with content written by others before it is read, and with the time zone; it raises
    UsageError to reject it.
    """

    def __init__(self, file: TextFile, examine: Examine = check_in_sandbox) -> None:
        self.schedule = Schedule()
        self.trouble = ""
        self._file = file
        self._examine = examine
        self._kept = TextFile(good_copy(file.path))
        self._seen: Signature = None
        self._suspect: Signature = None
        self._good: bytes | None = None
        self._unreadable = ""
        self._tries = 0

    def open(self, zone: tzinfo, now: datetime) -> None:
        """Reads the file for the first time; if it cannot be read, the schedule is the last valid one."""
        with contextlib.suppress(OSError):
            self._file.tidy()
            self._kept.tidy()
        with contextlib.suppress(OSError, UsageError):
            kept = self._kept.load()
            if kept is not None and self._file.signature() is not None:
                self.schedule, self._good = read(kept, zone), kept
        self.refresh(zone, now, patient=False)

    def refresh(self, zone: tzinfo, now: datetime, patient: bool = True) -> bool:
        """Reads the file if it has changed; returns whether the schedule or its problems changed.

        ``patient``: a file that cannot be read may be only partly written, and counts as damaged only if it is
        unchanged the next time.
        """
        signature: Signature = None
        try:
            signature = self._file.signature()
            if signature == self._seen:
                return False
            try:
                data = self._file.load()
                schedule = Schedule() if data is None else self._read(data, zone)
            except UsageError as error:
                if patient and signature != self._suspect:
                    self._suspect = signature
                    return False
                self._seen, self._unreadable = signature, str(error)
                return self._say(
                    f"the schedule in {self._file.path} cannot be read: {error}. "
                    f"{'The previous schedule is used' if self._good else 'Nothing plays'} "
                    "until it is repaired or moved away"
                )
        except OSError as error:
            self._unreadable = str(error.strerror)
            self._tries += isinstance(error, TimeoutError)
            if self._tries == _MAX_TRIES:
                self._seen, self._tries = signature, 0
            return self._say(f"the schedule in {self._file.path} cannot be read: {error.strerror}")
        self._seen, self._tries, self._unreadable, self.trouble = signature, 0, "", ""
        self._hold(schedule, data)
        for problem in self.schedule.problems:
            log.warning("a part of the schedule is ignored: %s", problem)
        return True

    def edit(self, change: Edit, zone: tzinfo, now: datetime) -> None:
        """Applies ``change`` to the present content of the file, and writes it. Raises UsageError and
        YulelightError.
        """
        try:
            with self._file.locked():
                self.refresh(zone, now, patient=False)
                if self._unreadable and not _is_blank(self._file.load()):
                    raise UsageError(
                        f"the schedule in {self._file.path} cannot be read, and is not overwritten: "
                        f"{self._unreadable}; repair it or move it away"
                    )
                text = write(change(self.schedule), now).encode()
                schedule = read(text, zone)
                if self.schedule.lost:
                    log.warning("the previous schedule is saved as %s", self._file.copy_aside(now).name)
                self._file.store(text)
                self._seen = self._file.signature()
                self._hold(replace(schedule, lost=False), text)
        except OSError as error:
            raise StorageError.of(
                f"the schedule in {self._file.path}", error, "choose another file with the setting schedule"
            ) from error

    def reread(self, zone: tzinfo) -> None:
        """Reads the file again after a change of the house's time zone, on which times in UTC depend."""
        if self._good is not None:
            self.schedule = read(self._good, zone)

    def _read(self, data: bytes, zone: tzinfo) -> Schedule:
        if _is_blank(data):
            if self._good is not None:
                raise UsageError("it is empty")
            return Schedule()
        if data != self._good:
            self._examine(data, str(zone))
        schedule = read(data, zone)
        if schedule.cut and self._good is not None:
            raise UsageError("its end (END:VCALENDAR) is missing, so more of it may be")
        return schedule

    def _hold(self, schedule: Schedule, data: bytes | None) -> None:
        """Adopts the content of the file, and saves a copy for a start at which the file cannot be read."""
        changed = data != self._good
        self.schedule, self._good = schedule, data
        with contextlib.suppress(OSError):
            if data is None:
                self._kept.path.unlink(missing_ok=True)
            elif changed:
                self._kept.store(data)

    def _say(self, trouble: str) -> bool:
        changed, self.trouble = trouble != self.trouble, trouble
        if changed:
            log.warning("%s", trouble)
        return changed


def _is_blank(data: bytes | None) -> bool:
    """Whether the data is blank, as in a file of zeros left by a power cut."""
    return not data or not data.strip(b"\0 \t\r\n\x1a\xef\xbb\xbf")


def good_copy(path: Path) -> Path:
    """The path of the copy of the last valid schedule."""
    return path.with_name(f".{path.name}.good")
