"""A client of WLED's JSON API over HTTP: two requests, limited in size and time."""

import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from yarl import URL

from yulelight.core.errors import NetworkError
from yulelight.outputs.wled.answers import MAX_BYTES, Device, read

TIMEOUT = aiohttp.ClientTimeout(total=4, connect=2)
"""Seconds; a device that also draws 500 LEDs takes up to a second to answer."""


class WledClient:
    """One device. Every method raises NetworkError."""

    def __init__(self, session: aiohttp.ClientSession, host: str, port: int = 80) -> None:
        self._session, self._base = session, URL.build(scheme="http", host=host, port=port)

    async def device(self) -> Device:
        """Its configuration and state."""
        return read(await self._ask("GET", "/json/si"))

    async def tell(self, state: Mapping[str, Any]) -> None:
        """Changes the fields in ``state``."""
        await self._ask("POST", "/json/state", json.dumps(state).encode())

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        headers = {"Content-Type": "application/json"} if body is not None else None
        try:
            async with self._session.request(
                method,
                self._base.with_path(path),
                data=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            ) as answer:
                data = bytearray()
                async for piece in answer.content.iter_chunked(8192):
                    data += piece
                    if len(data) > MAX_BYTES:
                        raise NetworkError("its answer is too long for a WLED device")
                if answer.status != 200:
                    raise NetworkError(f"it answers with status {answer.status}; is this a WLED device?")
                return bytes(data)
        except TimeoutError:
            raise NetworkError("does not answer; is it on, and in this network?") from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NetworkError(f"does not answer ({_reason(error)}); check host, and that it is on") from None


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
