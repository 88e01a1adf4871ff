"""MQTT: the broker, embedded or the user's, and the bridge to it."""

from collections.abc import Callable

from yulelight import __version__
from yulelight.actors import Ref, Supervisor
from yulelight.app.parts.lights import LightsPart
from yulelight.app.parts.starting import started
from yulelight.app.settings import Settings
from yulelight.core.identity import Identity
from yulelight.core.network import own_addresses
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.bridge import MqttBridge
from yulelight.mqtt.broker import EmbeddedBroker, LocalSocket
from yulelight.player.services import Feeds


def broker_address(settings: Settings, identity: Identity) -> BrokerAddress:
    """The broker's address for nodes on this machine."""
    mqtt = settings.mqtt
    if mqtt.broker is not None:
        return BrokerAddress.parse(mqtt.broker)
    host = "127.0.0.1" if mqtt.host in ("0.0.0.0", "::") else mqtt.host
    return BrokerAddress(host, mqtt.port, identity.broker_user, identity.broker_password)


async def start_mqtt(
    supervisor: Supervisor,
    settings: Settings,
    identity: Identity,
    inside: LocalSocket,
    *,
    lights: LightsPart,
    feeds: Feeds,
    clock: Callable[[], float],
) -> Ref[None]:
    """The bridge, and the broker unless the settings name one. Raises NetworkError if that cannot be started."""
    mqtt, address = settings.mqtt, broker_address(settings, identity)

    def broker() -> EmbeddedBroker:
        return EmbeddedBroker(
            mqtt.host,
            mqtt.port,
            identity.broker_user,
            identity.broker_password,
            choice=mqtt.program,
            inside=inside.path,
        )

    if mqtt.broker is None:
        await started(supervisor, broker, "broker")
        address = inside.address
    http = settings.http
    api = (await own_addresses())[0] if http.host in ("0.0.0.0", "::", "") else http.host

    def bridge() -> MqttBridge:
        return MqttBridge(
            address=address,
            service_id=identity.id,
            name=settings.name,
            version=__version__,
            lights=lights.ref,
            packets=lights.packets,
            channels=lights.channels,
            statuses=feeds.statuses,
            events=feeds.events,
            nodes=lights.nodes,
            clock=clock,
            api=(api, http.port),
            houses=lights.houses,
        )

    return supervisor.start(bridge, "mqtt")
