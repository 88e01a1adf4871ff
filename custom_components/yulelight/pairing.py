"""Pairing without a token: the service's page asks whether this Home Assistant may come in."""

import asyncio
from typing import Any

from .contract.client import CannotConnectError, YulelightClient, YulelightError

POLL_INTERVAL = 1.0
"""Seconds between two looks for the answer."""
MAX_NAME = 64


class PairingRefusedError(YulelightError):
    """Somebody said no."""

    reason = "pairing_refused"


class PairingExpiredError(YulelightError):
    """Nobody answered in time."""

    reason = "pairing_expired"


class NoPairingError(YulelightError):
    """The service cannot do this: an older one, or too many ask it."""

    reason = "no_pairing"


class Pairing:
    """A request that waits for its answer. Both sides show ``code``."""

    def __init__(self, client: YulelightClient, body: dict[str, Any]) -> None:
        """``body`` is what the service answered to the request."""
        self._client = client
        self._path = f"pairing/{body['id']}"
        self._headers = {"X-Pairing-Secret": str(body["secret"])}
        self._expires = float(body["expires"])
        self.code = str(body["code"])

    @classmethod
    async def ask(cls, client: YulelightClient, name: str) -> Pairing:
        """Begin; ``name`` is how this Home Assistant is called. Raises CannotConnectError or NoPairingError."""
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
        """Nobody waits for the answer any more. Raises YulelightError."""
        await self._client.request("DELETE", self._path, headers=self._headers)

    async def _look(self) -> str:
        try:
            body = await self._client.request("GET", self._path, headers=self._headers)
            answer, token = str(body["answer"]), str(body.get("token", ""))
        except CannotConnectError:
            return ""  # It may be back in a moment.
        except (YulelightError, KeyError, TypeError, AttributeError) as error:
            raise PairingExpiredError(str(error)) from error
        if answer == "refused":
            raise PairingRefusedError("refused")
        return token
