import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import aiomqtt
import psutil
import pytest

from tests.brokers import executable
from tests.crowd import most_files
from tests.mqtt.house import PASSWORD, USER, ear, eventually
from tests.mqtt.test_gate import answer_to, connect_body, packet
from yulelight.actors import Supervisor
from yulelight.core.connections import ConnectionLimits
from yulelight.core.errors import NetworkError, UsageError
from yulelight.mqtt import broker, engine, gate, mosquitto, python_engine
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.broker import CONNECTIONS, EmbeddedBroker, LocalBroker, engine_of
from yulelight.mqtt.engine import Program
from yulelight.mqtt.link import LinkError, connect
from yulelight.mqtt.mosquitto import MosquittoEngine, configuration

FEW = ConnectionLimits(total=4, by_address=4, strangers=4, strangers_by_address=4)


def made(choice: Program, limits: ConnectionLimits = FEW, inside: Path | None = None) -> LocalBroker:
    if choice == "mosquitto":
        executable("mosquitto")
    engine = engine_of(choice)
    return LocalBroker("127.0.0.1", 0, USER, PASSWORD, engine=engine, limits=limits, inside=inside)


@pytest.fixture(params=["mosquitto", "python"])
def choice(request: pytest.FixtureRequest) -> Program:
    chosen: Program = request.param
    return chosen


@pytest.fixture
async def local(choice: Program) -> AsyncIterator[LocalBroker]:
    async with made(choice) as broker:
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


async def test_python_alone_tells_a_client_of_mqtt_5_in_its_own_words_that_it_must_speak_3() -> None:
    async with made("python") as local:
        assert await answer_to(local.port, packet(connect_body(level=5))) == bytes((0x20, 3, 0, 0x84, 0))
        assert await answer_to(local.port, packet(connect_body(level=3))) == bytes((0x20, 2, 0, 1))


@pytest.mark.parametrize("version", [aiomqtt.ProtocolVersion.V31, aiomqtt.ProtocolVersion.V5])
async def test_mosquitto_lets_clients_of_mqtt_5_and_of_old_ones_in(version: aiomqtt.ProtocolVersion) -> None:
    async with made("mosquitto") as local, ear(address_of(local)) as heard:
        client = aiomqtt.Client(
            "127.0.0.1", local.port, username=USER, password=PASSWORD, protocol=version, identifier="someone"
        )
        async with client:
            await client.publish("from/elsewhere", b"hello", qos=1)
            await heard.until("from/elsewhere", b"hello")
        refused = aiomqtt.Client("127.0.0.1", local.port, username=USER, password="wrong", protocol=version)
        with pytest.raises(aiomqtt.MqttError, match=r"[Nn]ot auth"):
            async with refused:
                pass


async def test_guessing_passwords_is_slowed_down(local: LocalBroker) -> None:
    wrong = packet(connect_body(username=USER.encode(), password=b"guess"))
    right = packet(connect_body(username=USER.encode(), password=PASSWORD.encode()))
    refused = bytes((0x20, 2, 0, 5))
    assert [await answer_to(local.port, wrong) for _ in range(10)] == [refused] * 10
    assert await answer_to(local.port, right) == refused


async def test_a_flood_is_taken_at_its_pace_and_the_service_is_not_in_it(
    choice: Program, tmp_path: Path
) -> None:
    """The flood's packets are counted where they come out; the service's own come out whatever waits there."""
    inside = tmp_path / "mqtt"
    async with made(choice, CONNECTIONS, inside) as local, ear(address_of(local), "x") as flood:
        floods = []
        for _ in range(4):
            _, writer = await asyncio.open_connection("127.0.0.1", local.port)
            writer.write(packet(connect_body(username=USER.encode(), password=PASSWORD.encode())))
            writer.write(b"\x30\x04\x00\x01xy" * 50_000)
            floods.append(writer)
        await flood.until("x")
        within = BrokerAddress("localhost", socket=str(inside))
        async with ear(within, "frames") as frames, connect(within) as service:
            for number in range(50):
                await service.publish("frames", number.to_bytes(2))
            await frames.until("frames", count=50)
            assert len(flood.on("x")) < 200_000
        for writer in floods:
            writer.transport.abort()


