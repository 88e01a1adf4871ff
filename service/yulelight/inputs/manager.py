"""The actor that keeps the inputs of the settings open, and has the player light the one whose turn it is.

The rule (rule.py): what a person, the calendar or an announcement plays comes first; an input begins only while nothing
plays, or in place of another input of lower priority. What was interrupted comes back. Who stops an input is not
contradicted: it stays dark until it has been silent once.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from yulelight.actors import Actor, Broadcast
from yulelight.core.errors import YulelightError
from yulelight.core.messages import Song, State, Status
from yulelight.inputs.base import Input
from yulelight.inputs.listener import Listener, Wanted, shown
from yulelight.inputs.rule import Bid, winner

log = logging.getLogger(__name__)

LOOK = 0.25
"""Seconds between two looks at who sounds and what plays."""
GRACE = 1.0
"""Seconds after the end of an input by others, at which nothing plays if somebody stopped it."""

InputState = Literal["away", "silent", "waiting", "stopped", "playing"]


@dataclass(frozen=True, slots=True)
class InputReport:
    """An input as clients see it."""

    name: str
    state: InputState
    """``waiting``: it sounds, but something else plays. ``stopped``: by a person, until it has been silent."""
    level: float | None
    """dB of full scale; None for silence."""
    priority: int
    problem: str
    song: Song


@dataclass(frozen=True, slots=True)
class GetInputs:
    """Answered with a list of InputReport."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Time to look who is to be lit."""


ManagerMessage = GetInputs | _Look


class InputManager(Actor[ManagerMessage]):
    """``begin`` has an Input lit, and raises CommandError when something else plays."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        begin: Callable[[Input], Awaitable[object]],
        statuses: Broadcast[Status],
        clock: Callable[[], float],
    ) -> None:
        self._begin, self._statuses, self._clock = begin, statuses, clock
        self._listeners = {each.name: Listener(each, clock, self._wake) for each in wanted}
        self._lit: Listener | None = None
        self._ended: tuple[Listener, float] | None = None
        """Whose light somebody else ended, and when, while it is not known why."""
        self._stopped: set[str] = set()

    async def started(self) -> None:
        for name, listener in self._listeners.items():
            self.spawn(listener.run(), f"input {name}")
        self.every(LOOK, _Look())

    async def stopped(self) -> None:
        if self._lit is not None:
            self._dim(self._lit)

    async def receive(self, message: ManagerMessage) -> object:
        match message:
            case GetInputs():
                return [self._report(each) for each in self._listeners.values()]
            case _Look():
                await self._look()
        return None

    def _wake(self) -> None:
        self.ref.post(_Look())

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
            Bid(name, each.wanted.priority)
            for name, each in self._listeners.items()
            if each.look_ahead.open and name not in self._stopped
        ]
        best = winner(bids, lit.wanted.name if lit else None)
        if lit is not None and best != lit.wanted.name:
            self._dim(lit)  # the other begins when this one is over
        elif lit is None and best is not None and idle and self._ended is None:
            await self._light(self._listeners[best])

    def _idle(self) -> bool:
        status = self._statuses.latest
        return status is not None and status.state is State.IDLE

    def _find_out(self, idle: bool) -> None:
        """Why the light of an input was ended by others: by what plays now, or by a person's stop."""
        lit, status = self._lit, self._statuses.latest
        if lit is not None and lit.relay is not None:
            live = status is not None and status.state is State.LIVE
            # What was ended before it began was never opened.
            if lit.relay.closed or not (lit.relay.opened or live):
                self._dim(lit)
                self._ended = lit, self._clock()
        if self._ended is not None and self._clock() - self._ended[1] >= GRACE:
            if idle:
                self._stopped.add(self._ended[0].wanted.name)
            self._ended = None

    async def _light(self, listener: Listener) -> None:
        try:
            await self._begin(listener.light())
        except YulelightError as error:
            log.debug("input %s waits: %s", listener.wanted.name, error)
            listener.dim()
            return
        self._lit = listener

    def _dim(self, listener: Listener) -> None:
        listener.dim()
        self._lit = None

    def _report(self, listener: Listener) -> InputReport:
        name = listener.wanted.name
        return InputReport(
            name,
            self._state(listener),
            shown(listener.look_ahead.level),
            listener.wanted.priority,
            listener.problem,
            listener.song,
        )

    def _state(self, listener: Listener) -> InputState:
        if listener is self._lit:
            return "playing"
        if listener.wanted.name in self._stopped:
            return "stopped"
        if listener.look_ahead.open:
            return "waiting"
        return "away" if listener.problem else "silent"


__all__ = ["GetInputs", "InputManager", "InputReport", "ManagerMessage", "Wanted"]
