import asyncio
import json
import logging
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.brokers import free_port
from tests.mqtt.house import PASSWORD, Broker, House, ear, eventually
from yulelight.core.messages import (
    ChannelState,
    Packet,
    ReleaseChannel,
    SetChannel,
    ShowEvent,
    Song,
    State,
    Status,
)
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.bridge import show_changed
from yulelight.mqtt.packet import decode
from yulelight.mqtt.payloads import NodeHealth, NodeStatus, Ping, Pong

CONFIG = "homeassistant/device/yulelight_ab12/config"
STATUS = "yulelight/ab12/status"


def state_of(channel: int) -> str:
    return f"yulelight/ab12/channel/{channel}/state"


async def test_who_comes_later_finds_everything_retained(house: House) -> None:
    house.known = (ChannelState(5, on=True, brightness=40),)
    async with house.bridged(), ear(house.address) as heard:
        for topic in (STATUS, CONFIG, "yulelight/ab12/show/state", *map(state_of, range(1, 9))):
            assert (await heard.until(topic)).retained
        assert len(json.loads(heard.on(CONFIG)[0])["components"]) == 9  # See test_discovery.py.
        assert json.loads(heard.on(state_of(5))[0])["brightness"] == 40
        assert json.loads(heard.on(state_of(1))[0])["state"] == "OFF"
        assert json.loads(heard.on("yulelight/ab12/show/state")[0])["state"] == "idle"


async def test_it_says_goodbye_and_leaves_the_lights_off(house: House) -> None:
    async with ear(house.address) as heard:
        async with house.bridged():
            house.channels.publish(ChannelState(2, on=True, brightness=99))
            await heard.until(state_of(2), count=2)
        await heard.until(STATUS, b"offline")
        for channel in range(1, 9):
            assert json.loads(heard.on(state_of(channel))[-1])["state"] == "OFF"


