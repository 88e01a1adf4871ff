"""Starts shows: on request, after a restart, or for a live input."""

import asyncio
import secrets
from dataclasses import replace

from yulelight.core.errors import CommandError
from yulelight.core.messages import Announce, Play, Repeat, Song, State
from yulelight.inputs.base import Input
from yulelight.player.board import Board
from yulelight.player.program import Item, Program
from yulelight.player.program_builder import ProgramBuilder
from yulelight.player.sequencer import Sequencer
from yulelight.player.services import Music
from yulelight.player.show_queue import ShowQueue
from yulelight.player.slots import SessionSlots
from yulelight.player.state import Bookmark
from yulelight.player.state_keeper import StateKeeper
from yulelight.player.style_picker import StylePicker

OFFER = 15 * 60.0
"""Seconds for which ``resume`` continues a show interrupted by a restart."""


def offer(mark: Bookmark) -> str:
    """The message about a show that was interrupted by a restart and can be resumed."""
    show = f"the playlist {mark.playlist!r}" if mark.playlist else "a song"
    return f"a restart interrupted {show}: play goes on where it was, for {OFFER / 60:.0f} minutes"


class Starter:
    """Builds a program and passes it to the sequencer."""

    def __init__(
        self,
        music: Music,
        board: Board,
        slots: SessionSlots,
        *,
        sequencer: Sequencer,
        keeper: StateKeeper,
        picker: StylePicker,
    ) -> None:
        self.builder = ProgramBuilder(music)
        self._styles, self._board, self._slots = music.styles, board, slots
        self._sequencer, self._keeper, self._picker = sequencer, keeper, picker

    async def play(self, play: Play) -> None:
        """What is asked for. Nothing in particular: what was interrupted, else the queue, else the library.

        Raises CommandError.
        """
        board, problem, position = self._board, "", play.position
        named = play.named
        if not named and await self.go_on():
            return
        if not named and board.program.queue.coming:
            program = self.builder.with_wishes(board.program, play)
        elif play.resume and (mark := self._keeper.bookmark(play.playlist or "")):
            program, position = await self._restored(mark, play), mark.position
        else:
            program, problem = await self.builder.program(play, board.options)
        if program.model is not None:
            await asyncio.to_thread(self._styles.encoder, program.model)
        if play.enqueue != "replace" and named:
            await self._enqueue(play, program, problem)
            return
        begun = program.following()
        if begun is None:
            raise CommandError("nothing of this can be played")
        await self._sequencer.leave()
        self._keeper.forget(begun.playlist)
        board.note(problem)
        await self._sequencer.go(begun, position)

    async def announce(self, message: Announce) -> None:
        """Plays an announcement as soon as it is ready. Raises CommandError or UsageError."""
        await self._sequencer.announce(await self.builder.announcement(message))

    async def go_on(self) -> bool:
        """Resumes the show interrupted by a restart; returns whether there was one."""
        mark = self._keeper.interrupted(OFFER)
        program = (await self._restored(mark, Play())).following() if mark else None
        if mark is None or program is None:
            return False
        self._keeper.forget(mark.playlist)
        self._board.note("")
        await self._sequencer.go(program, mark.position)
        return True

    async def click(self) -> None:
        """Plays clicks with flashes, for adjusting the delay."""
        clicks = Item(Song("", "Clicks to set the delay by"), clicks=True)
        begun = Program(ShowQueue.of([clicks], repeat=Repeat.ONE)).following()
        assert begun is not None
        await self._sequencer.leave()
        await self._sequencer.go(begun)

    async def open(self, source: Input, *, modest: bool) -> None:
        """Starts a live input; a ``modest`` one only while nothing plays. Raises CommandError."""
        board, slots = self._board, self._slots
        if modest and board.status.state is not State.IDLE:
            raise CommandError("something else plays")
        if board.status.state is State.LIVE:
            raise CommandError("a stream is already playing; end it first (command stop)")
        await self._sequencer.leave()
        board.program = Program()
        board.note("")
        style, names = await self._picker.style(Item(source.song), board.program)
        slots.on = slots.open_live(source, style, names, delay=board.options.delay)
        board.show(State.LIVE, slots.on, "started")

    async def _enqueue(self, play: Play, asked: Program, problem: str) -> None:
        """Adds the request to the queue; with "play" it starts at once."""
        board = self._board
        items = [entry.item for entry in asked.queue.coming]
        queue = board.program.queue
        queue = queue.with_last(items) if play.enqueue == "add" else queue.with_next(items)
        program = replace(board.program, queue=queue)
        following = None
        if play.enqueue == "play":
            program = self.builder.with_wishes(program, play)
            following = replace(program, phase=State.PLAYING).following(by_hand=True)
        if problem:
            board.note(problem)
        board.program = program
        if following is None:
            await self._sequencer.look_ahead()
        else:
            await self._sequencer.go(following, play.position)

    async def _restored(self, mark: Bookmark, play: Play) -> Program:
        program = await self.builder.named(mark.program(secrets.randbits(32)))
        program = replace(program, post=await self.builder.steps(mark.playlist))
        return self.builder.with_wishes(program, play)
