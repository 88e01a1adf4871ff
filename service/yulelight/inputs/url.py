"""Downloads songs from the web to temporary files."""

import asyncio
import logging
import socket
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp

from yulelight.core.errors import AudioError
from yulelight.core.reach import Reach, within
from yulelight.core.web_address import checked, host_of
from yulelight.library.reader import ProcessReader

log = logging.getLogger(__name__)

MAX_BYTES = 200_000_000
"""Bytes of a song."""
PATIENCE = 120.0
"""Seconds for the complete download."""
ENDLESS = 15.0
"""Seconds after which what has no length and still comes is taken for a station."""
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
AddrInfo: TypeAlias = tuple[Any, Any, int, str, tuple[Any, ...]]
"""As ``socket.getaddrinfo`` gives it."""
MPEG = (b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3", b"\xe2")
"""Second bytes of an MPEG layer III frame."""


_IS_STATION = "{} is a radio station: it can be played, but not announced"


class StationFoundError(AudioError):
    """A radio station answers, whose sound has no end: it is not fetched but listened to."""


@asynccontextmanager
async def fetched(
    url: str, *, reach: Reach = "public", largest: int = MAX_BYTES, patience: float = PATIENCE
) -> AsyncIterator[Path]:
    """A file with the song at ``url``, removed on leaving.

    Connects only to addresses within ``reach``, also where the answer sends elsewhere. Raises UsageError for another
    kind of address, StationFoundError when a radio station answers there, AudioError when no song comes whole within
    ``largest`` bytes and ``patience`` seconds. Its text is the same whatever the cause, so that nobody learns from it
    what else is on the network; the log says the cause.
    """
    checked(url)
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="yulelight-")
    try:
        path = Path(folder.name) / "song"
        try:
            async with asyncio.timeout(patience):
                await _pull(url, path, reach, largest)
            named = await asyncio.to_thread(_named, path)
        except StationFoundError:
            raise
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AudioError) as error:
            if answers_icy(error):
                raise StationFoundError(_IS_STATION.format(host_of(url))) from None
            log.info("no song from %s: %s", host_of(url), str(error) or type(error).__name__)
            raise AudioError(
                f"{host_of(url)} did not send a song: check the address; it must answer within {patience:g} s with a "
                f"file of music of at most {largest / 1e6:.3g} MB, and be within the setting urls.reach ({reach})"
            ) from None
        yield named
    finally:
        await asyncio.to_thread(folder.cleanup)


async def _pull(url: str, path: Path, reach: Reach, largest: int) -> None:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)
    connector = aiohttp.TCPConnector(socket_factory=only_within(reach), force_close=True)
    async with (
        aiohttp.ClientSession(timeout=timeout, connector=connector, trust_env=False) as session,
        session.get(url, max_redirects=5) as answer,
    ):
        if answer.url.scheme not in ("http", "https"):
            raise AudioError("it redirects to something other than http or https")
        if answer.status != 200:
            raise AudioError(f"it answered {answer.status}")
        if is_station(answer):
            raise StationFoundError(_IS_STATION.format(host_of(url)))
        begun, size = asyncio.get_running_loop().time(), 0
        with await asyncio.to_thread(path.open, "wb") as file:
            async for piece in answer.content.iter_chunked(65536):
                size += len(piece)
                if size > largest:
                    raise AudioError("it is larger than the limit")
                if answer.content_length is None and asyncio.get_running_loop().time() - begun > ENDLESS:
                    raise StationFoundError(_IS_STATION.format(host_of(url)))
                await asyncio.to_thread(file.write, piece)


def is_list(answer: aiohttp.ClientResponse) -> bool:
    """Whether the answer names streams (.m3u, .pls, HLS), by its type or its address."""
    kind = answer.content_type.lower()
    named = answer.url.path.lower().endswith((".m3u", ".pls", ".m3u8"))
    return named or any(word in kind for word in ("mpegurl", "scpls", "pls+xml"))


def is_station(answer: aiohttp.ClientResponse) -> bool:
    """Whether a radio station answers: with a list, or with the header fields of ICY."""
    return is_list(answer) or any(name.lower().startswith(("icy-", "ice-")) for name in answer.headers)


def answers_icy(error: Exception) -> bool:
    """Whether a server answered "ICY 200 OK", as Shoutcast did before it spoke HTTP."""
    return "ICY 200" in str(error)


def only_within(reach: Reach) -> Callable[[AddrInfo], socket.socket]:
    """Gives what makes the sockets of connections, and none for an address out of ``reach``.

    It is asked last, with the very address that is connected to next: so names that resolve to something else the
    second time, and answers that send elsewhere, come no further.
    """

    def make(info: AddrInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        if not within(str(address[0]), reach):
            raise OSError(f"{address[0]} is not within the setting urls.reach ({reach})")
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def _named(path: Path) -> Path:
    """The file under a name that says what it is. Raises AudioError if it is no music."""
    with path.open("rb") as file:
        named = path.with_suffix(suffix_of(file.read(12)))
    path.rename(named)
    with ProcessReader() as reader:
        reader.check(named)
    return named


def suffix_of(start: bytes) -> str:
    """Of a file that begins so, such as ``.mp3``; players that fetch it look at it. Empty when that is unknown."""
    if start[4:8] == b"ftyp":
        return ".m4a"
    if start[:3] == b"ID3" or (start[:1] == b"\xff" and start[1:2] in MPEG):
        return ".mp3"
    return next((suffix for magic, suffix in MAGIC.items() if start.startswith(magic)), "")
