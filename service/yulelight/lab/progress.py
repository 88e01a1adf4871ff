"""Progress of long work: bars on a terminal, one line for each step in a pipe or a log."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

WIDTH = 32
"""Columns of what is being done."""


class Steps:
    """A context manager; ``at`` reports the progress. Each phase has a bar from its first step on."""

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn(f"{{task.description:{WIDTH}}}"), BarColumn(), MofNCompleteColumn())
        self._bars = Progress(
            *columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal, transient=True
        )
        self._tasks: dict[str, TaskID] = {}
        self._told: tuple[str, int] | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def at(self, phase: str, done: int, total: int | None = None, doing: str = "") -> None:
        """``done`` of ``total`` steps (None: unknown) of ``phase`` are finished; ``doing`` is in progress."""
        text = f"{phase} {doing}".strip()
        if self._console.is_terminal:
            if phase not in self._tasks:
                self._tasks[phase] = self._bars.add_task("", total=total)
            short = text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
            self._bars.update(
                self._tasks[phase], completed=done, total=total, description=short.replace("[", r"\[")
            )
        elif self._told != (phase, done) and (total is None or done < total):
            self._told = phase, done
            count = "" if total is None else f" {done + 1} of {total}"
            line = f"{phase}{count}{': ' if doing else ''}{doing}"
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
