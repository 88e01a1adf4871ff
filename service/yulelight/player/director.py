"""The director: what plays now. One program, one queue in it, one session at a time that has sound and lights.

It takes the commands. The Board (board.py) holds what the show is, the Sequencer (sequencer.py) goes through a program
(program.py, show_queue.py), the SessionSlots (slots.py) hold the sessions (session.py, live.py). The ProgramBuilder
looks up songs and playlists, the StylePicker looks and models; the StateKeeper keeps what must outlive a restart.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass, replace
from typing import assert_never

from yulelight.actors import Actor, Supervisor
from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    AllOn,
    Announce,
    Blackout,
    Calibrate,
    Command,
    GetStatus,
    Identify,
    Limit,
    Next,
    Pause,
    Play,
    PlayerReport,
    Previous,
    QueueClear,
    QueueMove,
    QueueRemove,
    Repeat,
    Resume,
    Seek,
    SetOption,
    Song,
    State,
    Stop,
)
from yulelight.inputs.base import Input
from yulelight.player.board import Board
from yulelight.player.program import Item, Program
from yulelight.player.program_builder import ProgramBuilder
from yulelight.player.sequencer import Sequencer
from yulelight.player.session import Follow, SessionReport, SetDelay
from yulelight.player.show_queue import ShowQueue
from yulelight.player.slots import SessionHandle, SessionSlots
from yulelight.player.stage import Stage
from yulelight.player.state import Bookmark
from yulelight.player.state_keeper import StateKeeper
from yulelight.player.style_picker import StylePicker

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two tellings of what stands, to lights that may have been restarted."""
RESTART = 3.0
"""Seconds into a song after which ``previous`` means its start."""
OFFER = 15 * 60.0
"""Seconds for which ``resume`` goes on with a show that a restart interrupted."""
NEAR_END = 3.0
"""Seconds before the end of a song in which a player elsewhere may be done with it."""


@dataclass(frozen=True, slots=True)
class OpenInput:
    """Light a live input. ``modest``: only while nothing plays; CommandError otherwise."""

    source: Input
    modest: bool = False


@dataclass(frozen=True, slots=True)
class Suspend:
    """The service is about to stop: the show ends, but can go on after the restart."""


@dataclass(frozen=True, slots=True)
class _Beat:
    """Time to say and keep what stands."""


@dataclass(frozen=True, slots=True)
class _LookAhead:
    """Something began to play: prepare what comes next."""


DirectorMessage = Command | OpenInput | Suspend | SessionReport | _Beat | _LookAhead


def _offer(mark: Bookmark) -> str:
    """What is said of a show that a restart interrupted, and that somebody may want to go on with."""
    show = f"the playlist {mark.playlist!r}" if mark.playlist else "a song"
    return f"a restart interrupted {show}: play goes on where it was, for {OFFER / 60:.0f} minutes"


