"""Parses a calendar's text into components, tolerating errors: an invalid line affects at most its component.

Pure. A component keeps its lines unchanged, so that content unknown to us is written as it was read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from yulelight.core.errors import UsageError
from yulelight.schedule.lines import Property, folded, parse, unfold

_TOP = {"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"}
"""Components that occur only directly in a calendar."""
_MARK = re.compile(r"(?:BEGIN|END):([A-Z][A-Z0-9-]*)[ \t]*", re.IGNORECASE)
_INNER = re.compile(r"V[A-Z]+|X-[A-Z0-9-]+|STANDARD|DAYLIGHT|PARTICIPANT|AVAILABLE")
"""Nested components. Other lines of this form may be text: "Begin: at the tree"."""
_MAX_DEPTH = 8
_NOT_TEXT = {
    *("BEGIN", "END", "UID", "DTSTART", "DTEND", "DTSTAMP", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE"),
    *("RECURRENCE-ID", "STATUS", "SEQUENCE", "VERSION", "TZID", "TZOFFSETFROM", "TZOFFSETTO"),
}
"""Properties without a text value: an invalid line that follows cannot be their continuation."""


@dataclass(frozen=True, slots=True)
class Component:
    """``lines`` are those between BEGIN and END, including nested components such as alarms."""

    kind: str
    lines: tuple[str, ...]
    whole: bool = True
    """Whether it had an END."""

    def properties(self) -> Iterator[tuple[str, Property]]:
        """Its own properties, each with its line."""
        depth = 0
        for line in self.lines:
            found = parse(line)
            if found is None:
                continue
            if found.name == "BEGIN":
                depth += 1
            elif found.name == "END":
                depth -= 1
            elif depth == 0:
                yield line, found

    def nested(self) -> Iterator["Component"]:
        """The nested components."""
        depth, kind, lines = 0, "", list[str]()
        for line in self.lines:
            found = parse(line)
            name = found.name if found else ""
            depth -= name == "END"
            if depth > 0:
                lines.append(line)
            elif name == "END":
                yield Component(kind, tuple(lines))
            if name == "BEGIN" and found is not None:
                if depth == 0:
                    kind, lines = found.value.upper(), []
                depth += 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """``lines`` are the calendar's own properties."""

    lines: tuple[str, ...]
    components: tuple[Component, ...]

    def of(self, kind: str) -> list[Component]:
        """Its components of the given kind."""
        return [component for component in self.components if component.kind == kind]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The calendars of a file."""

    calendars: tuple[Calendar, ...]
    problems: tuple[str, ...]
    lost: bool
    """Whether the file contained text outside all calendars."""
    cut: bool
    """Whether the end is missing."""


EMPTY = Calendar(("VERSION:2.0", "PRODID:-//Yulelight//Schedule//EN"), ())


def parse_calendars(data: bytes) -> Parsed:
    """Parses a file. Raises UsageError if it contains no calendar."""
    reader = _Reader()
    for number, line in unfold(data):
        reader.take(number, line)
    return reader.finish()


def text_of(calendar: Calendar) -> str:
    """The text to be written to a file."""
    lines = ["BEGIN:VCALENDAR", *calendar.lines]
    for component in calendar.components:
        lines += [f"BEGIN:{component.kind}", *component.lines, f"END:{component.kind}"]
    return "".join(folded(line) for line in (*lines, "END:VCALENDAR"))


@dataclass(slots=True)
class _Open:
    """A component or calendar being read. Each line is a list of pieces, since lines may be continued."""

    kind: str
    lines: list[list[str]] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    """Open nested components, the outermost first."""

    def made(self, whole: bool) -> Component:
        ends = [f"END:{kind}" for kind in reversed(self.inner)]
        return Component(self.kind, (*("".join(line) for line in self.lines), *ends), whole)


@dataclass(slots=True)
class _Reader:
    calendars: list[Calendar] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    lost: bool = False
    calendar: _Open | None = None
    components: list[Component] = field(default_factory=list)
    component: _Open | None = None
    continues: bool = False
    """Whether the last line was a property that an invalid line may continue."""

    def take(self, number: int, line: str) -> None:
        found = parse(line)
        kind = found.value.upper() if found else ""
        if found is None or (found.name in ("BEGIN", "END") and not self._marks(line, kind)):
            self._stray(number, line)
            return
        self.continues = False
        if found.name == "BEGIN":
            self._begin(number, line, kind)
        elif found.name == "END":
            self._end(kind)
        elif (target := self.component or self.calendar) is not None:
            target.lines.append([line])
            self.continues = found.name not in _NOT_TEXT and not found.name.startswith("X-YULELIGHT-")
        else:
            self._lose(number, line)

    def _marks(self, line: str, kind: str) -> bool:
        """Whether a BEGIN or END is a delimiter and not text."""
        if not _MARK.fullmatch(line):
            return False
        return self.component is None or kind == self.component.kind or _INNER.fullmatch(kind) is not None

    def finish(self) -> Parsed:
        cut = self.calendar is not None
        if cut:
            self.problems.append("the calendar's end (END:VCALENDAR) is missing; what came before counts")
            self._close_calendar()
        if not self.calendars:
            raise UsageError("this is not a calendar; it begins with BEGIN:VCALENDAR")
        return Parsed(tuple(self.calendars), tuple(self.problems), self.lost, cut)

    def _begin(self, number: int, line: str, kind: str) -> None:
        if kind == "VCALENDAR":
            self._close_calendar()
            self.calendar = _Open(kind)
        elif self.calendar is None:
            self._lose(number, line)
        elif self.component is None or kind in _TOP:
            self._close_component(whole=False)
            self.component = _Open(kind)
        elif len(self.component.inner) < _MAX_DEPTH:
            self.component.inner.append(kind)
            self.component.lines.append([line])
        else:
            self._lose(number, line)

    def _end(self, kind: str) -> None:
        if self.component is not None and kind in self.component.inner:
            ended = ""
            while ended != kind:
                ended = self.component.inner.pop()
                self.component.lines.append([f"END:{ended}"])
        elif self.component is not None and kind == self.component.kind:
            self._close_component(whole=True)
        elif kind == "VCALENDAR":
            self._close_calendar()

    def _close_component(self, *, whole: bool) -> None:
        if self.component is not None:
            self.components.append(self.component.made(whole))
        self.component = None

    def _close_calendar(self) -> None:
        self._close_component(whole=False)
        if self.calendar is not None:
            own = tuple("".join(line) for line in self.calendar.lines)
            self.calendars.append(Calendar(own, tuple(self.components)))
        self.calendar, self.components = None, []

    def _stray(self, number: int, line: str) -> None:
        """Handles an invalid line, usually the rest of a text with an unescaped line break."""
        target = self.component or self.calendar
        if target is not None and self.continues:
            target.lines[-1] += ["\\n", line]
        elif line.strip():
            self._lose(number, line)

    def _lose(self, number: int, line: str) -> None:
        self.lost = True
        where = "means nothing there" if self.calendar is not None else "is outside of the calendar"
        self.problems.append(f"line {number} {where} and is left out: {line.strip()[:60]}")
