"""The director decides what is played: it has one program with a queue, and one session with sound and lights at a
time.

It takes the commands. A Starter (starting.py) begins shows and Steering (steering.py) moves within one; the Sequencer
(sequencer.py) goes through a program (program.py, show_queue.py), the SessionSlots (slots.py) hold the sessions
(session.py, live.py). The Board (board.py) holds what the show is, the StateKeeper keeps what must outlive a restart,
the StylePicker looks up looks and models.
"""

import asyncio
import logging
from collections.abc import Callable
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
    Resume,
    Seek,
    SetOption,
    State,
    Stop,
    Unwish,
    Wish,
)
from yulelight.inputs.base import Input
from yulelight.player.board import Board
from yulelight.player.options import Options
from yulelight.player.sequencer import Sequencer
from yulelight.player.services import Feeds, HouseLights, Music, Restarts, Sound
from yulelight.player.session_messages import SessionReport, SetDelay
from yulelight.player.slots import SessionHandle, SessionSlots
from yulelight.player.starting import OFFER, Starter, offer
from yulelight.player.state_keeper import StateKeeper
from yulelight.player.steering import Steering
from yulelight.player.style_picker import StylePicker
from yulelight.show.look import Look

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two messages with the standing state, in case the lights were restarted."""


@dataclass(frozen=True, slots=True)
class OpenInput:
    """Light a live input. ``modest``: only while nothing plays, otherwise CommandError."""

    source: Input
    modest: bool = False


@dataclass(frozen=True, slots=True)
class TryLook:
    """Show what plays in ``look``, until another is chosen or it is over; CommandError if nothing plays.

    ``name``: that of the look; empty for one that has none, which leaves the name in the status as it is.
    """

    look: Look
    name: str = ""


@dataclass(frozen=True, slots=True)
class Suspend:
    """The service is about to stop: end the show so that it can be resumed after the restart."""


@dataclass(frozen=True, slots=True)
class _Beat:
    """Send the standing state and store the position."""


@dataclass(frozen=True, slots=True)
class _SongColours:
    """Those of a song's cover are known."""

    song: str
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _LookAhead:
    """Something started: prepare what follows."""


DirectorMessage = Command | OpenInput | TryLook | Suspend | SessionReport | _SongColours | _Beat | _LookAhead