async def test_what_is_retained_comes_to_those_alone_who_asked_for_it(local: LocalBroker) -> None:
    """Also to one that comes back to subscriptions it has kept."""
    async with ear(address_of(local), "house/#") as others:
        await others.client.publish("house/secret", b"x", qos=1, retain=True)
        await others.until("house/secret")
        for _ in range(2):
            kept = aiomqtt.Client(
                "127.0.0.1",
                local.port,
                username=USER,
                password=PASSWORD,
                identifier="kept",
                clean_session=False,
            )
            async with kept:
                await kept.subscribe("own/topic", qos=1)
                await others.client.publish("own/topic", b"mine", qos=1)
                async with asyncio.timeout(20):
                    async for message in kept.messages:
                        assert message.topic.value == "own/topic"
                        break


async def test_mosquitto_comes_back_whenever_it_ends() -> None:
    async with made("mosquitto") as local:
        engine = local.engine
        assert isinstance(engine, MosquittoEngine)

        def other_pid(pid: int) -> bool:
            return engine.pid != pid

        for _ in range(3):
            before = engine.pid
            os.kill(before, signal.SIGKILL)
            await eventually(partial(other_pid, before))
            async with asyncio.timeout(20):
                while True:
                    with contextlib.suppress(LinkError):
                        async with ear(address_of(local)) as heard:
                            await heard.client.publish("a", b"b", qos=1)
                            await heard.until("a")
                            break
        last = engine.pid
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


SERVE = """
import asyncio, sys
from yulelight.mqtt.broker import LocalBroker, engine_of

async def main():
    async with LocalBroker("127.0.0.1", 0, "u", "p", engine=engine_of("mosquitto")) as broker:
        print(broker.engine.pid, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_mosquitto_does_not_outlive_a_killed_service() -> None:
    executable("mosquitto")
    service = subprocess.Popen([sys.executable, "-c", SERVE], stdout=subprocess.PIPE, text=True)
    try:
        assert service.stdout is not None
        child = psutil.Process(int(service.stdout.readline()))
    finally:
        service.kill()
    service.wait(20)
    psutil.wait_procs([child], timeout=20)
    assert not child.is_running()


def test_the_configuration_opens_nothing_to_the_network() -> None:
    lines = configuration(Path("/run/x/mqtt"), root=False).splitlines()
    assert [line for line in lines if line.startswith(("listener", "port", "bind", "socket_domain"))] == [
        "listener 0 /run/x/mqtt"
    ]
    assert "persistence false" in lines


async def test_a_program_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "program", lambda: None)
    with pytest.raises(UsageError, match="mosquitto is not installed; install it"):
        engine_of("mosquitto")
    assert engine_of("auto").name == "the broker of this program"


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
    await eventually(lambda: len(local.connections) == 0)
    async with connect(address_of(local)):
        pass


async def test_a_packet_too_large_ends_its_connection_only(local: LocalBroker) -> None:
    async with ear(address_of(local)) as heard:
        with pytest.raises(LinkError):
            async with connect(address_of(local)) as client:
                await client.publish("big", bytes(engine.MAX_PACKET + 1))
                await anext(client.messages)
        await heard.client.publish("small", b"x", qos=1)
        await heard.until("small")
        assert heard.on("big") == []


async def test_a_subscriber_that_does_not_read_is_disconnected(
    local: LocalBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in (mosquitto, python_engine):
        monkeypatch.setattr(program, "MAX_UNSENT", 10_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", local.port, limit=1)
    connect_packet = packet(connect_body(username=USER.encode(), password=PASSWORD.encode()))
    writer.write(connect_packet + b"\x82\x06\x00\x01\x00\x01#\x00")
    await reader.readexactly(4 + 5)
    async with connect(address_of(local)) as client:
        async with asyncio.timeout(20):
            while len(local.connections) > 1:
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


async def test_a_port_in_use_is_said_in_words(local: LocalBroker, choice: Program, tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        ref = supervisor.start(
            lambda: EmbeddedBroker(
                "127.0.0.1", local.port, USER, PASSWORD, choice=choice, inside=tmp_path / "mqtt"
            ),
            "broker",
        )
        with pytest.raises(NetworkError, match=f"port {local.port} is in use; stop .*--mqtt-port.*--broker"):
            await supervisor.started(ref)


async def test_it_is_quiet_and_starts_again(choice: Program, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        async with made(choice) as local, ear(address_of(local)) as heard:
            await heard.client.publish("x", b"y", qos=1)
            await heard.until("x")
    assert [record for record in caplog.records if record.levelno >= logging.INFO] == []


async def test_a_crowd_that_comes_at_once_does_not_use_up_the_files(local: LocalBroker) -> None:
    """In one pass of its loop, asyncio would accept a hundred connections before the first is counted."""
    assert await most_files(local.port, 100) <= 40
