"""Whether the sender of a stream is still there, though nobody has read all that it sent.

A stream is read at the pace of the music, so minutes of it may wait in the buffers of both machines, behind which the
end of the connection is not seen. A machine whose sender is gone answers anything that is sent to it with a reset,
though: so something is sent now and then that clients pass over.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

PROBE_INTERVAL = 2.0
ACK_TIMEOUT = 15.0
"""Seconds after which a machine that acknowledges nothing is taken for lost."""
LOST = "the sender's connection was lost"

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""Clients must be able to read any number of these before the answer (RFC 9110, 15.2)."""


@asynccontextmanager
async def listening_for(
    transport: asyncio.Transport,
    beat: Callable[[], Awaitable[object]] | None,
    lost: Callable[[str], Awaitable[object]],
    every: float = PROBE_INTERVAL,
) -> AsyncIterator[None]:
    """For the block, ``beat`` sends something every so often; ``lost`` is called once when nobody is there any more.

    Without ``beat`` (a client that would not understand) it is only looked whether the connection is open.
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
        # A client that reads nothing until it has sent all must not fill our memory.
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
