"""The actor that keeps the inputs of the settings open, and has the player light the one whose turn it is.

The rule (rule.py): what a person, the calendar or an announcement plays comes first; an input begins only while nothing
plays, or in place of another input of lower priority. What was interrupted comes back. Who stops an input is not
contradicted: it stays dark until it has been silent once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from yulelight.actors import Actor, Broadcast
from yulelight.core.errors import CommandError, YulelightError
from yulelight.core.messages import Song, State, Status
from yulelight.inputs.base import Input
from yulelight.inputs.choices import Choices
from yulelight.inputs.listener import Listener, Wanted, shown
from yulelight.inputs.rule import Bid, winner

log = logging.getLogger(__name__)

CHECK_INTERVAL = 0.25
"""Seconds between two checks of the inputs and the player."""
GRACE = 1.0
"""Seconds after the end of an input by others, at which nothing plays if somebody stopped it."""

Begin = Callable[[Input, bool], Awaitable[object]]
"""``begin(source, modest)``."""
InputState = Literal["away", "silent", "waiting", "stopped", "playing"]


@dataclass(frozen=True, slots=True)
class InputReport:
    """An input as clients see it."""

    name: str
    state: InputState
    """``waiting``: it has sound, but something else plays. ``stopped``: by a person, until it has been silent."""
    level: float | None
    """dB of full scale; None for silence."""
    priority: int
    problem: str
    song: Song
    muted: bool = False
    """Whether it is muted, i.e. never lit."""
    late: int = 0
    """Number of late blocks since the start."""
    kind: str = ""
    """Its type in the settings."""
    pairing_code: str = ""
    """The code to type in where it is to be paired, while it is."""
    unpaired: bool | None = None
    """Whether it is open to unpaired servers; None for inputs that are not paired."""
    reason: str = ""
    """Why it is not lit although it sounds, by the rule; empty if it is, or does not."""
    device: str = ""
    """The device that was chosen to record from; empty: as the settings say."""
    before_calendar: bool = False
    """Whether the calendar waits while it is there."""


@dataclass(frozen=True, slots=True)
class GetInputs:
    """Answered with a list of InputReport."""


@dataclass(frozen=True, slots=True)
class ChangeInput:
    """Do not light this input, or light it again; or give it another priority. None leaves it as it is.

    Kept for later starts. CommandError when there is no such input, StorageError when it cannot be kept.
    """

    name: str
    muted: bool | None = None
    priority: int | None = None
    unpaired: bool | None = None
    """Whether unpaired servers may send sound. CommandError for an input that is not paired."""
    device: str | None = None
    """What it records from; empty: as the settings say. CommandError for an input that records from none."""


@dataclass(frozen=True, slots=True)
class PlayInput:
    """Light this input now, in place of whatever plays, for as long as it sounds.

    CommandError when there is no such input, or when it does not sound.
    """

    name: str


@dataclass(frozen=True, slots=True)
class _Look:
    """Check which input to light."""


ManagerMessage = GetInputs | ChangeInput | PlayInput | _Look


class InputManager(Actor[ManagerMessage]):
    """``begin`` has an Input lit and ends what plays; a ``modest`` one raises CommandError when something else plays.

    ``reports`` gets all inputs whenever one of them changes in more than its level.
    """

    def __init__(
        self,
        wanted: Sequence[Wanted],
        begin: Begin,
        statuses: Broadcast[Status],
        reports: Broadcast[tuple[InputReport, ...]],
        clock: Callable[[], float],
        *,
        choices: Choices,
    ) -> None:
        self._begin, self._statuses, self._reports, self._clock = begin, statuses, reports, clock
        self._choices = choices
        self._listeners = {each.name: Listener(each, clock, self._wake) for each in wanted}
        self._lit: Listener | None = None
        self._began = 0.0
        """When its light was asked for."""
        self._ended: tuple[Listener, float] | None = None
        """The input whose session was ended by others, and when, until the cause is known."""
        self._stopped: set[str] = set()
        self._told: list[InputReport] | None = None
        self._chosen: str | None = None
        """The input chosen by a person, which has precedence as long as it is lit."""

    async def started(self) -> None:
        for name, listener in self._listeners.items():
            self.spawn(listener.run(), f"input {name}")
        if self._listeners:
            self.every(CHECK_INTERVAL, _Look())

    async def stopped(self) -> None:
        if self._lit is not None:
            self._dim(self._lit)

    async def receive(self, message: ManagerMessage) -> object:
        match message:
            case GetInputs():
                return self._report_all()
            case ChangeInput():
                await self._change(message)
                await self._look()
            case PlayInput(name):
                await self._play(self._listener(name))
            case _Look():
                await self._look()
        self._publish()
        return None

    def _wake(self) -> None:
        self.ref.post(_Look())

    def _listener(self, name: str) -> Listener:
        if name not in self._listeners:
            raise CommandError(f"there is no input {name!r}")
        return self._listeners[name]

    async def _play(self, listener: Listener) -> None:
        name = listener.wanted.name
        if not listener.look_ahead.open:
            why = f" ({listener.problem})" if listener.problem else ""
            raise CommandError(f"{name} is silent{why}; play something there first")
        if self._choices.of(name).muted:
            await self._change(ChangeInput(name, muted=False))
        self._stopped.discard(name)
        self._ended = None
        if (before := self._lit) is not listener:
            await self._light(listener, modest=False)
            if before is not None:
                before.dim()
        self._chosen = name

    async def _change(self, change: ChangeInput) -> None:
        listener, choice = self._listener(change.name), self._choices.of(change.name)
        if change.muted is not None:
            choice = replace(choice, muted=change.muted)
        if change.priority is not None:
            choice = replace(choice, priority=change.priority)
        if change.unpaired is not None:
            if listener.wanted.unpaired is None:
                raise CommandError(f"{change.name} is not paired with anything")
            choice = replace(choice, unpaired=change.unpaired)
        before = self._choices.of(change.name)
        reopened = change.unpaired is not None and change.unpaired != self._unpaired(listener)
        if change.device is not None:
            if listener.wanted.kind != "device":
                raise CommandError(f"{change.name} does not record from a device")
            choice = replace(choice, device=change.device or None)
            reopened = choice.device != before.device
        try:
            await asyncio.to_thread(self._choices.choose, change.name, choice)
        finally:
            if reopened:
                listener.reopen()

    def _unpaired(self, listener: Listener) -> bool | None:
        chosen = self._choices.of(listener.wanted.name).unpaired
        return listener.wanted.unpaired if chosen is None else chosen

    def _muted(self, name: str | None) -> bool:
        return name is not None and self._choices.of(name).muted

    def _priority(self, listener: Listener) -> int:
        chosen = self._choices.of(listener.wanted.name).priority
        return listener.wanted.priority if chosen is None else chosen

    async def _look(self) -> None:
        for listener in self._listeners.values():
            listener.look()
            if not listener.look_ahead.open:
                self._stopped.discard(listener.wanted.name)
        idle = self._idle()
        self._find_out(idle)
        lit = self._lit
        if lit is not None and not lit.look_ahead.open:
            self._dim(lit)
            return
        bids = [
            Bid(name, self._priority(each))
            for name, each in self._listeners.items()
            if each.look_ahead.open and name not in self._stopped and not self._muted(name)
        ]
        best = winner(bids, lit.wanted.name if lit else None)
        if lit is not None and lit.wanted.name == self._chosen and not self._muted(self._chosen):
            return
        if lit is not None and best != lit.wanted.name:
            self._dim(lit)  # the other begins when this one is over
        elif lit is None and best is not None and idle and self._ended is None:
            try:
                await self._light(self._listeners[best], modest=True)
            except YulelightError as error:
                log.debug("input %s waits: %s", best, error)

    def _idle(self) -> bool:
        status = self._statuses.latest
        return status is not None and status.state is State.IDLE

    def _find_out(self, idle: bool) -> None:
        """Why the light of an input was ended by others: by what plays now, or by a person's stop."""
        lit, status = self._lit, self._statuses.latest
        if lit is not None and lit.relay is not None:
            live = status is not None and status.state is State.LIVE
            # What was ended before it began was never opened; what takes the place of a song begins a moment later.
            begun = lit.relay.opened or live or self._clock() - self._began < GRACE
            if lit.relay.closed or not begun:
                self._dim(lit)
                self._ended = lit, self._clock()
        if self._ended is not None and self._clock() - self._ended[1] >= GRACE:
            if idle:
                self._stopped.add(self._ended[0].wanted.name)
            self._ended = None

    async def _light(self, listener: Listener, *, modest: bool) -> None:
        try:
            await self._begin(listener.light(), modest)
        except YulelightError:
            listener.dim()
            raise
        self._lit, self._began = listener, self._clock()

    def _dim(self, listener: Listener) -> None:
        listener.dim()
        self._lit = self._chosen = None

    def _report_all(self) -> list[InputReport]:
        return [self._report(each) for each in self._listeners.values()]

    def _publish(self) -> None:
        reports = tuple(self._report_all())
        news = [replace(each, level=None, late=0) for each in reports]
        if news != self._told:
            self._told = news
            self._reports.publish(reports)

    def _report(self, listener: Listener) -> InputReport:
        name = listener.wanted.name
        return InputReport(
            name,
            self._state(listener),
            shown(listener.look_ahead.level),
            self._priority(listener),
            listener.problem,
            listener.song,
            self._muted(name),
            listener.late,
            listener.wanted.kind,
            listener.pairing_code,
            self._unpaired(listener),
            self._reason(listener),
            self._choices.of(name).device or "",
            listener.wanted.before_calendar,
        )

    def _reason(self, listener: Listener) -> str:
        name, lit = listener.wanted.name, self._lit
        if listener is lit or not listener.look_ahead.open:
            return ""
        if self._muted(name):
            return "it is muted"
        if name in self._stopped:
            return "it was stopped, and stays dark until it has been silent once"
        if lit is None:
            return "" if self._idle() else "something else plays; inputs come after it"
        if lit.wanted.name == self._chosen:
            return f"{self._chosen} was chosen by hand, and is lit for as long as it sounds"
        equal = self._priority(lit) == self._priority(listener)
        return f"{lit.wanted.name} is lit, " + ("and came first" if equal else "with a higher priority")

    def _state(self, listener: Listener) -> InputState:
        if listener is self._lit:
            return "playing"
        if listener.wanted.name in self._stopped:
            return "stopped"
        if listener.look_ahead.open:
            return "waiting"
        return "away" if listener.problem else "silent"


__all__ = ["ChangeInput", "GetInputs", "InputManager", "InputReport", "ManagerMessage", "PlayInput", "Wanted"]