async def test_a_killed_service_is_offline(house: House) -> None:
    address = house.address
    url = f"mqtt://{address.username}:{quote(PASSWORD)}@{address}"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.mqtt.bridge_process", url, cwd=Path(__file__).parents[2]
    )
    try:
        async with ear(address) as heard:
            await heard.until(STATUS, b"online")
            process.kill()
            await heard.until(STATUS, b"offline")
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_broker_that_was_away_is_told_everything_again_and_the_log_says_it_once(
    house: House, broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    async with house.bridged() as bridge:
        await broker.stop()
        await eventually(lambda: not bridge.connected)
        house.channels.publish(ChannelState(3, on=True, brightness=77))
        await eventually(lambda: "not reachable" in caplog.text)
        await broker.start()
        async with ear(house.address) as heard:
            await heard.until(STATUS, b"online")
            await heard.until(CONFIG)
            await heard.until(state_of(8))
            assert json.loads(heard.on(state_of(3))[-1])["brightness"] == 77
    lines = [
        r.getMessage() for r in caplog.records if r.name.startswith("yulelight.mqtt") and r.levelno >= 30
    ]
    assert lines[-1].endswith("is back")
    assert len(lines) == len(set(lines)) <= 3


async def test_a_wrong_password_is_said_in_words(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.address = replace(house.address, password="something else")
    async with house.bridged(wait=False):
        await eventually(lambda: "check user and password" in caplog.text)
    assert "something else" not in caplog.text


async def test_an_unreachable_broker_is_said_in_words(caplog: pytest.LogCaptureFixture) -> None:
    port = free_port()
    async with House(BrokerAddress("127.0.0.1", port)).bridged(wait=False):
        await eventually(lambda: f"127.0.0.1:{port} is not reachable" in caplog.text)
    assert "yulelight doctor" in caplog.text


async def test_commands_reach_the_lights_and_nonsense_does_not(house: House) -> None:
    async with house.bridged() as bridge, ear(house.address) as outside:
        send = outside.client.publish
        await send("yulelight/ab12/channel/3/set", b"garbage", qos=1)
        await send("yulelight/ab12/channel/9/set", b'{"state":"ON"}', qos=1)
        await send("yulelight/ab12/channel/3/set", b'{"state":"ON","brightness":300}', qos=1)
        await send("yulelight/ab12/channel/3/set", b'{"state":"ON","brightness":30}', qos=1)
        await send("yulelight/ab12/channel/4/set", b'{"state":"ON","effect":"show"}', qos=1)
        assert await asyncio.wait_for(house.commands.get(), 10) == SetChannel(3, True, 30)
        assert await asyncio.wait_for(house.commands.get(), 10) == ReleaseChannel(4)
        assert house.commands.empty()
        assert bridge.bad_messages == 2


async def test_a_retained_command_of_another_day_is_not_obeyed(house: House) -> None:
    async with ear(house.address) as outside:
        await outside.client.publish("yulelight/ab12/channel/1/set", b'{"state":"ON"}', qos=1, retain=True)
        async with house.bridged():
            await outside.client.publish("yulelight/ab12/channel/2/set", b'{"state":"OFF"}', qos=1)
            assert await asyncio.wait_for(house.commands.get(), 10) == SetChannel(2, False)
            assert house.commands.empty()


async def test_a_ping_is_answered_with_the_services_clock(house: House) -> None:
    async with house.bridged(), ear(house.address) as outside:
        before = time.monotonic() * 1e6
        await outside.client.publish("yulelight/ab12/clock/porch/ping", Ping(-5).payload())
        pong = Pong.parse((await outside.until("yulelight/ab12/clock/porch/pong")).payload)
        assert pong.t0 == -5
        assert before - 1 <= pong.t1 <= pong.t2 <= time.monotonic() * 1e6 + 1


async def test_a_ping_is_answered_while_the_bridge_is_busy(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer does not wait behind other messages; one that makes no sense does, and is counted."""
    async with house.bridged() as bridge, ear(house.address) as outside:
        handling, resume = asyncio.Event(), asyncio.Event()
        handle = bridge._handle

        async def slow(client: Any, message: Any) -> None:
            handling.set()
            await resume.wait()
            await handle(client, message)

        monkeypatch.setattr(bridge, "_handle", slow)
        await outside.client.publish("yulelight/ab12/clock/porch/ping", b'{"t0":"soon"}')
        await asyncio.wait_for(handling.wait(), 10)
        await outside.client.publish("yulelight/ab12/clock/porch/ping", Ping(3).payload())
        assert Pong.parse((await outside.until("yulelight/ab12/clock/porch/pong")).payload).t0 == 3
        assert bridge.bad_messages == 0
        resume.set()
        while not bridge.bad_messages:
            await asyncio.sleep(0.01)


async def test_packets_go_out_as_they_come_but_not_when_they_are_over(house: House) -> None:
    moment = time.monotonic()
    house.clock = lambda: moment
    async with house.bridged() as bridge, ear(house.address, "yulelight/ab12/frames") as nodes:
        now = round(moment * 1e6)
        fresh = Packet(7, 1, now + 500_000, 11_610, (bytes(8),) * 3, ((False,) * 8,) * 3)
        house.packets.publish(replace(fresh, sequence=0, at=now - 5_000_000))
        house.packets.publish(fresh)
        heard = await nodes.until("yulelight/ab12/frames")
        assert decode(heard.payload) == fresh
        assert not heard.retained
        assert bridge.stale_packets == 1


async def test_a_show_is_said_slowly_and_a_person_at_once(house: House) -> None:
    async with house.bridged(), ear(house.address) as heard:
        await heard.until(state_of(8))
        began = len(heard.on(state_of(1)))
        for brightness in range(1, 41):
            house.channels.publish(ChannelState(1, True, brightness, "show"))
            await asyncio.sleep(0)
        last = b'{"state":"ON","brightness":40,"effect":"show"}'
        await heard.until(state_of(1), last)
        assert len(heard.on(state_of(1))) - began <= 3
        house.channels.publish(ChannelState(1, on=True, brightness=200))
        house.channels.publish(ChannelState(1, on=False, brightness=0))
        await heard.until(state_of(1), b'{"state":"OFF","effect":null}', count=2)


async def test_home_assistant_is_welcomed(house: House) -> None:
    async with house.bridged(), ear(house.address) as outside:
        await outside.until(CONFIG)
        await outside.client.publish("homeassistant/status", b"online")
        await outside.until(CONFIG, count=2)
        await outside.until(state_of(8), count=2)


async def test_events_and_the_show_are_told(house: House) -> None:
    song = Song("x", "Jingle Bells", "Pierpont", 60.0)
    async with house.bridged(), ear(house.address) as heard:
        await heard.until("yulelight/ab12/show/state")
        house.statuses.publish(Status(State.PLAYING, song, as_of=time.monotonic(), model="dense"))
        house.events.publish(ShowEvent("started", song))
        event = await heard.until("yulelight/ab12/show/event")
        assert json.loads(event.payload)["event_type"] == "started"
        assert not event.retained
        await eventually(lambda: b"Jingle Bells" in heard.on("yulelight/ab12/show/state")[-1])


async def test_nodes_become_known(house: House) -> None:
    async with house.bridged() as bridge, ear(house.address) as outside:
        status = NodeStatus(True, "simulated", (1, 2, 3), "1.0")
        await outside.client.publish("yulelight/ab12/node/porch/status", status.payload(), qos=1, retain=True)
        await outside.client.publish("yulelight/ab12/node/porch/health", NodeHealth(shown=9).payload())
        await outside.client.publish("yulelight/ab12/node/Porch/status", status.payload())
        await outside.client.publish("yulelight/ab12/node/attic/status", b"{}")
        await eventually(lambda: bridge.bad_messages == 1)
        await eventually(lambda: house.nodes.all["porch"].health == NodeHealth(shown=9))
        assert set(house.nodes.all) == {"porch"}
        await outside.client.publish("yulelight/ab12/node/porch/status", b"", qos=1, retain=True)
        await eventually(lambda: not house.nodes.all)


async def test_a_node_that_was_taken_away_is_heard_of_no_more(house: House) -> None:
    topic = "yulelight/ab12/node/porch/status"
    async with house.bridged(), ear(house.address) as outside:
        gone = NodeStatus(False, "simulated", (1, 2, 3), "1.0")
        await outside.client.publish(topic, gone.payload(), qos=1, retain=True)
        await eventually(lambda: "porch" in house.nodes.all)
        assert house.nodes.dismiss("porch")
        await outside.until(topic, b"")
        async with ear(house.address) as later:
            await later.until(STATUS)
            assert later.on(topic) == []


@pytest.mark.parametrize(
    ("after", "news"),
    [
        (Status(State.PLAYING, position=15.0, as_of=5.0), False),
        (Status(State.PLAYING, position=25.0, as_of=5.0), True),
        (Status(State.PAUSED, position=15.0, as_of=5.0), True),
        (Status(State.PLAYING, position=15.0, as_of=5.0, blackout=True), True),
        (Status(State.PLAYING, Song("y", "Other"), position=15.0, as_of=5.0), True),
    ],
)
def test_what_counts_as_news_of_the_show(after: Status, news: bool) -> None:
    before = Status(State.PLAYING, position=10.0, as_of=0.0)
    assert show_changed(before, after, now=5.0) is news


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
