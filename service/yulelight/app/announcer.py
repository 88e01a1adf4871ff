"""Announces the service on the local network over zeroconf, and withdraws it on stop."""

import logging
import secrets
from dataclasses import dataclass

from zeroconf import DNSQuestionType, Error, InterfaceChoice
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from yulelight import __version__
from yulelight.actors import Actor
from yulelight.core.network import own_addresses
from yulelight.node.discover import SERVICE_TYPE

log = logging.getLogger(__name__)

_ASK_MS = 1200
"""An answer may be delayed by a second (RFC 6762, 6)."""
_MAX_NAME_TRIES = 20
API_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Announcement:
    """The announced data. ``mqtt_host`` is empty if the broker is on this machine; without a broker ``mqtt_port`` is
    None, and light nodes keep searching.
    """

    id: str
    name: str
    port: int
    mqtt_port: int | None
    mqtt_host: str = ""

    def info(self, addresses: list[str]) -> AsyncServiceInfo:
        """The service record; TXT keys as in docs/architecture.md."""
        properties = {
            "id": self.id,
            "version": __version__,
            "api": API_VERSION,
            "name": self.name,
            # Different after each start, so that clients with a cached announcement notice that the service is back.
            "start": secrets.token_hex(4),
        }
        if self.mqtt_port is not None:
            properties |= {"mqtt": str(self.mqtt_port), "mqtt_host": self.mqtt_host}
        return AsyncServiceInfo(
            SERVICE_TYPE,
            f"{_label(self.name)}.{SERVICE_TYPE}",
            parsed_addresses=addresses,
            port=self.port,
            properties=properties,
            server=f"yulelight-{self.id}.local.",
        )


class Announcer(Actor[None]):
    """Announces the service while it runs. Without a usable network, the service runs unannounced."""

    def __init__(self, announcement: Announcement, interfaces: list[str]) -> None:
        self._announcement = announcement
        self._interfaces: list[str] | InterfaceChoice = interfaces or InterfaceChoice.Default
        self._zeroconf: AsyncZeroconf | None = None
        self.name = ""
        """The announced name, which differs from the requested one if that was in use."""

    async def started(self) -> None:
        addresses = self._interfaces if isinstance(self._interfaces, list) else await own_addresses()
        info = self._announcement.info(addresses)
        try:
            self._zeroconf = AsyncZeroconf(interfaces=self._interfaces)
            await self._free_name(info)
            # The name is changed ("Yulelight-2") if another service already has it.
            await (await self._zeroconf.async_register_service(info, allow_name_change=True))
        except (OSError, Error) as error:
            log.warning("not announced on the network (%s); clients need the address by hand", error)
            return
        self.name = info.name.removesuffix(f".{SERVICE_TYPE}")
        log.info("announced as %s", self.name)

    async def _free_name(self, info: AsyncServiceInfo) -> None:
        """Appends a number to ``info``'s name until it is unused.

        Registration checks the name, too, but its answers are sent to port 5353 of this machine, which another
        program may be using. The queries here are answered by multicast.
        """
        assert self._zeroconf is not None
        plain, number = info.name.removesuffix(f".{SERVICE_TYPE}"), 1
        while number < _MAX_NAME_TRIES and await AsyncServiceInfo(SERVICE_TYPE, info.name).async_request(
            self._zeroconf.zeroconf, _ASK_MS, DNSQuestionType.QM
        ):
            number += 1
            info.name = f"{plain}-{number}.{SERVICE_TYPE}"

    async def receive(self, message: None) -> object:
        return None

    async def stopped(self) -> None:
        if self._zeroconf:
            await self._zeroconf.async_unregister_all_services()
            await self._zeroconf.async_close()


def _label(name: str) -> str:
    """The name as a DNS label of at most 63 bytes, with room for a number."""
    plain = "".join(c if c.isprintable() and c != "." else " " for c in name)
    return plain.encode()[:58].decode(errors="ignore").strip() or "Yulelight"
