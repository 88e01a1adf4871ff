"""The schedule and its file, kept the same: changes go to the disk first, changes made to the file by hand are read."""

import contextlib
import logging
from datetime import datetime, tzinfo

from yulelight.core.errors import UsageError, YulelightError
from yulelight.schedule.edit import Edit
from yulelight.schedule.ics import Schedule, read, write
from yulelight.schedule.store import Signature, TextFile

log = logging.getLogger(__name__)


class Book:
    """Blocking; for one thread at a time. ``trouble`` is the last thing wrong with the file, in a line for the user."""

    def __init__(self, file: TextFile) -> None:
        self.schedule = Schedule()
        self.trouble = ""
        self._file = file
        self._seen: Signature = None
        self._suspect: Signature = None
        self._saved: str | None = None

    def open(self, zone: tzinfo, now: datetime) -> None:
        """Reads the file for the first time. A damaged one is set aside; one that cannot be read is left alone."""
        with contextlib.suppress(OSError):
            self._file.tidy()
        self.refresh(zone, now, patient=False)

    def refresh(self, zone: tzinfo, now: datetime, patient: bool = True) -> bool:
        """Whether the schedule changed. ``now`` names what is set aside.

        ``patient``: a file that cannot be read may be half written still, and counts as damaged only when it is
        the same the next time.
        """
        try:
            signature = self._file.signature()
            if signature == self._seen:
                return False
            try:
                text = self._file.read()
                self.schedule = Schedule() if text is None else read(text, zone)
            except UsageError as error:
                if patient and signature != self._suspect:
                    self._suspect = signature
                    return False
                self._set_aside(str(error), now)
                return True
        except OSError as error:
            trouble = f"the schedule in {self._file.path} cannot be read: {error.strerror}"
            changed, self.trouble = trouble != self.trouble, trouble
            if changed:
                log.warning("%s", trouble)
            return changed
        self._seen, self._saved, self.trouble = signature, text, ""
        for problem in self.schedule.problems:
            log.warning("this event of the schedule will not play: %s", problem)
        return True

    def edit(self, change: Edit, zone: tzinfo, now: datetime) -> None:
        """Applies ``change`` to what the file says now, and writes it. Raises UsageError and YulelightError."""
        try:
            with self._file.locked():
                self.refresh(zone, now, patient=False)
                changed = change(self.schedule)
                self._save(changed, write(changed, now))
        except OSError as error:
            raise YulelightError(
                f"the schedule cannot be kept in {self._file.path}: {error.strerror}; make room, or choose another "
                "file with the setting schedule"
            ) from error

    def reread(self, zone: tzinfo) -> None:
        """What is meant by times in UTC depends on the house's zone: after a change of it."""
        if self._saved is not None:
            self.schedule = read(self._saved, zone)

    def _save(self, schedule: Schedule, text: str) -> None:
        self._file.write(text)
        self._seen = self._file.signature()
        self.schedule, self._saved = schedule, text

    def _set_aside(self, error: str, now: datetime) -> None:
        """The last good schedule takes the place of a damaged file."""
        broken = self._file.set_aside(now)
        if self._saved is not None:
            self._file.write(self._saved)
        self._seen = self._file.signature()
        kept = "the one before is used" if self._saved is not None else "it is empty now"
        self.trouble = f"the schedule was damaged ({error}): {kept}, and the damaged file is {broken.name}"
        log.warning("%s", self.trouble)
