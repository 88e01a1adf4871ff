"""The session in which the lights follow another service: frames are passed on as they come, without sound."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from yulelight.actors import Actor, Ref
from yulelight.core.errors import CommandError, YulelightError
from yulelight.core.messages import Pause, Resume, Song, State
from yulelight.inputs.base import Input, Playing
from yulelight.lights.messages import EndShow, LedFrames, LightsMessage
from yulelight.player.session_messages import Leave, Restyle, Return, SessionCommand, SessionReport, SetDelay


class LedSession(Actor[SessionCommand]):
    """Lights what ``source`` sends. Answers and reports as a LiveSession does; look, model and delay are the other
    service's.
    """

    def __init__(
        self,
        number: int,
        source: Input,
        *,
        lights: Ref[LightsMessage],
        clock: Callable[[], float],
        reports: Ref[SessionReport],
        serials: Iterator[int],
    ) -> None:
        self._number, self._source = number, source
        self._lights, self._clock = lights, clock
        self._reports, self._serials = reports, serials
        self._began = clock()
        self._has_stage = True
        self._hidden = False
        """Whether frames are discarded."""

    async def started(self) -> None:
        self._reports.post(self._report())
        self.spawn(self._run(), name="frames")

    async def receive(self, message: SessionCommand) -> object:
        match message:
            case Pause():
                self._hidden = True
            case Resume() | Return():
                self._hidden, self._has_stage = False, True
                return self._report()
            case Leave():
                self._hidden, self._has_stage = True, False
            case Restyle() | SetDelay():
                pass
            case _:
                raise CommandError("a live input cannot be paused or moved")
        return None

    async def stopped(self) -> None:
        if self._has_stage:
            self._has_stage = False
            await self._lights.tell(EndShow())

    async def _run(self) -> None:
        error = ""
        try:
            async with self._source.open() as heard:
                async for each in heard:
                    match each:
                        case LedFrames() if not self._hidden:
                            await self._lights.tell(each)
                        case Playing():
                            self._reports.post(self._titled(each))
        except YulelightError as problem:
            error = str(problem)
        self._reports.post(replace(self._report(), state=State.IDLE, error=error))

    def _titled(self, playing: Playing) -> SessionReport:
        self._began = self._clock() if playing.position is None else playing.at - playing.position
        return self._report(playing.song)

    def _report(self, song: Song | None = None) -> SessionReport:
        now = self._clock()
        return SessionReport(
            self._number,
            next(self._serials),
            State.LIVE,
            position=max(0.0, now - self._began),
            as_of=now,
            song=song,
        )
