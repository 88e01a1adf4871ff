"""A stream's session: light for audio while it arrives.

Bytes are decoded, analysed and encoded in one worker thread, frame by frame. Frames keep the pace of the music:
a sender that is faster than real time waits, one that falls behind moves the stream's clock on.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from yulelight.actors import Actor, Ref
from yulelight.audio.ingest import ByteFeed, PcmFormat, pcm_blocks, stream_blocks
from yulelight.dsp.samples import Floats, mono
from yulelight.dsp.spectrum import FRAME_RATE, SpectrumStream, loudness
from yulelight.encoder.model import Encoder
from yulelight.errors import AudioError, CommandError, YulelightError
from yulelight.lights import EndShow, LightsMessage, LiveFrame, StartLive
from yulelight.messages import CHANNELS, State
from yulelight.session import SessionReport
from yulelight.show.look import Look
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


class StreamSession(Actor[None]):
    """Lights the channels from ``feed``: audio in a container, or bare samples when ``pcm`` is given."""

    def __init__(
        self,
        session: int,
        feed: ByteFeed,
        pcm: PcmFormat | None,
        over: "asyncio.Future[None]",
        *,
        encoder: Encoder,
        look: Look,
        lights: Ref[LightsMessage],
        report: Callable[[SessionReport], None],
        clock: Callable[[], float],
        delay: float,
    ) -> None:
        self._session, self._feed, self._pcm, self._over = session, feed, pcm, over
        self._encoder, self._look = encoder, look
        self._lights, self._report = lights, report
        self._clock, self._delay = clock, delay
        self._stop = threading.Event()

    async def started(self) -> None:
        await self._lights.tell(StartLive())
        self._report(SessionReport(self._session, State.LIVE))
        self.spawn(self._run(), name="stream")

    async def receive(self, message: None) -> object:
        return None

    async def stopped(self) -> None:
        self._stop.set()
        if not self._over.done():
            self._over.set_exception(CommandError("the stream was ended by another command"))
            self._over.exception()  # a sender that is gone will not ask
        self._feed.abort("the stream was ended by another command")
        await self._lights.tell(EndShow())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()

        def emit(frame: LiveFrame) -> None:
            loop.call_soon_threadsafe(self._lights.post, frame)

        error = ""
        try:
            await asyncio.to_thread(self._work, emit)
        except YulelightError as problem:
            error = str(problem)
            if not self._over.done():
                self._over.set_exception(problem)
                self._over.exception()  # a sender that is gone will not ask
        else:
            if not self._over.done():
                self._over.set_result(None)
        self._report(SessionReport(self._session, State.IDLE, error=error))

    def _work(self, emit: Callable[[LiveFrame], None]) -> None:
        blocks = pcm_blocks(self._feed, self._pcm) if self._pcm else stream_blocks(self._feed)
        mapping = LiveMapping(CHANNELS, FRAME_RATE, self._look, self._encoder.rest)
        pace = Pace(self._clock() + self._delay)
        for k, (codes, loud) in enumerate(analysed(blocks, self._encoder)):
            now = self._clock() + self._delay
            pace, at = pace.due(k, now)
            if self._stop.is_set() or (at - now > AHEAD and self._stop.wait(at - now - AHEAD)):
                return
            emit(LiveFrame(mapping.step(codes, loud), at))


def analysed(blocks: Iterator[Floats], encoder: Encoder) -> Iterator[tuple[Floats, float]]:
    """Codes (channels,) and loudness in dBFS of each frame of the (k, 2) ``blocks`` at 44.1 kHz."""
    spectrum, encode = SpectrumStream(), encoder.stream()
    for block in blocks:
        frames = spectrum.push(mono(block))
        yield from zip(encode.step(frames), loudness(frames).tolist(), strict=True)
    frames = spectrum.flush()
    yield from zip(encode.step(frames), loudness(frames).tolist(), strict=True)
