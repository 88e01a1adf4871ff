"""A client for old Shoutcast servers, which answer "ICY 200 OK" instead of HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from yulelight.core.errors import NetworkError
from yulelight.core.reach import Reach
from yulelight.inputs.url import only_within

PATIENCE = 20.0
"""Timeout in seconds for connecting and for data."""
MAX_HEAD_BYTES = 16_384
PIECE = 8192


@asynccontextmanager
async def stream(url: str, reach: Reach) -> AsyncIterator[tuple[Mapping[str, str], AsyncIterator[bytes]]]:
    """The headers (names in small letters) and the sound of the server at ``url``, an address of plain http.

    Connects only within ``reach``. Raises NetworkError.
    """
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await _connect(parts.hostname or "", parts.port or 80, reach)
    except (OSError, TimeoutError, ValueError):
        raise NetworkError(f"the station at {parts.hostname} does not answer; check the address") from None
    try:
        try:
            request = f"GET {path} HTTP/1.0\r\nHost: {parts.netloc}\r\nIcy-MetaData: 1\r\n\r\n"
            writer.write(request.encode("ascii", errors="replace"))
            async with asyncio.timeout(PATIENCE):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            raise NetworkError(f"the station at {parts.hostname} does not answer as stations do") from None
        first, *lines = head.split("\r\n")
        if first.split()[:2] != ["ICY", "200"]:
            raise NetworkError(f"the station at {parts.hostname} answers {first[:40]!r}; check its address")
        fields = (line.partition(":") for line in lines if ":" in line)
        yield {name.strip().lower(): value.strip() for name, _, value in fields}, _sound(reader)
    finally:
        writer.close()


async def _connect(host: str, port: int, reach: Reach) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    loop, problem = asyncio.get_running_loop(), OSError("it has no address")
    allowed = only_within(reach)
    for family, kind, protocol, name, address in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = allowed((family, kind, protocol, name, address))
        except OSError as error:
            problem = error
            continue
        sock.setblocking(False)
        try:
            await loop.sock_connect(sock, address)
            return await asyncio.open_connection(sock=sock, limit=MAX_HEAD_BYTES)
        except OSError as error:
            problem = error
            sock.close()
        except BaseException:
            sock.close()
            raise
    raise problem


async def _sound(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    with suppress(OSError, TimeoutError):  # what has come is heard; whoever keeps the input connects again
        while True:
            async with asyncio.timeout(PATIENCE):
                data = await reader.read(PIECE)
            if not data:
                return
            yield data
