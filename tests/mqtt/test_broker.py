import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.mqtt.house import PASSWORD, USER, ear, eventually
from tests.mqtt.test_gate import answer_to, connect_body, packet
from yulelight.actors import Supervisor
from yulelight.core.errors import NetworkError
from yulelight.mqtt import gate
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.broker import EmbeddedBroker, LocalBroker
from yulelight.mqtt.link import LinkError, connect


@pytest.fixture
async def local() -> AsyncIterator[LocalBroker]:
    async with LocalBroker("127.0.0.1", 0, USER, PASSWORD, max_connections=4) as broker:
        yield broker


def address_of(broker: LocalBroker) -> BrokerAddress:
    return BrokerAddress("127.0.0.1", broker.port, USER, PASSWORD)


async def test_the_right_password_opens(local: LocalBroker) -> None:
    async with ear(address_of(local)) as heard:
        await heard.client.publish("a/b", b"hello", qos=1, retain=True)
        assert (await heard.until("a/b")).payload == b"hello"


@pytest.mark.parametrize(
    ("user", "password"), [(None, None), (USER, None), (USER, "wrong"), ("root", PASSWORD)]
)
async def test_anybody_else_is_refused(local: LocalBroker, user: str | None, password: str | None) -> None:
    with pytest.raises(LinkError, match="check user and password"):
        async with connect(replace(address_of(local), username=user, password=password)):
            pass
    assert local.refused == 1


async def test_a_client_of_mqtt_5_hears_in_its_own_words_that_it_must_speak_3(local: LocalBroker) -> None:
    assert await answer_to(local.port, packet(connect_body(level=5))) == bytes((0x20, 3, 0, 0x84, 0))
    assert await answer_to(local.port, packet(connect_body(level=3))) == bytes((0x20, 2, 0, 1))


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\n\r\n", b"\x10\xff\xff\xff\x7f", b"\x30\x05\x00\x01a", packet(b"\x00\x04MQTT")],
)
async def test_what_is_no_connect_is_not_answered(local: LocalBroker, data: bytes) -> None:
    assert await answer_to(local.port, data) == b""
    assert local.refused == 1


async def test_who_says_nothing_has_to_leave(local: LocalBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "CONNECT_TIMEOUT", 0.1)
    assert await answer_to(local.port, b"\x10") == b""


async def test_there_is_room_for_a_bounded_number(local: LocalBroker) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(4):
            await stack.enter_async_context(connect(address_of(local)))
        assert await answer_to(local.port, packet(connect_body(username=b"x"))) == b""
        assert local.refused == 1
    await eventually(lambda: not local._connections)
    async with connect(address_of(local)):
        pass


async def test_a_packet_too_large_ends_its_connection_only(local: LocalBroker) -> None:
    async with ear(address_of(local)) as heard:
        with pytest.raises(LinkError):
            async with connect(address_of(local)) as client:
                await client.publish("big", bytes(gate.MAX_PACKET + 1))
                await anext(client.messages)
        await heard.client.publish("small", b"x", qos=1)
        await heard.until("small")
        assert heard.on("big") == []


async def test_a_subscriber_that_does_not_read_is_disconnected(
    local: LocalBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "MAX_UNSENT", 10_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", local.port, limit=1)
    connect_packet = packet(connect_body(username=USER.encode(), password=PASSWORD.encode()))
    writer.write(connect_packet + b"\x82\x06\x00\x01\x00\x01#\x00")
    await reader.readexactly(4 + 5)
    async with connect(address_of(local)) as client:
        async with asyncio.timeout(20):
            while len(local._connections) > 1:
                await client.publish("flood", bytes(100_000))
                await asyncio.sleep(0)
    writer.close()


async def test_who_falls_silent_is_disconnected_and_its_will_is_told(local: LocalBroker) -> None:
    async with ear(address_of(local)) as heard:
        reader, writer = await asyncio.open_connection("127.0.0.1", local.port)
        body = connect_body(
            keepalive=1, will=(b"gone", b"yes"), username=USER.encode(), password=PASSWORD.encode()
        )
        writer.write(packet(body))
        await reader.readexactly(4)
        assert (await heard.until("gone")).payload == b"yes"
        writer.close()


async def test_a_port_in_use_is_said_in_words(local: LocalBroker) -> None:
    async with Supervisor() as supervisor:
        ref = supervisor.start(lambda: EmbeddedBroker("127.0.0.1", local.port, USER, PASSWORD), "broker")
        with pytest.raises(NetworkError, match=f"port {local.port} is in use; stop .*--mqtt-port.*--broker"):
            await supervisor.started(ref)


async def test_it_is_quiet_and_starts_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    broker = LocalBroker("127.0.0.1", 0, USER, PASSWORD)
    for _ in range(2):
        async with broker, ear(address_of(broker)) as heard:
            await heard.client.publish("x", b"y", qos=1)
            await heard.until("x")
    assert [record for record in caplog.records if record.levelno >= logging.INFO] == []
