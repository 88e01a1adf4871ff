"""Songs from the web: pulled into a file that lives as long as it is needed."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from yulelight.audio.decode import probe
from yulelight.core.errors import AudioError, UsageError

LARGEST = 200_000_000
"""Bytes of a song."""
PATIENCE = 120.0
"""Seconds for all of it."""
LONGEST_URL = 2000
MAGIC = {
    b"OggS": ".ogg",
    b"fLaC": ".flac",
    b"RIFF": ".wav",
    b"FORM": ".aiff",
    b"\x1aE\xdf\xa3": ".webm",
    b"\x30\x26\xb2\x75": ".wma",
    b"\xff\xf1": ".aac",
    b"\xff\xf9": ".aac",
}
MPEG = (b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3", b"\xe2")
"""Second bytes of an MPEG layer III frame."""


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
        except aiohttp.ServerTimeoutError:
            raise AudioError(f"{_host(url)} did not send the song: it is silent; try again later") from None
        except TimeoutError:
            raise AudioError(f"{_host(url)} did not send the whole song within {patience:g} s") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise AudioError(f"{_host(url)} did not send the song: {_why(error)}") from None
        yield await asyncio.to_thread(_named, url, path)
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


def _named(url: str, path: Path) -> Path:
    """The file under a name that says what it is. Raises AudioError if it is no music."""
    with path.open("rb") as file:
        named = path.with_suffix(suffix_of(file.read(12)))
    path.rename(named)
    _check(url, named)
    return named


def suffix_of(start: bytes) -> str:
    """Of a file that begins so, such as ``.mp3``; players that fetch it look at it. Empty when that is unknown."""
    if start[4:8] == b"ftyp":
        return ".m4a"
    if start[:3] == b"ID3" or (start[:1] == b"\xff" and start[1:2] in MPEG):
        return ".mp3"
    return next((suffix for magic, suffix in MAGIC.items() if start.startswith(magic)), "")


def _check(url: str, path: Path) -> None:
    try:
        probe(path)
    except AudioError:
        raise AudioError(f"what {_host(url)} sent is not music this program can read") from None


def _why(error: Exception) -> str:
    match error:
        case aiohttp.TooManyRedirects():
            return "it sends round in circles; check the address"
        case aiohttp.InvalidURL():
            return "it sends elsewhere than to http or https; check the address"
        case aiohttp.ClientPayloadError():
            return "it broke off in the middle; try again later"
        case _:
            return str(error) or type(error).__name__


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the address"
