"""A service that is followed: what of its messages lights this house, whatever it sends."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiomqtt import Topic
from hypothesis import given
from hypothesis import strategies as st

from tests.brokers import Mosquitto
from tests.mqtt.house import RealMosquitto
from yulelight.core.errors import NetworkError
from yulelight.core.messages import Packet, Song
from yulelight.inputs.base import Heard, Notice, Over, Playing
from yulelight.lights.messages import LedFrames
from yulelight.mqtt import packet
from yulelight.mqtt.address import BrokerAddress
from yulelight.mqtt.leader import Leader, LeaderInput
from yulelight.mqtt.link import Client, Message, connect
from yulelight.mqtt.tasks import cancel_all
from yulelight.mqtt.topics import Topics

TOPICS = Topics("theirs")
AHEAD = 5_000_000_000
"""µs by which their clock is ahead of ours."""


def message(topic: str, payload: bytes, *, retain: bool = False) -> Message:
    return Message(Topic(topic), payload, 0, retain, 1, None)


class Ours:
    """What is heard, on a clock that the test moves. Their clock is known."""

    def __init__(self) -> None:
        self.now = 100.0
        self.leader = Leader(Song("", "Street"), TOPICS, lambda: self.now)
        at = round(self.now * 1e6)
        for k in range(8):
            self.leader.sync.add(at + k, at + AHEAD + k, at + AHEAD + k, at + k)
        self.leader.pinger.synced.set()

    def take(self, topic: str, payload: bytes) -> list[Heard]:
        return list(self.leader.take(message(topic, payload)))

    def show(self, state: str, **more: Any) -> list[Heard]:
        return self.take(TOPICS.show_state, json.dumps({"state": state, **more}).encode())

    def frames(self, at: float, *levels: bytes, sequence: int = 0, interval: int = 11_610) -> list[Heard]:
        said = Packet(
            7,
            sequence,
            round(at * 1e6) + AHEAD,
            interval,
            levels,
            tuple((True,) * len(each) for each in levels),
        )
        return self.take(TOPICS.frames, packet.encode(said))


def test_frames_are_those_of_our_clock_and_our_channels() -> None:
    ours = Ours()
    assert ours.frames(100.5, bytes(8)) == [Notice("")], "it is there, and nothing plays"
    assert ours.show("playing", song="One", position=3.0) == [
        Playing(Song("", "One"), position=3.0, at=100.0)
    ]
    (heard,) = ours.frames(100.5, bytes([1, 2, 3]), bytes(range(20, 36))[:3], sequence=1)
    assert isinstance(heard, LedFrames)
    assert heard.at == pytest.approx(100.5, abs=1e-5)
    assert heard.interval == pytest.approx(0.01161)
    assert heard.frames[0] == (bytes([1, 2, 3, 0, 0, 0, 0, 0]), (True,) * 3 + (False,) * 5)
    wide = ours.frames(100.6, bytes(range(64)), sequence=2)
    assert isinstance(wide[0], LedFrames) and wide[0].frames[0][0] == bytes(range(8))
    assert ours.show("idle") == [Over()]
    assert ours.frames(100.7, bytes(8), sequence=3) == []


def test_what_is_old_or_far_ahead_goes_no_further() -> None:
    ours = Ours()
    ours.show("playing")
    ours.frames(100.1, bytes(8), sequence=5)
    assert ours.frames(100.2, bytes(8), sequence=5) == []
    assert ours.frames(98.0, bytes(8), sequence=6) == []
    assert ours.frames(140.0, bytes(8), sequence=7) == []
    assert ours.frames(100.3, bytes(8), sequence=8) != []


def test_who_follows_somebody_is_not_followed() -> None:
    ours = Ours()
    assert ours.show("live", led=True) == []
    assert ours.frames(100.1, bytes(8)) == [Notice("")]
    ours.show("live", led=False)
    assert [type(each) for each in ours.frames(100.2, bytes(8), sequence=1)] == [LedFrames]
    assert ours.show("live", led=True) == [Over()]


def test_a_pause_and_the_next_song_are_no_end_and_offline_is() -> None:
    ours = Ours()
    assert ours.show("loading") == []
    ours.show("playing", song="One")
    assert [type(each) for each in ours.show("loading", song="Two")] == [Playing]
    assert ours.show("paused", song="Two") == []
    heard = ours.take(TOPICS.status, b"offline")
    assert heard[0] == Notice("the service theirs is offline") and heard[1] == Over()


def test_another_version_is_named() -> None:
    ours = Ours()
    said = bytearray(packet.encode(Packet(1, 1, 0, 11_610, (bytes(8),), ((False,) * 8,))))
    said[2] = 2
    assert ours.take(TOPICS.frames, bytes(said)) == []
    assert "version 2" in ours.leader.problem
    # What a later version adds or names anew is no reason not to follow it.
    assert ours.show("encore", song="One", tempo=[1, 2]) == [Playing(Song("", "One"), position=0.0, at=100.0)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([TOPICS.frames, TOPICS.status, TOPICS.show_state, TOPICS.house, "x"]),
            st.binary(max_size=60)
            | st.recursive(st.none() | st.floats() | st.text(), st.lists, max_leaves=3).flatmap(
                lambda value: st.sampled_from(["state", "song", "position", "duration", "led"]).map(
                    lambda key: json.dumps({"state": "playing", key: value}).encode()
                )
            ),
        ),
        max_size=8,
    )
)
def test_nothing_that_it_sends_is_an_error(said: list[tuple[str, bytes]]) -> None:
    ours = Ours()
    for topic, payload in said:
        for each in ours.take(topic, payload):
            if isinstance(each, Playing):
                assert len(each.song.title) <= 200 and each.song.title.isprintable()
                assert 0 <= each.song.duration <= 86_400


async def heard_until(follower: LeaderInput, enough: Callable[[list[Heard]], bool]) -> list[Heard]:
    heard: list[Heard] = []
    async with asyncio.timeout(20), follower.open() as sound:
        async for each in sound:
            heard.append(each)
            if enough(heard):
                break
    return heard


async def _answer(client: Client) -> None:
    """A service's clock, as docs/mqtt.md has it, and a packet each time it is asked."""
    await client.subscribe(TOPICS.clock_ping("+"))
    await client.publish(TOPICS.status, b"online", qos=1, retain=True)
    await client.publish(TOPICS.show_state, b'{"state": "playing", "song": "One"}', retain=True)
    loop, sequence = asyncio.get_running_loop(), 0
    async for ping in client.messages:
        now = round(loop.time() * 1e6) + AHEAD
        t0 = json.loads(ping.payload)["t0"]
        pong = json.dumps({"t0": t0, "t1": now, "t2": now}).encode()
        await client.publish(ping.topic.value.replace("/ping", "/pong"), pong)
        sequence += 1
        said = Packet(3, sequence, now + 300_000, 11_610, (bytes([9] * 8),), ((True,) * 8,))
        await client.publish(TOPICS.frames, packet.encode(said))