class Director(Actor[DirectorMessage]):
    """Answers every Command with the Status after it. ``defaults``: what holds until people choose otherwise."""

    def __init__(
        self,
        *,
        music: Music,
        sound: Sound,
        lights: HouseLights,
        feeds: Feeds,
        restarts: Restarts,
        defaults: Options,
        clock: Callable[[], float],
    ) -> None:
        self._music, self._sound, self._lights, self._feeds = music, sound, lights, feeds
        self._restarts, self._defaults, self._clock = restarts, defaults, clock
        self._keeper: StateKeeper | None = None

    async def started(self) -> None:
        music, clock = self._music, self._clock
        sessions = await self.enter(Supervisor(max_restarts=2))
        self._slots = slots = SessionSlots(
            music,
            self._sound,
            self._lights,
            sessions=sessions,
            reports=self.ref,
            news=self._news,
            clock=clock,
        )
        self._board = board = Board(
            slots,
            self._feeds,
            music.library,
            self._sound.air,
            defaults=self._defaults,
            idle=self._lights.idle,
            clock=clock,
        )
        self._keeper = keeper = StateKeeper(
            self._restarts, board, slots, looks=music.styles.looks, clock=clock
        )
        self._picker = picker = StylePicker(music, board)
        self._sequencer = sequencer = Sequencer(
            board,
            slots,
            keeper,
            picker,
            stations=music.stations,
            look_ahead=lambda: self.ref.post(_LookAhead()),
        )
        self._starter = Starter(music, board, slots, sequencer=sequencer, keeper=keeper, picker=picker)
        self._steering = Steering(board, slots, sequencer, self._starter)
        self.spawn(sessions.wait(), "sessions")
        await keeper.open()
        self.spawn(keeper.run(), "state")
        music.shows.prefer(model=board.options.model, look=board.options.look)
        await self._say_standing()
        await self._set_volume()
        self.every(BEAT, _Beat())
        if keeper.interrupted(self._restarts.resume_within):
            self.ref.post(Resume())
        elif mark := keeper.interrupted(OFFER):
            board.note(offer(mark))
            log.info("%s", board.status.message)
        if board.status.blackout:
            log.warning("blackout was on before this start: all lights stay dark until it is turned off")
        board.publish()

    async def stopped(self) -> None:
        await self._keep()

    async def receive(self, message: DirectorMessage) -> object:
        match message:
            case SessionReport():
                await self._sequencer.listen(message)
            case _LookAhead():
                await self._sequencer.look_ahead()
            case _SongColours(song, colours):
                self._board.learn_colours(song, colours)
                self._board.publish()
            case _Beat():
                self._beat()
            case OpenInput(source, modest):
                await self._starter.open(source, modest=modest)
            case TryLook(look, name):
                await self._try(name, look)
                self._board.publish()
            case Suspend():
                await self._keep()
                await self._sequencer.finish("interrupted")
            case _:
                await self._obey(message)
                self._board.publish()
        if song := self._board.uncoloured:
            self._board.learn_colours(song, ())  # asked for once
            self.spawn(self._colour(song), "colours")
        return self._board.status

    async def _colour(self, song: str) -> None:
        library = self._music.library
        try:
            colours = await asyncio.to_thread(lambda: library.colours(library.find(song)))
        except CommandError:  # it has been removed meanwhile
            colours = ()
        self.ref.post(_SongColours(song, colours))

    def _beat(self) -> None:
        self._lights.ref.post(self._board.standing())
        self._board.look_around()
        if self._keeper is not None:
            self._keeper.beat()

    async def _keep(self) -> None:
        """Stores the show for the last time."""
        if self._keeper is not None:
            await self._keeper.close()

    def _news(self, handle: SessionHandle, report: SessionReport) -> None:
        """Processes the answer of a session."""
        self._sequencer.news(handle, report)

    async def _obey(self, command: Command) -> None:
        board, steering = self._board, self._steering
        match command:
            case Play():
                await self._play(command)
            case Announce():
                await self._starter.announce(command)
            case Pause() | Seek():
                await steering.move(command)
            case Resume():
                await steering.resume()
            case Next():
                await steering.next()
            case Previous():
                await steering.previous()
            case Stop(after_song):
                await steering.stop(after_song)
            case SetOption(name, value):
                await self._set_option(name, value)
            case QueueRemove() | QueueMove() | QueueClear():
                await steering.edit(command)
            case Wish(song):
                await steering.wish(song)
            case Unwish(song):
                await steering.unwish(song)
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
                await self._lights.ref.ask(command)
            case Calibrate(on):
                await steering.calibrate(on)
            case PlayerReport():
                await steering.hear_player(command)
            case GetStatus():
                pass
            case _ as never:
                assert_never(never)

    async def _try(self, name: str, look: Look) -> None:
        if self._slots.on is None:
            raise CommandError("nothing plays that a look could be tried on; play a song first")
        await self._picker.attempt(self._slots.on, name, look)

    async def _play(self, play: Play) -> None:
        if play.named or self._slots.on is None:
            await self._starter.play(play)
        elif self._board.status.state is State.PAUSED:
            await self._steering.resume()

    # --- options ---------------------------------------------------------------------------------------

    async def _set_option(self, name: str, value: object) -> None:
        board, music = self._board, self._music
        options = board.options.with_option(name, value, music.styles.looks)
        if name == "model":
            await asyncio.to_thread(music.styles.encoder, options.model)
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
                music.shows.prefer(model=options.model, look=options.look)
                await self._picker.restyle(self._slots.handles, self._slots.on, name)
                await self._sequencer.look_ahead()
            case "shuffle" | "repeat":
                queue = program.queue
                queue = queue.shuffle(options.shuffle) if name == "shuffle" else queue
                board.program = replace(program, queue=replace(queue, repeat=options.repeat))
                await self._sequencer.look_ahead()

    async def _say_standing(self) -> None:
        await self._lights.ref.tell(self._board.standing())

    async def _set_volume(self) -> None:
        await asyncio.to_thread(self._sound.out.volume, self._board.volume)
