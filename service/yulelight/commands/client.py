"""Talks to the running service of this machine's settings, for the command line."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from yulelight.app.settings import Settings
from yulelight.core import identity
from yulelight.core.errors import CommandError, NetworkError, UsageError

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
LARGEST = 16 * 1024 * 1024


class Client:
    """Asks one service. Every method raises CommandError with the service's own words, or NetworkError."""

    def __init__(self, session: aiohttp.ClientSession, where: str) -> None:
        self._session, self._where = session, where

    async def get(self, path: str) -> dict[str, Any]:
        """What ``path`` answers."""
        return await self._ask("GET", path, None)

    async def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to ``body``."""
        return await self._ask("PUT", path, body)

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to ``body``."""
        return await self._ask("POST", path, body)

    async def control(self, command: str, **fields: Any) -> dict[str, Any]:
        """The status after a command."""
        return await self._ask("POST", "/api/v1/control", {"command": command, **fields})

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        try:
            async with self._session.request(method, path, json=body) as answer:
                value = json.loads(await _bounded(answer))
        except (aiohttp.ClientConnectorError, TimeoutError) as error:
            raise NetworkError(
                f"no service answers at {self._where}; start it with `yulelight serve`, or name its port "
                "with --http-port"
            ) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise NetworkError(f"what listens at {self._where} is not Yulelight; see --http-port") from error
        if not isinstance(value, dict) or (answer.status != 200 and "error" not in value):
            raise NetworkError(f"what listens at {self._where} is not Yulelight; see --http-port")
        if answer.status != 200:
            raise CommandError(str(value["error"]))
        return value


async def _bounded(answer: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_any():
        data += chunk
        if len(data) > LARGEST:
            raise ValueError("too long an answer")
    return bytes(data)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Client]:
    """A client of the service that runs with ``settings`` on this machine."""
    host = settings.http.host
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)
    where = f"http://{host}:{settings.http.port}"
    try:
        token = identity.load(settings.data).token
    except UsageError as error:
        raise NetworkError(str(error)) from None
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(where, headers=headers, timeout=TIMEOUT) as session:
        yield Client(session, where)
