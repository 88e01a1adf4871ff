from collections.abc import AsyncIterator

import pytest

from tests.mqtt.house import BROKERS, Broker, House


@pytest.fixture(params=list(BROKERS))
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Broker]:
    """A running broker, once each kind."""
    running = BROKERS[request.param]()
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def house(broker: Broker) -> House:
    return House(broker.address)
