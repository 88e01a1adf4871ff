"""A client of the running service on this machine, for the command line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from yulelight.app.last_run import as_last_run
from yulelight.app.settings import Settings
from yulelight.core import identity
from yulelight.core.errors import CommandError, NetworkError, UsageError
from yulelight_client.client import CannotConnectError, NotYulelightError, YulelightClient, YulelightError

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)


class Client:
    """A client of one service. Every method raises CommandError with the service's message, or NetworkError."""

    def __init__(self, session: aiohttp.ClientSession, where: URL, token: str) -> None:
        self._client, self._where = YulelightClient(session, where, token), where

    async def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """The answer to GET ``path``, relative to the API."""
        return await self._ask("GET", path, None, query)

    async def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to ``body``."""
        return await self._ask("PUT", path, body)

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to ``body``."""
        return await self._ask("POST", path, body)

    async def delete(self, path: str) -> dict[str, Any]:
        """The answer to DELETE ``path``."""
        return await self._ask("DELETE", path, None)

    async def control(self, command: str, **fields: Any) -> dict[str, Any]:
        """The status after a command."""
        return await self._ask("POST", "control", {"command": command, **fields})

    async def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, query: dict[str, str | int] | None = None
    ) -> dict[str, Any]:
        try:
            value = await self._client.request(method, path, body, query, timeout=TIMEOUT)
        except CannotConnectError as error:
            raise NetworkError(
                f"no service answers at {self._where}; start it with `yulelight serve`, or name its port "
                "with --http-port"
            ) from error
        except NotYulelightError as error:
            raise NetworkError(f"what listens at {self._where} is not Yulelight; see --http-port") from error
        except YulelightError as error:
            raise CommandError(str(error)) from error
        if not isinstance(value, dict):
            raise NetworkError(f"what listens at {self._where} is not Yulelight; see --http-port")
        return value


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Client]:
    """A client of the service that runs with ``settings`` on this machine."""
    settings = await asyncio.to_thread(as_last_run, settings)
    host = settings.http.host
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)
    where = f"http://{host}:{settings.http.port}"
    try:
        token = identity.load(settings.data).token
    except UsageError as error:
        raise NetworkError(str(error)) from None
    async with aiohttp.ClientSession() as session:
        yield Client(session, URL(where), token)
