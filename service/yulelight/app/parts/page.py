"""Data for the page only: the house as a whole, and diagnostics."""

from yulelight.actors import Broadcast
from yulelight.api.services import HealthService, HouseService
from yulelight.app.doctor import examine
from yulelight.app.settings import Settings
from yulelight.core.identity import Identity
from yulelight.library.inbox import Inbox
from yulelight.library.songs import Library
from yulelight.lights.positions import PositionFile
from yulelight.mqtt.address import BrokerAddress
from yulelight.telemetry.log_book import LogBook


def house_service(settings: Settings) -> HouseService:
    """The lights of the settings, and their positions in the picture."""
    positions = PositionFile(settings.data / "positions.json")
    return HouseService(settings.light.power_budget, settings.places, positions, Broadcast())


def health_service(settings: Settings, log: LogBook) -> HealthService:
    """The doctor, and the log."""
    return HealthService(lambda: examine(settings, running=True), log)


def inbox(library: Library) -> Inbox:
    """Uploaded songs go to the first music folder that exists."""
    return Inbox(lambda: next((folder for folder in library.folders if folder.is_dir()), None))


def secrets(settings: Settings, identity: Identity) -> list[str]:
    """Secrets that are removed from a shared log."""
    brokers = [settings.mqtt.broker, *(one.broker for one in settings.output if one.type == "mqtt-light")]
    brokers += [one.broker for one in settings.input if one.type == "yulelight"]
    passwords = [BrokerAddress.parse(broker).password for broker in brokers if broker is not None]
    return [identity.token, identity.broker_password, *(password for password in passwords if password)]
