"""A node is tested against the same brokers as the bridge."""

from tests.mqtt.conftest import broker, house

__all__ = ["broker", "house"]
