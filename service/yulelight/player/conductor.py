"""Leads a show through its program: what follows what, what is skipped, what interrupts."""

import logging
from dataclasses import replace

from yulelight.core.errors import CommandError
from yulelight.core.messages import State
from yulelight.player.archivist import Archivist
from yulelight.player.board import Board
from yulelight.player.deck import Deck, Seat
from yulelight.player.program import Item, Program
from yulelight.player.session import SessionReport
from yulelight.player.stage import Stage
from yulelight.player.tailor import Tailor

log = logging.getLogger(__name__)

CALLS = 8
"""Announcements that may wait."""


class Conductor:
    """Moves between the sessions of ``deck`` as the program on the board says, and as sessions report."""

    def __init__(self, stage: Stage, board: Board, deck: Deck, archivist: Archivist, tailor: Tailor) -> None:
        self._stage, self._board, self._deck, self._archivist = stage, board, deck, archivist
        self._tailor = tailor
        self._calls: list[Item] = []

    # --- what the director wants -----------------------------------------------------------------------

    async def leave(self) -> None:
        """Another show begins: this one may go on later."""
        self._archivist.remember()
        self._calls = []
        await self._deck.clear()

    async def go(self, program: Program, position: float = 0.0) -> None:
        """To what ``program`` has now, from wherever the show is."""
        deck = self._deck
        changed = deck.on is not None
        await deck.disarm()
        old, deck.on = deck.on, None
        held, deck.held = deck.held, None
        await deck.drop(old)
        await deck.drop(held)
        self._board.program = program
        assert program.item is not None
        deck.on = await self._open(program.item, program, position)
        self._board.show(State.LOADING, deck.on, "song_changed" if changed else "started")

    async def skip(self, following: Program) -> None:
        """To ``following``, without a pause if it is ready."""
        deck = self._deck
        if deck.next is None or deck.next.item is not following.item:
            await self.go(following)
            return
        self._board.program = following
        await deck.skip_to_next()
        assert deck.on is not None
        self._board.show(State.LOADING, deck.on, "song_changed")

    async def finish(self, how: str) -> None:
        """The show is over: it "finished", was "stopped", or "failed"."""
        board = self._board
        had, song = self._deck.on is not None, board.status.song
        self._archivist.forget(board.program.playlist)
        self._calls = []
        await self._deck.clear()
        board.program = Program()
        board.set(state=State.IDLE, song=None, position=0.0, sections=())
        if had and how != "failed":
            board.tell("finished", song, how)

    async def announce(self, item: Item) -> None:
        """As soon as ``item`` is ready. Raises CommandError when too many wait."""
        if len(self._calls) >= CALLS:
            raise CommandError(f"{CALLS} announcements wait already; try again later")
        self._calls.append(item)
        await self._prepare_call()

    async def look_ahead(self) -> None:
        """Keeps what comes next prepared."""
        deck, program = self._deck, self._board.program
        announced = deck.on is not None and deck.on.program is None and deck.held is None
        if deck.armed or deck.on is None or announced or program.phase is State.IDLE:
            return
        following = program.following()
        if following is not None and deck.next is not None and deck.next.item is following.item:
            deck.next.program = following
            return
        old, deck.next = deck.next, None
        await deck.drop(old)
        if following is not None and following.item is not None:
            deck.next = await self._open(following.item, following)

    async def after_call(self) -> None:
        """The announcement is over, or was cut short."""
        deck, board = self._deck, self._board
        if deck.held is not None:
            await deck.go_back()
            assert deck.on is not None
            board.show(None, deck.on, "song_changed")
        else:
            call, song = deck.on, board.status.song
            deck.on = None
            await deck.drop(call)
            board.set(state=State.IDLE, song=None, position=0.0, sections=())
            board.tell("finished", song, "finished")
        if deck.call is not None and deck.call.ready:
            await self._interrupt()
        else:
            await self._prepare_call()

    # --- what sessions report --------------------------------------------------------------------------

    async def listen(self, report: SessionReport) -> None:
        """News that take time: a session is ready, near its end, over, or has taken over."""
        deck = self._deck
        seat = deck.seat(report.session)
        if seat is None:
            return
        if report.state is State.IDLE:
            await self._over(seat, report.error)
        elif report.ready:
            await self._ready(seat)
        elif seat is deck.next and deck.armed and report.state is State.PLAYING:
            await self._handed_over(seat, report)
        elif seat is deck.on and report.ends is not None and seat.playing:
            deck.ends = report.ends
            await deck.arm()

    def take(self, seat: Seat, report: SessionReport) -> bool:
        """News of what is on; whether it just began."""
        first, state, song = not seat.begun, report.state, self._board.status.song
        if state in (State.PLAYING, State.PAUSED):
            seat.begun, seat.playing = True, state is State.PLAYING
        if state is State.PAUSED:
            self._deck.ends = None
        if state is State.PLAYING and seat.program is not None:
            state = seat.program.phase
        if song is not None and report.duration:
            song = replace(song, duration=report.duration)
        self._board.set(
            state=state, position=report.position, as_of=report.as_of, sections=report.sections, song=song
        )
        if report.song is not None:
            seat.item = replace(seat.item, song=report.song)
            self._board.show(None, seat, "song_changed")
        if report.section is not None:
            self._board.tell("section_changed", song, str(report.section + 1))
        return first and seat.begun and not seat.live

    async def _ready(self, seat: Seat) -> None:
        deck = self._deck
        seat.ready = True
        if seat is deck.on:
            # A session that failed and was started again goes on where it was.
            seat.position = self._board.position() if seat.begun else seat.position
            await deck.begin()
        elif seat is deck.call and not deck.armed:
            await self._interrupt()
        elif seat is deck.next:
            await deck.arm()

    async def _handed_over(self, seat: Seat, report: SessionReport) -> None:
        """The moment has come at which the next one began."""
        self._board.program = seat.program or self._board.program
        await self._deck.take_next()
        self._board.show(State.LOADING, seat, "song_changed")
        self.take(seat, report)
        await self.look_ahead()
        if self._deck.call is not None and self._deck.call.ready:
            await self._interrupt()

    async def _over(self, seat: Seat, error: str) -> None:
        deck, board = self._deck, self._board
        if error:
            log.warning("%s", error)
            board.tell("failed", seat.item.song, error)
            board.note(error)
        if seat is deck.call:
            deck.call = None
            await deck.drop(seat)
            await self._prepare_call()
        elif seat is deck.next:
            deck.next = None
            await deck.drop(seat)
            if seat.program is not None:
                board.program = board.program.skipping(seat.program)
            await self.look_ahead()
        elif seat is deck.on and seat.live:
            await self.finish("failed" if error else "finished")
        elif seat is deck.on and seat.program is None:
            await self.after_call()
        elif seat is deck.on and deck.armed and self._stage.clock() < (deck.ends or 0.0) + 1.0:
            pass  # its successor says when it has begun
        elif seat is deck.on:
            await self._advance(failed=bool(error))
        board.publish()

    async def _advance(self, *, failed: bool) -> None:
        """What played is over, and nothing has taken over yet."""
        deck, board = self._deck, self._board
        program = board.program
        if deck.next is not None and not failed:
            board.program = deck.next.program or program
            await deck.take_next()
            assert deck.on is not None
            board.show(State.LOADING, deck.on, "song_changed")
            await deck.begin()
            return
        following = program.following(by_hand=failed)
        if following is not None and failed:
            again = (
                following.queue.now is program.queue.now and following.phase is program.phase is State.PLAYING
            )
            following = None if again else following.skipping(program)
        if following is None:
            await self.finish("failed" if failed else "finished")
        else:
            await self.go(following)

    async def _interrupt(self) -> None:
        deck = self._deck
        changed = deck.on is not None
        if deck.on is not None:
            deck.on.position = self._board.position()
        await deck.interrupt()
        assert deck.on is not None
        self._board.show(State.LOADING, deck.on, "song_changed" if changed else "started")

    async def _prepare_call(self) -> None:
        deck = self._deck
        announcing = deck.on is not None and deck.on.program is None and not deck.on.live
        if self._calls and deck.call is None and not announcing:
            deck.call = await self._open(self._calls.pop(0), None)

    async def _open(self, item: Item, program: Program | None, position: float = 0.0) -> Seat:
        board = self._board
        style, names = await self._tailor.style(item, program or board.program)
        channels = (program or board.program).channels
        return self._deck.open(
            item,
            program,
            style,
            names,
            delay=board.options.delay,
            channels=channels,
            position=position,
        )
