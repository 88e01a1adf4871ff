"""A stream's session: light for audio while it arrives.

Bytes are decoded, analysed and encoded in one worker thread, frame by frame. Frames keep the pace of the music:
a sender that is faster than real time waits, one that falls behind moves the stream's clock on.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from yulelight.actors import Actor
from yulelight.core.errors import AudioError, CommandError, YulelightError
from yulelight.core.messages import CHANNELS, Pause, Resume, State
from yulelight.dsp.pan import HELD, SidesStream, pan
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, SpectrumStream, loudness
from yulelight.dsp.trigger import Trigger
from yulelight.inputs.push import ByteFeed, PcmFormat, pcm_blocks, stream_blocks
from yulelight.lights.mixer import EndShow, LiveFrame, StartLive
from yulelight.player.on_air import LiveSound
from yulelight.player.opening import Style
from yulelight.player.session import Leave, Restyle, Return, SessionReport, SetDelay
from yulelight.player.stage import Stage
from yulelight.show.envelope import fade
from yulelight.show.mapping import LiveMapping

AHEAD = 0.25
"""Seconds a sender may be ahead of the light before it has to wait."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When a stream's frames are due. Pure: seconds of any one clock in, seconds out."""

    origin: float

    def due(self, frame: int, now: float) -> tuple["Pace", float]:
        """The pace to go on with, and the moment at which ``frame`` shows: on the beat, or now when late."""
        due = self.origin + frame / FRAME_RATE
        return (self, due) if due >= now else (Pace(now - frame / FRAME_RATE), now)


class StreamSink:
    """Where an open stream's bytes go; what the API's ingest writes to."""

    def __init__(self, feed: ByteFeed, over: "asyncio.Future[None]") -> None:
        self._feed, self._over = feed, over

    async def write(self, data: bytes) -> None:
        """Takes ``data``, waiting while the stream is ahead.

        Raises AudioError once it cannot be decoded, CommandError once it was ended otherwise.
        """
        try:
            await self._feed.write(data)
        except AudioError:
            # The feed only knows that nobody reads any more; the session knows why.
            await asyncio.shield(self._over)
            raise CommandError("the music in this stream is over; open another one for more") from None

    async def finish(self) -> None:
        """The sender is done: shows what is left, then ends. Raises as ``write``."""
        self._feed.close()
        await asyncio.shield(self._over)

    async def abort(self, reason: str) -> None:
        """The sender is gone."""
        self._feed.abort(reason)


StreamMessage = Pause | Resume | Leave | Return | Restyle | SetDelay


