"""Runs a program: transitions between items, skipping and announcements."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from yulelight.core.errors import CommandError
from yulelight.core.messages import State
from yulelight.core.web_address import name_in
from yulelight.library.stations import Station, station_at
from yulelight.player.board import Board
from yulelight.player.program import Item, Program, station_item
from yulelight.player.session_messages import SessionReport
from yulelight.player.slots import Phase, SessionHandle, SessionSlots
from yulelight.player.state_keeper import StateKeeper
from yulelight.player.style_picker import StylePicker

log = logging.getLogger(__name__)

MAX_WAITING = 8
"""Maximum number of waiting announcements."""


class Sequencer:
    """Moves between the sessions of ``slots`` as the program on the board says, and as sessions report.

    ``stations`` are those that are kept; it blocks briefly.

    ``look_ahead`` has this object's own called soon: something began, and what follows it should be prepared.
    """

    def __init__(
        self,
        board: Board,
        slots: SessionSlots,
        state_keeper: StateKeeper,
        style_picker: StylePicker,
        *,
        stations: Callable[[], Sequence[Station]],
        look_ahead: Callable[[], object],
    ) -> None:
        self._stations = stations
        self._board, self._slots, self._keeper = board, slots, state_keeper
        self._picker, self._look_ahead = style_picker, look_ahead
        self._calls: list[Item] = []

    # --- what the director wants -----------------------------------------------------------------------

    async def leave(self) -> None:
        """Leaves the current show, which may be resumed later."""
        self._keeper.remember()
        self._calls = []
        await self._slots.clear()

    async def go(self, program: Program, position: float = 0.0) -> None:
        """Switches to the current item of ``program``."""
        slots = self._slots
        changed = slots.on is not None
        await slots.disarm()
        old, slots.on = slots.on, None
        held, slots.held = slots.held, None
        await slots.drop(old)
        await slots.drop(held)
        self._board.program = program
        assert program.item is not None
        slots.on = await self._open(program.item, program, position)
        self._board.show(State.LOADING, slots.on, "song_changed" if changed else "started")

    async def skip(self, following: Program) -> None:
        """Skips to ``following``, without a gap if it is ready."""
        slots = self._slots
        if slots.next is None or slots.next.item is not following.item:
            await self.go(following)
            return
        self._board.program = following
        await slots.skip_to_next()
        assert slots.on is not None
        self._board.show(State.LOADING, slots.on, "song_changed")

    async def finish(self, how: str) -> None:
        """Ends the show, which "finished", was "stopped" or "failed"."""
        board = self._board
        had, song = self._slots.on is not None, board.status.song
        self._keeper.forget(board.program.playlist)
        self._calls = []
        await self._slots.clear()
        board.program = Program()
        board.set(state=State.IDLE, song=None, position=0.0, sections=())
        if had and how != "failed":
            board.tell("finished", song, how)

    async def announce(self, item: Item) -> None:
        """Plays ``item`` as soon as it is ready. Raises CommandError if too many are waiting."""
        if len(self._calls) >= MAX_WAITING:
            raise CommandError(f"{MAX_WAITING} announcements are already waiting; try again later")
        self._calls.append(item)
        await self._prepare_call()

    async def look_ahead(self) -> None:
        """Prepares the next item. One that has been scheduled already is cancelled if another follows now."""
        slots, program = self._slots, self._board.program
        announced = slots.on is not None and slots.on.program is None and slots.held is None
        if slots.on is None or announced or program.phase is State.IDLE:
            return
        following = program.following()
        if following is not None and slots.next is not None and slots.next.item is following.item:
            slots.next.program = following
            return
        await slots.disarm()
        old, slots.next = slots.next, None
        await slots.drop(old)
        # A station cannot be prepared: it begins when it is its turn.
        if following is not None and following.item is not None and following.item.station is None:
            slots.next = await self._open(following.item, following)

    async def after_call(self) -> None:
        """Continues after an announcement has ended or was cut short."""
        slots, board = self._slots, self._board
        if slots.held is not None:
            await slots.go_back()
            assert slots.on is not None
            board.show(None, slots.on, "song_changed")
        else:
            call, song = slots.on, board.status.song
            slots.on = None
            await slots.drop(call)
            board.set(state=State.IDLE, song=None, position=0.0, sections=())
            board.tell("finished", song, "finished")
        if slots.call is not None and slots.call.ready:
            await self._interrupt()
        else:
            await self._prepare_call()

    # --- what sessions report --------------------------------------------------------------------------

    async def listen(self, report: SessionReport) -> None:
        """Processes a report of a session: it is ready, near its end, over, has taken over, or advanced."""
        slots = self._slots
        handle = slots.handle(report.session)
        if handle is None or report.serial <= handle.serial:
            return
        if report.station and handle.program is not None:
            await self._tune_in(handle)
        elif report.state is State.IDLE:
            await self._over(handle, report.error)
        elif report.ready:
            await self._ready(handle)
        elif handle is slots.next and slots.armed and report.state is State.PLAYING:
            await self._handed_over(handle, report)
        elif handle is slots.on and report.ends is not None and handle.playing:
            handle.serial = report.serial
            slots.ends = report.ends
            await slots.arm()
        elif handle is slots.on:
            self.news(handle, report)

    def news(self, handle: SessionHandle, report: SessionReport) -> None:
        """Processes the state of the current session; once it has started, the next item is prepared."""
        if handle is self._slots.on and report.serial > handle.serial and self.take(handle, report):
            self._look_ahead()

    def take(self, handle: SessionHandle, report: SessionReport) -> bool:
        """Adopts the state of the current session; returns whether it has just started."""
        first, state, song = not handle.begun, report.state, self._board.status.song
        handle.serial = report.serial
        if state in (State.PLAYING, State.LIVE, State.PAUSED):
            handle.phase = Phase.PAUSED if state is State.PAUSED else Phase.PLAYING
        if state is State.PAUSED:
            self._slots.ends = None
        if state is State.PLAYING and handle.program is not None:
            state = handle.program.phase
        if song is not None and report.duration:
            song = replace(song, duration=report.duration)
        if report.section is not None:
            self._board.section = report.section
        self._board.set(
            state=state, position=report.position, as_of=report.as_of, sections=report.sections, song=song
        )
        if report.song is not None:
            before, handle.item = handle.item.song, replace(handle.item, song=report.song)
            if before is not None and replace(before, colours=report.song.colours) == report.song:
                self._board.set(song=report.song)
            else:
                self._board.show(None, handle, "song_changed")
        if report.section is not None:
            self._board.tell("section_changed", song, str(report.section + 1))
        return first and handle.begun and (handle.program is not None or not handle.live)

    async def _ready(self, handle: SessionHandle) -> None:
        slots = self._slots
        if handle.phase is Phase.PREPARING:
            handle.phase = Phase.READY
        if handle is slots.on:
            # A session that failed and was restarted continues at its position.
            handle.position = self._board.position() if handle.begun else handle.position
            await slots.begin()
        elif handle is slots.call and not slots.armed:
            await self._interrupt()
        elif handle is slots.next:
            # A session that becomes ready again was restarted after a failure and does not know when to begin.
            slots.armed = False
            await slots.arm()

    async def _handed_over(self, handle: SessionHandle, report: SessionReport) -> None:
        """The next session has taken over."""
        self._board.program = handle.program or self._board.program
        await self._slots.take_next()
        self._board.show(State.LOADING, handle, "song_changed")
        self.take(handle, report)
        await self.look_ahead()
        if self._slots.call is not None and self._slots.call.ready:
            await self._interrupt()

    async def _tune_in(self, handle: SessionHandle) -> None:
        """What was to be fetched for ``handle`` turned out to be a station: it is played as one."""
        slots, board, item = self._slots, self._board, handle.item
        title = item.song.title if item.song else ""
        title = "" if title == name_in(item.url) else title
        tuned = station_item(station_at(item.url, await asyncio.to_thread(self._stations), title))
        if handle is slots.on:
            await self.go(board.program.with_item(item, tuned))
        elif handle is slots.next:
            slots.next = None
            await slots.drop(handle)
            board.program = board.program.with_item(item, tuned)
            await self.look_ahead()
        board.publish()

    async def _over(self, handle: SessionHandle, error: str) -> None:
        slots, board = self._slots, self._board
        if error:
            log.warning("%s", error)
            board.tell("failed", handle.item.song, error)
            board.note(error)
        if handle is slots.call:
            slots.call = None
            await slots.drop(handle)
            await self._prepare_call()
        elif handle is slots.next:
            slots.next, slots.armed = None, False
            await slots.drop(handle)
            if handle.program is not None:
                board.program = board.program.skipping(handle.program)
            await self.look_ahead()
        elif handle is slots.on and handle.live and handle.program is None:
            await self.finish("failed" if error else "finished")
        elif handle is slots.on and handle.program is None:
            await self.after_call()
        elif handle is slots.on and slots.armed:
            pass  # its successor reports when it has started
        elif handle is slots.on:
            await self._advance(failed=bool(error))
        board.publish()

    async def _advance(self, *, failed: bool) -> None:
        """The current item has ended and nothing has taken over yet."""
        slots, board = self._slots, self._board
        program = board.program
        if slots.next is not None and not failed:
            board.program = slots.next.program or program
            await slots.take_next()
            assert slots.on is not None
            board.show(State.LOADING, slots.on, "song_changed")
            await slots.begin()
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
        slots = self._slots
        changed = slots.on is not None
        if slots.on is not None:
            slots.on.position = self._board.position()
        await slots.interrupt()
        assert slots.on is not None
        self._board.show(State.LOADING, slots.on, "song_changed" if changed else "started")

    async def _prepare_call(self) -> None:
        slots = self._slots
        announcing = slots.on is not None and slots.on.program is None and not slots.on.live
        if self._calls and slots.call is None and not announcing:
            slots.call = await self._open(self._calls.pop(0), None)

    async def _open(self, item: Item, program: Program | None, position: float = 0.0) -> SessionHandle:
        board = self._board
        style, names = await self._picker.style(item, program or board.program)
        channels = (program or board.program).channels
        return self._slots.open(
            item,
            program,
            style,
            names,
            delay=board.options.delay,
            channels=channels,
            position=position,
        )
