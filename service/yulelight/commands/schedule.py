"""The commands for the calendar. They read and write its file; a running service notices within seconds."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from yulelight.commands.options import Config, Data
from yulelight.commands.run import guard
from yulelight.core import storage
from yulelight.core.errors import UsageError

if TYPE_CHECKING:
    from yulelight.app.settings import Settings
    from yulelight.commands.schedule_file import ScheduleFile
    from yulelight.schedule.entry import Entry

app = typer.Typer(
    name="schedule",
    no_args_is_help=True,
    help="Which playlist plays when: show the calendar, add shows, exclude nights.",
)
_WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
Which = Annotated[str, typer.Argument(help="A show: its title, its playlist, or the beginning of its uid.")]


@app.command("list")
def list_shows(config: Config = None, data: Data = None) -> None:
    """All shows of the calendar, and what is wrong with it."""

    def work() -> None:
        from yulelight.schedule.words import described

        calendar, console = _file(_settings(config, data)), Console()
        for entry in calendar.schedule.entries:
            over = "; over already" if calendar.is_over(entry) else ""
            line = f"{entry.uid[:8]}  {described(entry)}{over}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        if not calendar.schedule.entries:
            console.print("There is no show yet; see yulelight schedule add --help")
        for problem in calendar.problems:
            console.print(problem, markup=False, highlight=False, soft_wrap=True)

    guard(work)


@app.command("next")
def next_shows(
    count: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 7,
    config: Config = None,
    data: Data = None,
) -> None:
    """The shows that play now and next, in local time; what overlaps is resolved already."""

    def work() -> None:
        calendar, console = _file(_settings(config, data)), Console()
        shown = calendar.coming(count)
        for segment in shown:
            line = _line(calendar, segment.start, segment.end, segment.occurrence.entry)
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        if not shown:
            console.print("Nothing is to come; see yulelight schedule add --help")

    guard(work)


@app.command()
def add(
    playlist: Annotated[str, typer.Argument(help="Name of the playlist.")],
    start: Annotated[
        str, typer.Option(help="17:30, or dawn, sunrise, sunset, dusk with minutes: sunset-15.")
    ],
    end: Annotated[str | None, typer.Option(help="As --start.")] = None,
    minutes: Annotated[
        int | None, typer.Option("--for", help="Duration in minutes, instead of --end.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="First night.", show_default="today")] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last night.", show_default="just one night")
    ] = None,
    days: Annotated[
        str | None,
        typer.Option(help="Only on these weekdays: mo,tu,we,th,fr,sa,su.", show_default="every night"),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--except", metavar="DATE", help="An excluded night; may be given several times."),
    ] = None,
    title: Annotated[
        str | None, typer.Option(help="What calendars show.", show_default="the playlist")
    ] = None,
    look: Annotated[str | None, typer.Option(help="Look of the lights.", show_default="the usual")] = None,
    finish: Annotated[str, typer.Option(help="At the end time: song (finish the song) or cut.")] = "song",
    shuffle: Annotated[bool, typer.Option("--shuffle", help="Songs in random order.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Play the list once, not again and again.")] = False,
    priority: Annotated[int, typer.Option(min=0, max=9, help="Where shows overlap, the larger wins.")] = 0,
    config: Config = None,
    data: Data = None,
) -> None:
    """Add a show: every night from one day to another, on some weekdays, or once.

    yulelight schedule add Carols --start 17:30 --end 22:00 --from 2026-11-27 --to 2027-01-06 --except 2026-12-24
    """

    def work() -> None:
        if (end is None) == (minutes is None):
            raise UsageError("say when it ends: either --end 22:00 or --for 90")
        settings = _settings(config, data)
        calendar = _file(settings)
        night = _day(first) if first else calendar.now.astimezone(calendar.house_time.zone).date()
        if last and _day(last) < night:
            raise UsageError(f"the last night, {last}, is before the first, {night}; swap --from and --to")
        begins = _moment(start, night)
        ends: Any = {"duration": minutes} if end is None else _moment(end, night)
        if isinstance(begins, str) and isinstance(ends, str) and ends <= begins:
            ends = _moment(end or "", night + timedelta(days=1))
        elif isinstance(begins, dict) and isinstance(ends, str):
            ends = _after_sun(calendar, begins, ends)
        body = {
            "summary": title or playlist,
            "playlist": playlist,
            "look": look,
            "start": begins,
            "end": ends,
            "rrule": _rule(days, last),
            "exdates": leave_out or [],
            "finish": finish,
            "shuffle": shuffle,
            "repeat": not once,
            "priority": priority,
        }
        entry = calendar.add(body)
        typer.echo(f"added {entry.uid[:8]}")
        _tell_nights(calendar, entry)

    guard(work)


@app.command()
def remove(which: Which, config: Config = None, data: Data = None) -> None:
    """Take a show out of the calendar, with all its nights."""
    guard(lambda: typer.echo(f"removed {_file(_settings(config, data)).remove(which)}"))


@app.command()
def skip(
    night: Annotated[str, typer.Argument(help="The night to exclude: 2026-12-24.")],
    which: Annotated[
        str | None, typer.Argument(help="Only this show; without it, all of that night.")
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Leave a night out."""
    guard(
        lambda: typer.echo(
            f"{night} left out of: {', '.join(_file(_settings(config, data)).skip(_day(night), which))}"
        )
    )


