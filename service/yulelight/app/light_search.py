"""The search for lights on the brokers that the settings name."""

import asyncio

from yulelight.api.services import FoundOnBroker, LightSearch
from yulelight.app.mqtt_light_settings import MqttLightOutput
from yulelight.app.settings import Settings
from yulelight.core.errors import NetworkError
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.devices.find import find
from yulelight.mqtt.devices.zigbee import BASE


def search_of(settings: Settings) -> LightSearch:
    """The search on these brokers, for the API."""
    places = places_of(settings)

    async def search() -> list[FoundOnBroker]:
        return await on_brokers(places)

    return LightSearch(search)


def places_of(settings: Settings, broker: str | None = None) -> list[tuple[BrokerAddress, str]]:
    """Brokers, each with a base topic of Zigbee2MQTT; only ``broker`` if it is given. Raises UsageError."""
    if broker is not None:
        return [(BrokerAddress.parse(broker), BASE)]
    usual = [] if settings.mqtt.broker is None else [(BrokerAddress.parse(settings.mqtt.broker), BASE)]
    named = [(one.address, one.zigbee2mqtt) for one in settings.outputs if isinstance(one, MqttLightOutput)]
    return list(dict.fromkeys([*usual, *named]))


async def on_brokers(places: list[tuple[BrokerAddress, str]]) -> list[FoundOnBroker]:
    """The lights in these places."""
    return await asyncio.gather(*(_on_broker(*place) for place in places))


async def _on_broker(address: BrokerAddress, base: str) -> FoundOnBroker:
    try:
        return FoundOnBroker(str(address), await find(address, base))
    except NetworkError as error:
        return FoundOnBroker(str(address), (), str(error))
