"""Internet radio: the address of a station, of a list that names it (.m3u, .pls), or of its HLS playlist (.m3u8)."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from urllib.parse import urlsplit

import aiohttp

from yulelight.core.errors import AudioError, NetworkError
from yulelight.core.messages import Song
from yulelight.core.reach import Reach
from yulelight.core.web_address import checked
from yulelight.inputs import hls, shoutcast
from yulelight.inputs.base import Heard, Playing
from yulelight.inputs.icy import Icy, first_address, song, step_in
from yulelight.inputs.pipe import contained
from yulelight.inputs.plain import plain
from yulelight.inputs.url import answers_icy, is_list, is_station, only_within

LISTS = 3
"""Lists that may name each other."""
MAX_LIST_BYTES = 65_536
"""Bytes of a list."""
LIST_PATIENCE = 10.0
"""Seconds for a list to come."""
MAX_SEGMENT_BYTES = 20_000_000
"""Bytes of a segment of HLS."""
SEGMENT_PATIENCE = 60.0
"""Seconds for a segment of HLS to come."""
SILENCE = 60.0
"""Seconds after which a station that sends what gives no sound is taken for broken off."""
ASKED = {"Icy-MetaData": "1", "Accept-Encoding": "identity"}
"""Header fields of a request: titles are wanted; sound is compressed already, and is not packed once more."""
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20)


class RadioInput:
    """An Input of the station at ``url``, which must be within ``reach``. Titles are told as they come."""

    def __init__(self, song: Song, url: str, reach: Reach) -> None:
        self.song = song
        self.name = ""
        """What the station calls itself; known once it is open."""
        self.finite = False
        """Whether it is over when it ends, as a file is, rather than broken off; known once it has ended."""
        self._url, self._reach = url, reach

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input."""
        connector = aiohttp.TCPConnector(socket_factory=only_within(self._reach), force_close=True)
        titles: deque[str] = deque(maxlen=8)
        async with AsyncExitStack() as held:
            session = await held.enter_async_context(
                aiohttp.ClientSession(timeout=TIMEOUT, connector=connector, trust_env=False)
            )
            sound = await self._station(session, titles, held)
            yield await held.enter_async_context(aclosing(self._heard(sound, titles)))

    async def _station(
        self, session: aiohttp.ClientSession, titles: deque[str], held: AsyncExitStack
    ) -> AsyncIterator[bytes]:
        """The sound of the station, whose titles come in ``titles``; ``held`` is open as long as it is heard."""
        url = self._url
        for _ in range(LISTS):
            try:
                answer = await self._answer(session, url)
            except _NoHttpError:
                headers, sound = await held.enter_async_context(shoutcast.stream(url, self._reach))
                self.name = plain(headers.get("icy-name", ""))
                return _without_titles(sound, headers.get("icy-metaint", ""), titles)
            held.callback(answer.close)
            if not is_list(answer):
                self.name = plain(answer.headers.get("icy-name", ""))
                self.finite = answer.content_length is not None and not is_station(answer)
                return _without_titles(self._sound(answer), answer.headers.get("icy-metaint", ""), titles)
            text = await _text(answer)
            answer.close()
            if "#EXT-X-" in text:
                self.finite = True  # its playlist says whether it ends; otherwise it raises an error
                return hls.pieces(str(answer.url), text, lambda part: self._whole(session, part))
            found = first_address(text)
            if found is None:
                raise AudioError("the station's list names no stream")
            url = found
        raise AudioError("the station's lists only refer to other lists")

    async def _answer(self, session: aiohttp.ClientSession, url: str) -> aiohttp.ClientResponse:
        try:
            answer = await session.get(checked(url), headers=ASKED, max_redirects=5)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            if answers_icy(error) and url.startswith("http://"):
                raise _NoHttpError from None
            host = urlsplit(self._url).hostname
            raise NetworkError(
                f"the station at {host} does not answer; check the address, and that it is within the setting "
                f"urls.reach ({self._reach})"
            ) from None
        if answer.status != 200:
            answer.close()
            raise NetworkError(f"the station answered with status {answer.status}; check its address")
        return answer

    async def _whole(self, session: aiohttp.ClientSession, url: str) -> bytes:
        """A playlist or a segment of HLS. Raises NetworkError."""
        async with await self._answer(session, url) as answer:
            found = bytearray()
            try:
                async with asyncio.timeout(SEGMENT_PATIENCE):
                    async for piece in answer.content.iter_any():
                        found += piece
                        if len(found) > MAX_SEGMENT_BYTES:
                            raise NetworkError("the station sends a segment that is too large")
            except (aiohttp.ClientError, TimeoutError, OSError):
                raise NetworkError("the station has stopped sending; reconnecting") from None
            return bytes(found)

    async def _heard(self, sound: AsyncIterator[bytes], titles: deque[str]) -> AsyncGenerator[Heard]:
        async with aclosing(contained(sound)) as blocks:
            while True:
                try:
                    async with asyncio.timeout(SILENCE):
                        block = await anext(blocks, None)
                except TimeoutError:
                    raise NetworkError("the station has stopped sending; reconnecting") from None
                if block is None:
                    return
                while titles:
                    yield Playing(song(titles.popleft(), self.song.title))
                yield block

    async def _sound(self, answer: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        try:
            async for piece in answer.content.iter_any():
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError):
            self.finite = False  # what has come is heard; whoever keeps the input connects again


async def _text(answer: aiohttp.ClientResponse) -> str:
    """A list: what of it comes within MAX_LIST_BYTES and LIST_PATIENCE."""
    found = bytearray()
    with suppress(aiohttp.ClientError, TimeoutError, OSError):
        async with asyncio.timeout(LIST_PATIENCE):
            while len(found) < MAX_LIST_BYTES and (
                piece := await answer.content.read(MAX_LIST_BYTES - len(found))
            ):
                found += piece
    return found.decode(errors="replace")


class _NoHttpError(Exception):
    """The server answers as Shoutcast did before it spoke HTTP."""


async def _without_titles(sound: AsyncIterator[bytes], step: str, titles: deque[str]) -> AsyncIterator[bytes]:
    apart = step_in(step.strip())
    icy = None if apart is None else Icy(apart)
    async for piece in sound:
        left, found = icy.push(piece) if icy else (piece, [])
        titles.extend(found)
        if left:
            yield left