@app.command("import")
def import_calendar(
    file: Annotated[Path, typer.Argument(help="A calendar (.ics).")], config: Config = None, data: Data = None
) -> None:
    """Add the shows of another calendar; those with the same uid are replaced."""

    def work() -> None:
        count, problems = _file(_settings(config, data)).merge(file)
        typer.echo("1 show taken over" if count == 1 else f"{count} shows taken over")
        for problem in problems:
            typer.echo(problem, err=True)

    guard(work)


@app.command()
def export(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File to write.", show_default="screen")
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Write the calendar as other programs read it (.ics)."""

    def work() -> None:
        text = _file(_settings(config, data)).text()
        if output is None:
            typer.echo(text, nl=False)
            return
        storage.save(output, text.encode())

    guard(work)


def _settings(config: Path | None, data: Path | None) -> "Settings":
    from yulelight.app.settings import load

    return load(config, data=data)


def _file(settings: "Settings") -> "ScheduleFile":
    from yulelight.commands.schedule_file import ScheduleFile

    return ScheduleFile(settings, datetime.now(UTC))


def _tell_nights(calendar: "ScheduleFile", entry: "Entry") -> None:
    """The first nights of a new show, so that the user can check it."""
    from yulelight.commands.schedule_file import FIRST_NIGHTS

    nights = calendar.nights(entry)
    for night in nights[:FIRST_NIGHTS]:
        typer.echo(_line(calendar, night.start, night.end, entry))
    if len(nights) > FIRST_NIGHTS:
        endless = entry.rule is not None and entry.rule.until is None and entry.rule.count is None
        last = nights[-1].start.astimezone(calendar.house_time.zone)
        typer.echo("and so on" if endless else f"and so on, the last on {last:%a %Y-%m-%d}")
    if not nights:
        typer.echo("this show is over already: it never plays; name a later day with --from", err=True)


def _line(calendar: "ScheduleFile", begins: datetime, ends: datetime, entry: "Entry") -> str:
    """``Fri 2026-11-27 17:30 to 22:00  Carols``, in local time."""
    start, end = (moment.astimezone(calendar.house_time.zone) for moment in (begins, ends))
    days = f" +{(end.date() - start.date()).days}" if end.date() != start.date() else ""
    return f"{start:%a %Y-%m-%d %H:%M} to {end:%H:%M}{days}  {entry.summary or entry.playlist}"


def _wire() -> Any:
    from yulelight.api import schedule_wire

    return schedule_wire


def _moment(text: str, night: date) -> Any:
    """The JSON for 17:30 or sunset-15 on ``night``."""
    from yulelight.schedule.reading import sun_time

    try:
        return datetime.combine(night, time.fromisoformat(text.zfill(5))).isoformat()
    except ValueError:
        pass
    try:
        sun = sun_time(text)
    except UsageError:
        sun = None
    if sun is None:
        raise UsageError(f"{text!r} is not a time; write it as 17:30, sunset, or dusk-15")
    return {"sun": sun.event, "offset": sun.offset, "date": str(night)}


def _after_sun(calendar: "ScheduleFile", begins: Any, ends: str) -> str:
    """An end before a start given by a sun time is on the next day."""
    start = _wire().nominal_start(begins, calendar.house_time)
    end = datetime.fromisoformat(ends)
    return ends if end > start else (end + timedelta(days=1)).isoformat()


def _rule(days: str | None, last: str | None) -> str:
    if days is None and last is None:
        return ""
    for day in days.split(",") if days is not None else ():
        if day.strip().lower() not in _WEEKDAYS:
            raise UsageError(f"{day.strip()!r} is not a weekday; name some of {','.join(_WEEKDAYS)}")
    rule = "FREQ=DAILY" if days is None else f"FREQ=WEEKLY;BYDAY={days.upper().replace(' ', '')}"
    return rule if last is None else f"{rule};UNTIL={_day(last):%Y%m%d}"


def _day(text: str) -> date:
    day: date = _wire().night(text)
    return day
