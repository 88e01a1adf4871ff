"""Detects that the sender of a stream has gone although not all of its data has been read.

A stream is read at the pace of the music, so minutes of it may wait in the buffers of both machines, and the end of
the connection is not seen until they have been read. But a machine whose sender has gone answers any data with a
reset, so harmless data is sent to it periodically.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

PROBE_INTERVAL = 2.0
ACK_TIMEOUT = 15.0
"""Seconds without acknowledgement after which the machine counts as lost."""
LOST = "the sender's connection was lost"

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""Clients must accept any number of these before the answer (RFC 9110, 15.2)."""


@asynccontextmanager
async def listening_for(
    transport: asyncio.Transport,
    beat: Callable[[], Awaitable[object]] | None,
    lost: Callable[[str], Awaitable[object]],
    every: float = PROBE_INTERVAL,
) -> AsyncIterator[None]:
    """During the block, ``beat`` is called periodically to send data; ``lost`` is called once if the connection is
    lost.

    Without ``beat``, for clients that do not support it, only the state of the connection is checked.
    """
    _give_up_on_silence(transport)
    watch = asyncio.create_task(_watch(transport, beat, lost, every))
    try:
        yield
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


async def _watch(
    transport: asyncio.Transport,
    beat: Callable[[], Awaitable[object]] | None,
    lost: Callable[[str], Awaitable[object]],
    every: float,
) -> None:
    while not transport.is_closing():
        await asyncio.sleep(every)
        # A client that does not read before it has sent everything must not fill our memory.
        if beat is not None and not transport.is_closing() and transport.get_write_buffer_size() == 0:
            with contextlib.suppress(ConnectionError):
                await beat()
    await lost(LOST)


def _give_up_on_silence(transport: asyncio.Transport) -> None:
    connection = transport.get_extra_info("socket")
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if connection is not None and option is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, option, round(1000 * ACK_TIMEOUT))
