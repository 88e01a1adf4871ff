"""The director: what plays now. One queue, one session at a time."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Any, assert_never

from yulelight.actors import Actor, Broadcast, Ref, Supervisor
from yulelight.audio.ingest import ByteFeed, PcmFormat
from yulelight.encoder.model import Encoder
from yulelight.errors import CommandError
from yulelight.library.songs import Library, LibrarySong
from yulelight.lights import LightsMessage
from yulelight.messages import (
    Blackout,
    Command,
    GetStatus,
    Next,
    Pause,
    Play,
    Resume,
    Seek,
    ShowEvent,
    Song,
    State,
    Status,
    Stop,
)
from yulelight.session import SessionReport, SongSession, SoundOut
from yulelight.show.look import Look
from yulelight.stream import StreamSession, StreamSink

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenStream:
    """Light a stream that is about to arrive; answers with a StreamSink."""

    title: str
    pcm: PcmFormat | None


@dataclass(frozen=True, slots=True)
class Stage:
    """What the director needs of the house."""

    encoder: Encoder
    look: Look
    library: Library
    lights: Ref[LightsMessage]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    clock: Callable[[], float]
    sound: SoundOut | None
    delay: float
    """Seconds the lights of a song wait for its sound."""
    live_delay: float


DirectorMessage = Command | OpenStream | SessionReport


class Director(Actor[DirectorMessage]):
    """Answers every Command with the Status after it."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._status = Status(model=stage.encoder.manifest.name)
        self._queue: list[Song] = []
        self._numbers = count(1)
        self._number = 0
        self._session: Ref[Any] | None = None

    async def started(self) -> None:
        self._sessions = await self.enter(Supervisor(max_restarts=2))
        self.spawn(self._sessions.wait(), "sessions")
        self._publish()

    async def receive(self, message: DirectorMessage) -> object:
        match message:
            case SessionReport():
                await self._over(message)
            case OpenStream():
                return await self._open_stream(message)
            case Play(song):
                await self._play(song)
            case Pause() | Resume() | Seek():
                await self._steer(message)
            case Next():
                await self._next()
            case Stop():
                await self._end("stopped")
            case Blackout(on):
                await self._stage.lights.tell(message)
                self._set(blackout=on)
            case GetStatus():
                pass
            case _ as never:
                assert_never(never)
        return self._status

    # --- commands --------------------------------------------------------------------------------------

    async def _play(self, song: str | None) -> None:
        if song is None:
            songs = await self._songs()
            if not songs:
                raise CommandError("there is no song to play; put music into a folder named by --music")
            await self._start(songs[0])
            self._queue = [s.song for s in songs[1:]]
        else:
            found = await asyncio.to_thread(self._stage.library.find, song)
            await self._start(found)
            self._queue = []
        self._publish()

    async def _next(self) -> None:
        if self._queue:
            await self._start(await asyncio.to_thread(self._stage.library.find, self._queue.pop(0).id))
            return
        now = self._status.song
        songs = await self._songs()
        at = next((k for k, s in enumerate(songs) if now and s.song.id == now.id), -1)
        if not songs or now is None:
            raise CommandError("nothing plays that could be skipped; say which song to play")
        await self._start(songs[(at + 1) % len(songs)])

    async def _steer(self, message: Pause | Resume | Seek) -> None:
        if self._session is None or self._status.state is State.LIVE:
            raise CommandError(f"cannot {type(message).__name__.lower()}: no song is playing")
        await self._session.ask(message)

    async def _songs(self) -> list[LibrarySong]:
        return await asyncio.to_thread(self._stage.library.scan)

    async def _start(self, found: LibrarySong) -> None:
        changed = self._session is not None
        await self._drop_session()
        self._number = next(self._numbers)
        stage = self._stage
        self._set(song=found.song, message="", sections=(), position=0.0, state=State.LOADING)
        self._session = self._sessions.start(
            lambda: SongSession(
                self._number,
                found.song,
                found.path,
                encoder=stage.encoder,
                look=stage.look,
                lights=stage.lights,
                report=self._hear,
                clock=stage.clock,
                sound=stage.sound,
                delay=stage.delay,
            ),
            f"session {self._number}",
        )
        stage.events.publish(ShowEvent("song_changed" if changed else "started", found.song))

    async def _open_stream(self, message: OpenStream) -> StreamSink:
        if self._status.state is State.LIVE:
            raise CommandError("a stream is already playing; end it first (command stop)")
        await self._drop_session()
        self._queue = []
        self._number = next(self._numbers)
        stage, feed = self._stage, ByteFeed()
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        title = "".join(c for c in message.title if c.isprintable())[:200] or "Live stream"
        self._set(song=Song("", title), message="", sections=(), position=0.0, state=State.LIVE)
        self._session = self._sessions.start(
            partial(
                StreamSession,
                self._number,
                feed,
                message.pcm,
                over,
                encoder=stage.encoder,
                look=stage.look,
                lights=stage.lights,
                report=self._hear,
                clock=stage.clock,
                delay=stage.live_delay,
            ),
            f"session {self._number}",
        )
        stage.events.publish(ShowEvent("started", self._status.song))
        return StreamSink(feed, over)

    # --- sessions --------------------------------------------------------------------------------------

    def _hear(self, report: SessionReport) -> None:
        """Called on the loop. News count at once, so that a command is answered with the status after it."""
        if report.state is State.IDLE:
            self.ref.post(report)
        elif report.session == self._number and self._session is not None:
            self._take(report)

    async def _over(self, report: SessionReport) -> None:
        if report.session != self._number or self._session is None:
            return
        if report.error:
            log.warning("%s", report.error)
            self._stage.events.publish(ShowEvent("failed", self._status.song, report.error))
        await self._go_on(report.error)

    def _take(self, report: SessionReport) -> None:
        song = self._status.song
        if song and report.duration:
            song = replace(song, duration=report.duration)
        self._set(state=report.state, position=report.position, sections=report.sections, song=song)
        if report.section is not None:
            self._stage.events.publish(ShowEvent("section_changed", song, str(report.section + 1)))

    async def _go_on(self, error: str) -> None:
        """After a song: the next of the queue that is still there, or the end of the show."""
        while self._queue:
            try:
                found = await asyncio.to_thread(self._stage.library.find, self._queue.pop(0).id)
            except CommandError as gone:
                error = str(gone)
                continue
            await self._start(found)
            self._set(message=error)
            return
        await self._end("failed" if error else "finished", error)

    async def _end(self, how: str, error: str = "") -> None:
        had = self._session is not None
        song = self._status.song
        self._queue = []
        await self._drop_session()
        self._set(state=State.IDLE, song=None, position=0.0, sections=(), message=error)
        if had and how != "failed":
            self._stage.events.publish(ShowEvent("finished", song, how))

    async def _drop_session(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await self._sessions.stop(session)

    def _set(self, **changes: Any) -> None:
        if "position" in changes:
            changes["as_of"] = self._stage.clock()
        self._status = replace(self._status, **changes)
        self._publish()

    def _publish(self) -> None:
        self._status = replace(self._status, queue=tuple(self._queue))
        self._stage.statuses.publish(self._status)
