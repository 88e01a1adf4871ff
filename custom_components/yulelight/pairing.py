"""Pairing without a token: a user allows this Home Assistant on the service's page."""

import asyncio
from typing import Any

from .contract.client import CannotConnectError, YulelightClient, YulelightError

POLL_INTERVAL = 1.0
"""Seconds between two requests for the answer."""
MAX_NAME = 64


class PairingRefusedError(YulelightError):
    """The request was refused."""

    reason = "pairing_refused"


class PairingExpiredError(YulelightError):
    """Nobody answered in time."""

    reason = "pairing_expired"


class NoPairingError(YulelightError):
    """The service does not support pairing, or has too many requests."""

    reason = "no_pairing"


class Pairing:
    """A pending pairing request. Both sides show ``code``."""

    def __init__(self, client: YulelightClient, body: dict[str, Any]) -> None:
        """``body`` is the service's answer to the request."""
        self._client = client
        self._path = f"pairing/{body['id']}"
        self._headers = {"X-Pairing-Secret": str(body["secret"])}
        self._expires = float(body["expires"])
        self.code = str(body["code"])

    @classmethod
    async def ask(cls, client: YulelightClient, name: str) -> Pairing:
        """Request pairing; ``name`` is the name of this Home Assistant. Raises CannotConnectError or
        NoPairingError.
        """
        shown = "".join(c for c in name if c.isprintable()).strip()[:MAX_NAME] or "Home Assistant"
        try:
            return cls(client, await client.request("POST", "pairing", {"name": shown}))
        except CannotConnectError:
            raise
        except (YulelightError, KeyError, TypeError, ValueError) as error:
            raise NoPairingError(str(error)) from error

    async def token(self) -> str:
        """Wait for the answer. Raises PairingRefusedError or PairingExpiredError."""
        try:
            async with asyncio.timeout(self._expires):
                while True:
                    if answer := await self._look():
                        return answer
                    await asyncio.sleep(POLL_INTERVAL)
        except TimeoutError as error:
            raise PairingExpiredError("nobody answered") from error

    async def withdraw(self) -> None:
        """Withdraw the request. Raises YulelightError."""
        await self._client.request("DELETE", self._path, headers=self._headers)

    async def _look(self) -> str:
        try:
            body = await self._client.request("GET", self._path, headers=self._headers)
            answer, token = str(body["answer"]), str(body.get("token", ""))
        except CannotConnectError:
            return ""  # Retry: it may be restarting.
        except (YulelightError, KeyError, TypeError, AttributeError) as error:
            raise PairingExpiredError(str(error)) from error
        if answer == "refused":
            raise PairingRefusedError("refused")
        return token
