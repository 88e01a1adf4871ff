"""The connection to a broker: what is published leaves at once, and a broker that does not read holds nobody up."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

import pytest

from tests.brokers import Mosquitto
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.link import connect

PATIENCE = 60.0


def finished(work: Coroutine[Any, Any, None]) -> bool:
    """Whether it comes to its end without waiting for anything."""
    try:
        work.send(None)
    except StopIteration:
        return True
    work.close()
    return False


async def test_a_packet_is_written_before_publish_returns() -> None:
    async with Mosquitto() as broker, connect(BrokerAddress(broker.host, broker.port)) as client:
        await client.subscribe("frames")
        for number in range(50):
            assert finished(client.publish("frames", b"%d" % number))
        async with asyncio.timeout(PATIENCE):
            heard = [(await anext(client)).payload for _ in range(50)]
    assert heard == [b"%d" % number for number in range(50)]


async def test_what_a_stopped_broker_does_not_take_waits_and_arrives_in_order() -> None:
    piece = b"x" * 65_536
    async with Mosquitto() as broker, connect(BrokerAddress(broker.host, broker.port)) as client:
        await client.subscribe("frames")
        broker.send(signal.SIGSTOP)
        try:
            sending = [
                asyncio.create_task(client.publish("frames", b"%03d" % number + piece))
                for number in range(200)
            ]
            _, waiting = await asyncio.wait(sending, timeout=1.0)
            assert waiting, "13 MB fit into no socket's buffers"
        finally:
            broker.send(signal.SIGCONT)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*sending)
            heard = [(await anext(client)).payload for _ in range(200)]
    assert [bytes(payload)[:3] for payload in heard] == [b"%03d" % number for number in range(200)]


@pytest.mark.parametrize("qos", [0, 1])
async def test_a_lost_connection_is_an_error_of_the_context(qos: int) -> None:
    with pytest.raises(Exception, match="not reachable"):
        async with Mosquitto() as broker, connect(BrokerAddress(broker.host, broker.port)) as client:
            await client.publish("frames", b"first", qos=qos)
            broker.kill()
            async with asyncio.timeout(PATIENCE):
                while True:
                    await client.publish("frames", b"next", qos=qos)
                    await asyncio.sleep(0.01)
