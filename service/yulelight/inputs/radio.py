"""Internet radio: the address of a station, or of a list that names it (.m3u, .pls)."""

from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from urllib.parse import urlsplit

import aiohttp

from yulelight.core.errors import AudioError, NetworkError
from yulelight.core.messages import Song
from yulelight.core.reach import Reach
from yulelight.inputs.base import Heard, Playing
from yulelight.inputs.icy import LARGEST_STEP, Icy, first_address, song
from yulelight.inputs.pipe import contained
from yulelight.inputs.url import checked, only_within

LISTS = 3
"""Lists that may name each other."""
LARGEST_LIST = 65_536
"""Bytes of a list."""
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20)


class RadioInput:
    """An Input of the station at ``url``, which must be within ``reach``. Titles are told as they come."""

    def __init__(self, song: Song, url: str, reach: Reach) -> None:
        self.song = song
        self._url, self._reach = url, reach

    @asynccontextmanager
    async def open(self) -> AsyncIterator[AsyncIterator[Heard]]:
        """See Input."""
        connector = aiohttp.TCPConnector(socket_factory=only_within(self._reach), force_close=True)
        async with aiohttp.ClientSession(timeout=TIMEOUT, connector=connector, trust_env=False) as session:
            answer = await self._station(session)
            try:
                async with aclosing(self._heard(answer)) as heard:
                    yield heard
            finally:
                answer.close()

    async def _station(self, session: aiohttp.ClientSession) -> aiohttp.ClientResponse:
        url = self._url
        for _ in range(LISTS):
            answer = await self._answer(session, url)
            if not _is_list(answer):
                return answer
            try:
                text = (await answer.content.read(LARGEST_LIST)).decode(errors="replace")
            except (aiohttp.ClientError, TimeoutError, OSError):
                text = ""
            answer.close()
            if "#EXT-X-" in text:
                raise AudioError(
                    "the station sends HLS, which is not read; use its stream of mp3, AAC or Ogg"
                )
            found = first_address(text)
            if found is None:
                raise AudioError("the station's list names no stream")
            url = found
        raise AudioError("the station's lists only name more lists")

    async def _answer(self, session: aiohttp.ClientSession, url: str) -> aiohttp.ClientResponse:
        try:
            answer = await session.get(checked(url), headers={"Icy-MetaData": "1"}, max_redirects=5)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            host = urlsplit(self._url).hostname
            raise NetworkError(
                f"the station at {host} does not answer; check the address, and that it is within the setting "
                f"urls.reach ({self._reach})"
            ) from None
        if answer.status != 200:
            answer.close()
            raise NetworkError(f"the station answers with status {answer.status}; check its address")
        return answer

    async def _heard(self, answer: aiohttp.ClientResponse) -> AsyncGenerator[Heard]:
        titles: deque[str] = deque(maxlen=8)
        async with aclosing(contained(_pieces(answer, titles))) as blocks:
            async for block in blocks:
                while titles:
                    yield Playing(song(titles.popleft(), self.song.title))
                yield block


async def _pieces(answer: aiohttp.ClientResponse, titles: deque[str]) -> AsyncIterator[bytes]:
    step = answer.headers.get("icy-metaint", "")
    icy = Icy(int(step)) if step.isascii() and step.isdigit() and 0 < int(step[:9]) <= LARGEST_STEP else None
    try:
        async for piece in answer.content.iter_any():
            sound, found = icy.push(piece) if icy else (piece, [])
            titles.extend(found)
            if sound:
                yield sound
    except (aiohttp.ClientError, TimeoutError, OSError):
        return  # what has come is heard; whoever keeps the input connects again


def _is_list(answer: aiohttp.ClientResponse) -> bool:
    kind = answer.content_type.lower()
    return (
        "mpegurl" in kind
        or "scpls" in kind
        or "pls+xml" in kind
        or answer.url.path.endswith((".m3u", ".pls", ".m3u8"))
    )