class Director(Actor[DirectorMessage]):
    """Answers every Command with the Status after it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._builder = ProgramBuilder(stage)
        self._paused_by_player = False

    async def started(self) -> None:
        stage = self._stage
        sessions = await self.enter(Supervisor(max_restarts=2))
        self._slots = slots = SessionSlots(stage, sessions, self.ref, self._news)
        self._board = board = Board(stage, slots)
        self._keeper = StateKeeper(stage, board, slots)
        self._picker = StylePicker(stage, board)
        self._sequencer = Sequencer(
            stage, board, slots, self._keeper, self._picker, look_ahead=lambda: self.ref.post(_LookAhead())
        )
        self.spawn(sessions.wait(), "sessions")
        await self._keeper.open()
        self.spawn(self._keeper.run(), "state")
        stage.shows.prefer(model=board.options.model, look=board.options.look)
        await self._say_standing()
        await self._set_volume()
        self.every(BEAT, _Beat())
        if self._keeper.interrupted(stage.resume_within):
            self.ref.post(Resume())
        elif mark := self._keeper.interrupted(OFFER):
            board.note(_offer(mark))
            log.info("%s", board.status.message)
        if board.status.blackout:
            log.warning("blackout is on since before this start: all lights stay dark until somebody ends it")
        board.publish()

    async def stopped(self) -> None:
        if hasattr(self, "_keeper"):
            await self._keeper.close()

    async def receive(self, message: DirectorMessage) -> object:
        match message:
            case SessionReport():
                await self._sequencer.listen(message)
            case _LookAhead():
                await self._sequencer.look_ahead()
            case _Beat():
                self._stage.lights.post(self._board.standing())
                self._board.look_around()
                self._keeper.beat()
            case OpenInput(source, modest):
                if modest and self._board.status.state is not State.IDLE:
                    raise CommandError("something else plays")
                await self._open_input(source)
            case Suspend():
                await self._keeper.close()
                await self._sequencer.finish("interrupted")
            case _:
                await self._obey(message)
                self._board.publish()
        return self._board.status

    def _news(self, handle: SessionHandle, report: SessionReport) -> None:
        """What a session answered."""
        self._sequencer.news(handle, report)

    async def _obey(self, command: Command) -> None:
        board = self._board
        match command:
            case Play():
                await self._play(command)
            case Announce():
                await self._sequencer.announce(await self._builder.announcement(command))
            case Pause() | Seek():
                await self._steer(command)
            case Resume():
                await self._resume()
            case Next():
                await self._next()
            case Previous():
                await self._previous()
            case Stop(after_song):
                await self._stop(after_song)
            case SetOption(name, value):
                await self._set_option(name, value)
            case QueueRemove() | QueueMove() | QueueClear():
                await self._edit(command)
            case Limit():
                board.limit = command
                await self._say_standing()
                await self._set_volume()
            case Blackout(on):
                board.status = replace(board.status, blackout=on)
                await self._say_standing()
            case AllOn(on):
                board.status = replace(board.status, all_on=on)
                await self._say_standing()
            case Identify():
                await self._stage.lights.ask(command)
            case Calibrate(on):
                await self._calibrate(on)
            case PlayerReport():
                await self._hear_player(command)
            case GetStatus():
                pass
            case _ as never:
                assert_never(never)

    # --- what plays ------------------------------------------------------------------------------------

    async def _play(self, play: Play) -> None:
        board, problem, position = self._board, "", play.position
        named = play.song is not None or play.playlist is not None or play.url is not None
        if not named and self._slots.on is not None:
            if board.status.state is State.PAUSED:
                await self._resume()
            return
        if not named and await self._go_on():
            return
        if not named and board.program.queue.coming:
            program = self._builder.with_wishes(board.program, play)
        elif play.resume and (mark := self._keeper.bookmark(play.playlist or "")):
            program, position = await self._restored(mark, play), mark.position
        else:
            program, problem = await self._builder.program(play, board.options)
        if program.model is not None:
            await asyncio.to_thread(self._stage.styles.encoder, program.model)
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

    async def _enqueue(self, play: Play, asked: Program, problem: str) -> None:
        """Puts what was asked for into the queue; "play" goes on to it at once."""
        board = self._board
        items = [entry.item for entry in asked.queue.coming]
        queue = board.program.queue
        queue = queue.with_last(items) if play.enqueue == "add" else queue.with_next(items)
        program = replace(board.program, queue=queue)
        following = None
        if play.enqueue == "play":
            program = self._builder.with_wishes(program, play)
            following = replace(program, phase=State.PLAYING).following(by_hand=True)
        if problem:
            board.note(problem)
        board.program = program
        if following is None:
            await self._sequencer.look_ahead()
        else:
            await self._sequencer.go(following, play.position)

    async def _restored(self, mark: Bookmark, play: Play) -> Program:
        program = await self._builder.named(mark.program(secrets.randbits(32)))
        program = replace(program, post=await self._builder.steps(mark.playlist))
        return self._builder.with_wishes(program, play)

    async def _resume(self) -> None:
        on = self._slots.on
        if on is not None and not on.live:
            await self._slots.ask(on, Resume())
            return
        if on is not None or not await self._go_on():
            raise CommandError("nothing is paused")

    async def _go_on(self) -> bool:
        """Goes on with what a restart interrupted; whether there was anything."""
        mark = self._keeper.interrupted(OFFER)
        program = (await self._restored(mark, Play())).following() if mark else None
        if mark is None or program is None:
            return False
        self._keeper.forget(mark.playlist)
        self._board.note("")
        await self._sequencer.go(program, mark.position)
        return True

    async def _steer(self, message: Pause | Seek) -> None:
        on = self._slots.on
        if on is None or on.live:
            raise CommandError(f"cannot {type(message).__name__.lower()}: no song is playing")
        await self._slots.disarm()
        await self._slots.ask(on, message)
        self._paused_by_player = False

    async def _next(self) -> None:
        on, program = self._slots.on, self._board.program
        if on is None or on.live:
            raise CommandError("nothing plays that could be skipped; say which song to play")
        if on.program is None:
            await self._sequencer.after_call()
            return
        following = program.following(by_hand=True)
        if following is None and not program.playlist and not program.ending:
            neighbour = await self._builder.neighbour(self._board.status.song)
            program = replace(program, queue=program.queue.with_next([neighbour]))
            following = program.following(by_hand=True)
        self._board.note("")
        if following is None:
            await self._sequencer.finish("finished")
        else:
            await self._sequencer.skip(following)

    async def _previous(self) -> None:
        board, on = self._board, self._slots.on
        if on is None or on.live:
            raise CommandError("nothing plays that something could come before")
        before = board.program.previous()
        late = on.begun and board.position() > RESTART
        if late or before is board.program or board.program.phase is not State.PLAYING or on.program is None:
            await self._steer(Seek(0.0))
        else:
            board.note("")
            await self._sequencer.go(before)

    async def _stop(self, after_song: bool) -> None:
        board, on = self._board, self._slots.on
        if after_song and on is not None and board.program.phase is not State.IDLE:
            board.program = replace(board.program, ending=True)
            await self._slots.disarm()
            await self._sequencer.look_ahead()
        else:
            board.note("")
            await self._sequencer.finish("stopped")

    async def _edit(self, message: QueueRemove | QueueMove | QueueClear) -> None:
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

    async def _calibrate(self, on: bool) -> None:
        playing = self._slots.on is not None and self._slots.on.item.clicks
        if on and not playing:
            clicks = Item(Song("", "Clicks to set the delay by"), clicks=True)
            begun = Program(ShowQueue.of([clicks], repeat=Repeat.ONE)).following()
            assert begun is not None
            await self._sequencer.leave()
            await self._sequencer.go(begun)
        elif playing and not on:
            await self._stop(after_song=False)

    async def _open_input(self, source: Input) -> None:
        if self._board.status.state is State.LIVE:
            raise CommandError("a stream is already playing; end it first (command stop)")
        board, slots = self._board, self._slots
        await self._sequencer.leave()
        board.program = Program()
        board.note("")
        style, names = await self._picker.style(Item(source.song), board.program)
        slots.on = slots.open_live(source, style, names, delay=board.options.delay)
        board.show(State.LIVE, slots.on, "started")

    async def _hear_player(self, report: PlayerReport) -> None:
        on, song = self._slots.on, self._board.status.song
        another = report.song is not None and report.song != self._board.status.sound
        if on is None or on.live or song is None or another:
            return
        if report.state != "playing":
            if on.playing and song.duration - self._board.position() > NEAR_END:
                await self._steer(Pause())
                self._paused_by_player = True
        elif self._board.status.state is State.PAUSED and self._paused_by_player:
            await self._resume()
        elif on.playing and not self._slots.armed:
            await self._slots.ask(on, Follow(report.position))

    # --- options ---------------------------------------------------------------------------------------

    async def _set_option(self, name: str, value: object) -> None:
        board, stage = self._board, self._stage
        options = board.options.with_option(name, value, stage.styles.looks)
        if name == "model":
            await asyncio.to_thread(stage.styles.encoder, options.model)
        board.options, program = options, board.program
        match name:
            case "volume":
                await self._set_volume()
            case "brightness":
                await self._say_standing()
            case "delay":
                for handle in self._slots.handles:
                    await handle.ref.tell(SetDelay(options.delay))
            case "look" | "model":
                chosen = replace(program, look=None) if name == "look" else replace(program, model=None)
                board.program = chosen
                stage.shows.prefer(model=options.model, look=options.look)
                await self._picker.restyle(self._slots.handles, self._slots.on, name)
                await self._sequencer.look_ahead()
            case "shuffle" | "repeat":
                queue = program.queue
                queue = queue.shuffle(options.shuffle) if name == "shuffle" else queue
                board.program = replace(program, queue=replace(queue, repeat=options.repeat))
                await self._sequencer.look_ahead()

    async def _say_standing(self) -> None:
        await self._stage.lights.tell(self._board.standing())

    async def _set_volume(self) -> None:
        if self._stage.sound:
            await asyncio.to_thread(self._stage.sound.volume, self._board.volume)
