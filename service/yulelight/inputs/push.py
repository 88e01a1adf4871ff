"""Sound that somebody sends: bytes in any container or bare samples, lit while they arrive."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from yulelight.audio.feed import ByteFeed
from yulelight.audio.pcm import PcmFormat
from yulelight.audio.stream import pcm_blocks, stream_blocks
from yulelight.core.errors import AudioError, CommandError, YulelightError
from yulelight.core.messages import Song
from yulelight.inputs.base import Block, Heard
from yulelight.inputs.threads import stepped


class PushInput:
    """An Input that is fed by ``write``. ``pcm``: the format of bare samples, None for a container."""

    def __init__(self, song: Song, pcm: PcmFormat | None) -> None:
        self.song = song
        self._pcm = pcm
        self._feed = ByteFeed()
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    # --- the player's side -----------------------------------------------------------------------------

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input. How it ended is what ``write`` and ``finish`` raise."""
        try:
            async with aclosing(self._heard()) as heard:
                yield heard
        except YulelightError as error:
            self._end(error)
            raise
        except BaseException:
            self._end(CommandError("the stream was ended by another command"))
            raise
        else:
            self._end(None)
        finally:
            self._feed.abort("the stream was ended by another command")

    async def _heard(self) -> AsyncGenerator[Heard]:
        blocks = pcm_blocks(self._feed, self._pcm) if self._pcm else stream_blocks(self._feed)
        async with aclosing(stepped(blocks, lambda: self._feed.abort("the stream is over"))) as steps:
            async for samples in steps:
                yield Block(samples)

    def _end(self, error: YulelightError | None) -> None:
        if self._over.done():
            return
        if error is None:
            self._over.set_result(None)
        else:
            self._over.set_exception(error)
            self._over.exception()  # a sender that is gone will not ask

    # --- the sender's side -----------------------------------------------------------------------------

    async def write(self, data: bytes) -> None:
        """Takes ``data``, waiting while the stream is ahead.

        Raises AudioError once it cannot be decoded, CommandError once it was ended otherwise.
        """
        try:
            await self._feed.write(data)
        except AudioError:
            # The feed only knows that nobody reads any more; the player knows why.
            await asyncio.shield(self._over)
            raise CommandError("the music in this stream is over; open another one for more") from None

    async def finish(self) -> None:
        """The sender is done: what is left is shown, then it ends. Raises as ``write``."""
        self._feed.close()
        await asyncio.shield(self._over)

    async def abort(self, reason: str) -> None:
        """The sender is gone."""
        self._feed.abort(reason)
