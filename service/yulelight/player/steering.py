"""Control of the current show by users and remote players: pause, seek, next, queue, stop."""

from dataclasses import replace

from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    Pause,
    PlayerReport,
    QueueClear,
    QueueMove,
    QueueRemove,
    Resume,
    Seek,
    State,
)
from yulelight.player.board import Board
from yulelight.player.sequencer import Sequencer
from yulelight.player.session_messages import Follow
from yulelight.player.slots import SessionSlots
from yulelight.player.starting import Starter

RESTART = 3.0
"""Seconds into a song after which ``previous`` goes to its start."""
NEAR_END = 3.0
"""Seconds before the end of a song in which a remote player may already have finished it."""


class Steering:
    """Handles the commands for the current show. They raise CommandError if nothing is playing."""

    def __init__(self, board: Board, slots: SessionSlots, sequencer: Sequencer, starter: Starter) -> None:
        self._board, self._slots, self._sequencer, self._starter = board, slots, sequencer, starter
        self._paused_by_player = False

    async def move(self, message: Pause | Seek) -> None:
        """Pauses the song, or seeks."""
        on = self._slots.on
        if on is None or on.live:
            name = type(message).__name__.lower()
            why = "what plays is live, stop it instead" if on is not None else "no song is playing"
            raise CommandError(f"cannot {name}: {why}")
        await self._slots.disarm()
        await self._slots.ask(on, message)
        self._paused_by_player = False

    async def resume(self) -> None:
        """Resumes after a pause, or the show interrupted by a restart."""
        on = self._slots.on
        if on is not None and not on.live:
            await self._slots.ask(on, Resume())
            return
        if on is not None or not await self._starter.go_on():
            raise CommandError("nothing is paused")

    async def next(self) -> None:
        """Skips to the next item; an announcement is cut short."""
        on, program = self._slots.on, self._board.program
        if on is None or (on.live and on.program is None):
            raise CommandError("nothing plays that could be skipped; name a song to play")
        if on.program is None:
            await self._sequencer.after_call()
            return
        following = program.following(by_hand=True)
        if following is None and not program.playlist and not program.ending:
            neighbour = await self._starter.builder.neighbour(self._board.status.song, on.item.station)
            program = replace(program, queue=program.queue.with_next([neighbour]))
            following = program.following(by_hand=True)
        self._board.note("")
        if following is None:
            await self._sequencer.finish("finished")
        else:
            await self._sequencer.skip(following)

    async def previous(self) -> None:
        """Goes to the start of the song, or to the previous one."""
        board, on = self._board, self._slots.on
        if on is None or (on.live and on.program is None):
            raise CommandError("nothing plays that something could come before")
        before = board.program.previous()
        late = on.begun and not on.live and board.position() > RESTART
        if late or before is board.program or board.program.phase is not State.PLAYING or on.program is None:
            await self.move(Seek(0.0))
        else:
            board.note("")
            await self._sequencer.go(before)

    async def stop(self, after_song: bool) -> None:
        """Ends the show, now or after the current song."""
        board, on = self._board, self._slots.on
        if after_song and on is not None and board.program.phase is not State.IDLE:
            board.program = replace(board.program, ending=True)
            if on.live:  # a station has no end of its own to wait for
                await self._leave_station()
                return
            await self._slots.disarm()
            await self._sequencer.look_ahead()
        else:
            board.note("")
            await self._sequencer.finish("stopped")

    async def _leave_station(self) -> None:
        following = self._board.program.following()
        if following is None:
            await self._sequencer.finish("finished")
        else:
            await self._sequencer.skip(following)

    async def edit(self, message: QueueRemove | QueueMove | QueueClear) -> None:
        """Edits the queue."""
        queue = self._board.program.queue
        match message:
            case QueueRemove(index):
                queue = queue.removed(index)
            case QueueMove(index, to):
                queue = queue.moved(index, to)
            case QueueClear():
                queue = queue.cleared()
        self._board.program = replace(self._board.program, queue=queue)
        await self._sequencer.look_ahead()

    async def wish(self, song: str) -> None:
        """Plays ``song`` once, after the current song and earlier wishes. Raises CommandError."""
        if not self._board.program.wishable:
            raise CommandError(
                "no show is playing that a wish could follow; wait until the next one has begun"
            )
        item = await self._starter.builder.item(song, None)
        program = self._board.program
        self._board.program = replace(program, queue=program.queue.with_wish(item))
        await self._sequencer.look_ahead()

    async def unwish(self, song: str) -> None:
        """Removes the wish for ``song``, if it waits."""
        for index, entry in enumerate(self._board.program.queue.coming):
            if entry.wished and entry.item.song is not None and entry.item.song.id == song:
                await self.edit(QueueRemove(index))
                return

    async def calibrate(self, on: bool) -> None:
        """Starts or stops calibration clicks."""
        playing = self._slots.on is not None and self._slots.on.item.clicks
        if on and not playing:
            await self._starter.click()
        elif playing and not on:
            await self.stop(after_song=False)

    async def hear_player(self, report: PlayerReport) -> None:
        """Handles a report of a remote player: the lights follow it, and pause and resume with it."""
        on, song = self._slots.on, self._board.status.song
        another = report.song is not None and report.song != self._board.status.sound
        if on is None or on.live or song is None or another:
            return
        if report.state != "playing":
            if on.playing and song.duration - self._board.position() > NEAR_END:
                await self.move(Pause())
                self._paused_by_player = True
        elif self._board.status.state is State.PAUSED and self._paused_by_player:
            await self.resume()
        elif on.playing and not self._slots.armed:
            await self._slots.ask(on, Follow(report.position))
