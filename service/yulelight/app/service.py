"""A running service, for the one who started it."""

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
    """What others on this machine see of it."""

    identity: Identity
    settings: Settings
    library: Library
    mqtt: BrokerAddress | None
    """Where the broker is; None where the settings want no MQTT."""
    director: Ref[DirectorMessage]
    statuses: Broadcast[Status]
    events: Broadcast[ShowEvent]
    supervisor: Supervisor
    sound: str
    """Why there is no sound; empty when there is."""
    libraries: Broadcast[LibraryState]

    @property
    def broker(self) -> BrokerAddress:
        """``mqtt`` for who cannot do without. Raises UsageError when there is none."""
        if self.mqtt is None:
            raise UsageError("this service has no MQTT: mqtt.enabled is false in its settings")
        return self.mqtt

    @property
    def page(self) -> str:
        """The page's address on this machine, with the token that opens it."""
        return self.address + self.token

    @property
    def address(self) -> str:
        """The page's address on this machine."""
        host = self.settings.http.host
        shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else in_url(host)
        return f"http://{shown}:{self.settings.http.port}/"

    @property
    def token(self) -> str:
        """What opens the page, to be put behind its address."""
        return f"#token={self.identity.token}"

    def pages(self) -> list[str]:
        """The page's addresses for phones at home, the likeliest first. Blocking."""
        return pages(self.settings.http)


def pages(http: Http) -> list[str]:
    """Where others open what listens as ``http`` says. Blocking."""
    found = reachable(http.host, interfaces(), own_address())
    return [f"http://{in_url(address)}:{http.port}/" for address in found]