async def test_over_a_broker_the_only_other_service_is_found_and_shown_at_its_moment() -> None:
    broker = RealMosquitto()
    await broker.start()
    loop = asyncio.get_running_loop()
    try:
        async with connect(broker.address) as client:
            await client.publish(Topics("ours").status, b"online", qos=1, retain=True)
            leading = asyncio.create_task(_answer(client))
            follower = LeaderInput(Song("", "Street"), broker.address, "", own="ours", clock=loop.time)
            heard = await heard_until(follower, lambda all_: isinstance(all_[-1], LedFrames))
            now = loop.time()
            await cancel_all(leading)
            frames = heard[-1]
            assert isinstance(frames, LedFrames) and 0 < frames.at - now < 0.35
            assert any(isinstance(each, Playing) and each.song.title == "One" for each in heard)
            with pytest.raises(NetworkError, match="sends nothing"):
                await heard_until(follower, lambda _: False)
            await client.publish(Topics("third").status, b"online", qos=1, retain=True)
            with pytest.raises(NetworkError, match="theirs, third"):
                await heard_until(follower, lambda _: False)
        with pytest.raises(NetworkError, match="itself"):
            await heard_until(
                LeaderInput(Song("", ""), broker.address, "ours", own="ours", clock=loop.time),
                lambda _: False,
            )
    finally:
        await broker.stop()


async def test_a_neighbour_needs_no_more_rights_than_the_docs_give(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "scale.md").read_text()
    (rights,) = re.findall(r"```conf\n(user neighbour\n.*?)```", text, re.DOTALL)
    rights = rights.replace("4f2a9c10", TOPICS.service_id)
    (tmp_path / "acl").write_text(f"user yulelight\ntopic readwrite #\n\n{rights}")
    (tmp_path / "acl").chmod(0o600)
    loop = asyncio.get_running_loop()
    async with Mosquitto(settings=[f"acl_file {tmp_path / 'acl'}"]) as broker:
        async with connect(BrokerAddress(broker.host, broker.port, "yulelight", "any")) as client:
            leading = asyncio.create_task(_answer(client))
            theirs = BrokerAddress(broker.host, broker.port, "neighbour", "any")
            follower = LeaderInput(Song("", "Street"), theirs, "theirs", own="ours", clock=loop.time)
            heard = await heard_until(follower, lambda all_: isinstance(all_[-1], LedFrames))
            await cancel_all(leading)
        assert any(isinstance(each, Playing) for each in heard)