class StreamSession(Actor[StreamMessage]):
    """Lights the channels from ``feed``: audio in a container, or bare samples when ``pcm`` is given.

    Paused, the stream goes on unseen: what arrives meanwhile is gone. Where songs are heard on a media player
    elsewhere, the stream is, too, and its lights wait for it.
    """

    def __init__(
        self,
        number: int,
        feed: ByteFeed,
        pcm: PcmFormat | None,
        *,
        over: "asyncio.Future[None]",
        style: Style,
        stage: Stage,
        delay: float,
        report: Callable[[SessionReport], None],
    ) -> None:
        self._number, self._feed, self._pcm, self._over = number, feed, pcm, over
        self._style, self._stage, self._delay, self._report = style, stage, delay, report
        self._sound: LiveSound | None = None
        self._has_stage = True
        self._hidden = False
        self._stop = threading.Event()

    async def started(self) -> None:
        if self._stage.air.remote:
            self._sound = await self.enter(self._stage.air.live())
        await self._stage.lights.tell(StartLive())
        self._say_live()
        self.spawn(self._run(), name="stream")

    def _say_live(self) -> None:
        self._report(SessionReport(self._number, State.LIVE, as_of=self._stage.clock()))

    async def receive(self, message: StreamMessage) -> object:
        match message:
            case Pause():
                self._hidden = True
            case Resume() | Return():
                self._hidden, self._has_stage = False, True
                await self._stage.lights.tell(StartLive())
                self._say_live()
            case Leave():
                self._has_stage = False
            case Restyle(style):
                self._style = style
            case SetDelay(seconds):
                self._delay = seconds
        return None

    async def stopped(self) -> None:
        self._stop.set()
        if not self._over.done():
            self._over.set_exception(CommandError("the stream was ended by another command"))
            self._over.exception()  # a sender that is gone will not ask
        self._feed.abort("the stream was ended by another command")
        if self._has_stage:
            self._has_stage = False
            await self._stage.lights.tell(EndShow())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()

        def emit(frame: LiveFrame) -> None:
            loop.call_soon_threadsafe(self._emit, frame)

        error = ""
        try:
            await asyncio.to_thread(self._work, emit)
            await asyncio.sleep(self._wait)
        except YulelightError as problem:
            error = str(problem)
            if not self._over.done():
                self._over.set_exception(problem)
                self._over.exception()  # a sender that is gone will not ask
        else:
            if not self._over.done():
                self._over.set_result(None)
        self._report(SessionReport(self._number, State.IDLE, error=error))

    @property
    def _wait(self) -> float:
        """Seconds that the lights wait for the player elsewhere; one that is heard here comes as it is heard."""
        if self._sound is None:
            return 0.0
        sound = self._stage.sound
        return max(0.0, sound.wait(self._delay) if sound else self._delay)

    def _emit(self, frame: LiveFrame) -> None:
        """Frames leave shortly before they are due, so that what happens meanwhile counts for them, too."""
        early = frame.at - self._stage.clock() - AHEAD - self._stage.live_delay
        if early > 0:
            asyncio.get_running_loop().call_later(early, self._post, frame)
        else:
            self._post(frame)

    def _post(self, frame: LiveFrame) -> None:
        if self._has_stage and not self._hidden:
            self._stage.lights.post(frame)

    def _heard(self, blocks: Iterator[Floats]) -> Iterator[Floats]:
        for block in blocks:
            if self._sound is not None:
                self._sound.push(block)
            yield block

    def _work(self, emit: Callable[[LiveFrame], None]) -> None:
        blocks = self._heard(pcm_blocks(self._feed, self._pcm) if self._pcm else stream_blocks(self._feed))
        clock, wait = self._stage.clock, self._wait
        pace, present, mapping = Pace(clock() + self._stage.live_delay + wait), None, None
        for k, (style, codes, loud, begins, side) in enumerate(analysed(blocks, lambda: self._style)):
            if mapping is None or style is not present:
                # Another style learns its ranges anew.
                present, mapping = style, LiveMapping(CHANNELS, FRAME_RATE, style.look, style.encoder.rest)
            if self._wait != wait:
                pace, wait = Pace(pace.origin + self._wait - wait), self._wait
            now = clock() + self._stage.live_delay + wait
            pace, at = pace.due(k, now)
            if self._stop.is_set() or (at - now > AHEAD and self._stop.wait(at - now - AHEAD)):
                return
            frame = mapping.step(codes, loud, begins)
            emit(LiveFrame(frame, at, side))


class Heard(NamedTuple):
    """A spectrum frame of a stream, analysed."""

    style: Style
    codes: Floats
    """(channels,)"""
    loudness: float
    """dBFS."""
    begins: bool
    """Whether a note begins with it."""
    pan: float
    """Where the sound is, from -1 (left) to 1 (right)."""


def analysed(blocks: Iterator[Floats], style: Callable[[], Style]) -> Iterator[Heard]:
    """Each spectrum frame of the (k, 2) ``blocks`` at 44.1 kHz; ``style`` is asked before each block."""
    spectrum, sides, trigger, present = SpectrumStream(), SidesStream(), Trigger(), style()
    encode = present.encoder.stream()
    keep, power = fade(HELD, FRAME_RATE), np.zeros(2, np.float32)

    def frames(magnitudes: Floats, powers: Floats) -> Iterator[Heard]:
        nonlocal power
        codes, loud, begins = encode.step(magnitudes), loudness(magnitudes).tolist(), trigger.step(magnitudes)
        for code, level, new, came in zip(codes, loud, begins, powers, strict=True):
            power = keep * power + (1 - keep) * came
            yield Heard(present, code, level, new, float(pan(power)))

    for block in blocks:
        if style() is not present:
            present = style()
            encode = present.encoder.stream()
        yield from frames(spectrum.push(mono(block)), sides.push(block))
    yield from frames(spectrum.flush(), sides.flush())
