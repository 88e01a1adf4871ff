"""A running service, for its caller."""

from dataclasses import dataclass

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.app.addresses import in_url, interfaces, reachable
from yulelight.app.settings import Settings
from yulelight.app.settings_groups import Http
from yulelight.core.errors import UsageError
from yulelight.core.identity import Identity
from yulelight.core.messages import ShowEvent, Status
from yulelight.core.network import own_address
from yulelight.library.librarian import LibraryState
from yulelight.library.songs import Library
from yulelight.mqtt.address import BrokerAddress
from yulelight.player.director import DirectorMessage


@dataclass(frozen=True, slots=True)
class Service:
    """The addresses and properties of a running service."""

    identity: Identity
    settings: Settings
    library: Library
    mqtt: BrokerAddress | None
    """The address of the broker; None without MQTT."""
    director: Ref[DirectorMessage]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    supervisor: Supervisor
    sound: str
    """Why there is no sound; empty if there is."""
    libraries: Broadcast[LibraryState]

    @property
    def broker(self) -> BrokerAddress:
        """The address of the broker. Raises UsageError without MQTT."""
        if self.mqtt is None:
            raise UsageError("this service has no MQTT: mqtt.enabled is false in its settings")
        return self.mqtt

    @property
    def page(self) -> str:
        """The page's address on this machine, with the token."""
        return self.address + self.token

    @property
    def address(self) -> str:
        """The page's address on this machine."""
        host = self.settings.http.host
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else in_url(host)
        return f"http://{shown}:{self.settings.http.port}/"

    @property
    def token(self) -> str:
        """The token as the fragment of a URL."""
        return f"#token={self.identity.token}"

    def pages(self) -> list[str]:
        """The page's addresses for phones, the most suitable first. Blocking."""
        return pages(self.settings.http)


def pages(http: Http) -> list[str]:
    """The addresses of a server with the settings ``http``. Blocking."""
    found = reachable(http.host, interfaces(), own_address())
    return [f"http://{in_url(address)}:{http.port}/" for address in found]
