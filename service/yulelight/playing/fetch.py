"""Songs from the web: pulled into a file that lives as long as it is needed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from yulelight.audio.decode import probe
from yulelight.errors import AudioError, UsageError

LARGEST = 200_000_000
"""Bytes of a song."""
PATIENCE = 120.0
"""Seconds for all of it."""
LONGEST_URL = 2000


def checked(url: str) -> str:
    """The address, if it is one that is pulled. Raises UsageError."""
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= LONGEST_URL
    except ValueError:
        fine = False
    if not fine or not url.isprintable():
        raise UsageError("an address to play begins with http:// or https:// and names a host")
    return url


@asynccontextmanager
async def fetched(url: str, *, largest: int = LARGEST, patience: float = PATIENCE) -> AsyncIterator[Path]:
    """A file with the song at ``url``, removed on leaving.

    Raises UsageError for another kind of address, AudioError when the song does not come whole within ``largest``
    bytes and ``patience`` seconds, or is none.
    """
    checked(url)
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="yulelight-")
    try:
        path = Path(folder.name) / "song"
        try:
            async with asyncio.timeout(patience):
                await _pull(url, path, largest)
        except TimeoutError:
            raise AudioError(f"{_host(url)} did not send the whole song within {patience:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise AudioError(f"{_host(url)} did not send the song: {error or type(error).__name__}") from None
        await asyncio.to_thread(_check, url, path)
        yield path
    finally:
        await asyncio.to_thread(folder.cleanup)


async def _pull(url: str, path: Path, largest: int) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url, max_redirects=5) as answer:
        if answer.url.scheme not in ("http", "https"):
            raise AudioError(f"{_host(url)} sends elsewhere than to http or https")
        if answer.status != 200:
            raise AudioError(f"{_host(url)} answered {answer.status} and no song; check the address")
        size = 0
        with await asyncio.to_thread(path.open, "wb") as file:
            async for piece in answer.content.iter_chunked(65536):
                size += len(piece)
                if size > largest:
                    raise AudioError(
                        f"what {_host(url)} sends is larger than {largest // 1_000_000} MB; "
                        "endless streams go to /api/v1/ingest"
                    )
                await asyncio.to_thread(file.write, piece)


def _check(url: str, path: Path) -> None:
    try:
        probe(path)
    except AudioError:
        raise AudioError(f"what {_host(url)} sent is not music this program can read") from None


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the address"
