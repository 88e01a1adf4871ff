"""The control WebSocket on a real server: signing in, requests, pushed topics, slow and hostile clients."""

import asyncio
import json
import time
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from tests.api.stubs import TOKEN, House, Served, serve, until
from yulelight.api import signin
from yulelight.core.messages import Blackout, ChannelState, Play, Seek, ShowEvent, State, Status

PATIENCE = 20.0


async def hear(socket: ClientWebSocketResponse) -> dict[str, Any]:
    message: dict[str, Any] = await socket.receive_json(timeout=PATIENCE)
    return message


async def ask(socket: ClientWebSocketResponse, **message: Any) -> dict[str, Any]:
    """Send a request and return its result, passing over what is pushed meanwhile."""
    await socket.send_json(message)
    while True:
        answer = await hear(socket)
        if answer["type"] == "result":
            return answer


async def test_the_server_introduces_itself_and_answers(served: Served) -> None:
    async with served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        assert await hear(socket) == {
            "type": "server",
            "id": "house1",
            "name": "Test house",
            "version": "9.8.7",
            "schema": {"min": 1, "max": 1},
        }
        played = await ask(socket, id=1, type="control", command="play", song="bb22")
        assert played["id"] == 1 and played["ok"] and played["result"]["song"]["title"] == "Silent Night"
        await ask(socket, id=2, type="control", command="seek", position=3.5)
        await ask(socket, id=3, type="control", command="blackout", on=True)
        assert served.house.commands == [Play("bb22"), Seek(3.5), Blackout(True)]
        taken = await ask(socket, id=4, type="channel", channel=2, on=False)
        assert taken["result"] == {"channel": 2, "on": False, "brightness": 255, "effect": ""}
        assert (await ask(socket, id=5, type="release", channel=2))["result"]["effect"] == "show"
        songs = await ask(socket, id=6, type="get", view="songs")
        assert songs["result"]["songs"][0]["id"] == "aa11"
        assert (await ask(socket, id=7, type="get", view="status"))["result"]["blackout"] is True
        assert len((await ask(socket, id=8, type="get", view="channels"))["result"]["channels"]) == 8
        assert (await ask(socket, id=9, type="get", view="nodes"))["result"]["nodes"][0]["id"] == "node1"


async def test_errors_are_results_and_the_connection_goes_on(served: Served) -> None:
    async with served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        conflict = await ask(socket, id=1, type="control", command="resume")
        assert conflict["id"] == 1 and conflict["ok"] is False and conflict["status"] == 409
        missing = await ask(socket, id=2, type="control", command="play", song="zz")
        assert missing["status"] == 404
        for text in (
            "",
            "[]",
            "{",
            "null",
            '{"id":1}',
            '{"id":"1","type":"get"}',
            '{"type":"get"}',
            "\ud7ff",
        ):
            await socket.send_str(text)
            answer = await hear(socket)
            assert answer["ok"] is False and answer["status"] == 400 and answer["error"]
        assert (await ask(socket, id=3, type="subscribe", topic="gossip"))["status"] == 400
        assert (await ask(socket, id=4, type="unsubscribe", topic="status"))["status"] == 400
        assert (await ask(socket, id=5, type="subscribe", topic="events"))["ok"]
        assert (await ask(socket, id=6, type="subscribe", topic="events"))["status"] == 400
        assert (await ask(socket, id=7, type="get", view="songs"))["ok"]


async def test_topics_begin_with_the_present_and_end_when_asked(served: Served) -> None:
    house = served.house
    async with served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        await ask(socket, id=1, type="subscribe", topic="status")
        assert (await hear(socket))["state"] == "idle"
        house.say(Status(State.LIVE, message="hello"))
        pushed = await hear(socket)
        assert pushed["type"] == "status" and pushed["state"] == "live" and pushed["message"] == "hello"
        await ask(socket, id=2, type="subscribe", topic="events")
        house.events.publish(ShowEvent("started", None, "a stream"))
        assert await hear(socket) == {"type": "event", "kind": "started", "song": None, "detail": "a stream"}
        await ask(socket, id=3, type="subscribe", topic="channels")
        assert [(await hear(socket))["channel"] for _ in range(8)] == list(range(1, 9))
        house.channels.publish(ChannelState(7, False, 9))
        changed = await hear(socket)
        assert changed == {"type": "channel", "channel": 7, "on": False, "brightness": 9, "effect": ""}
        assert (await ask(socket, id=4, type="unsubscribe", topic="status"))["ok"]
        house.say(Status())
        house.events.publish(ShowEvent("finished"))
        assert (await hear(socket))["kind"] == "finished"


async def test_frames_come_with_their_times(served: Served) -> None:
    async with served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        await ask(socket, id=1, type="subscribe", topic="frames")
        at = time.monotonic() + 0.6
        served.house.shine(*[bytes([k] * 8) for k in range(11)], at=at, interval=0.02)
        first = await hear(socket)
        assert first["type"] == "frames"
        assert abs(first["now"] - time.monotonic() * 1e6) < PATIENCE * 1e6
        times = [frame["at"] for frame in first["frames"]]
        assert times[0] == round(at * 1e6)
        assert all(b - a >= 50_000 for a, b in pairwise(times))
        assert first["frames"][0] == {"at": times[0], "levels": [0] * 8, "switched": [False] * 8}
        last = await hear(socket)
        assert last["frames"][-1]["levels"] == [10] * 8, "the frame the lights stay at arrives too"


async def test_a_flood_of_packets_is_paced_and_ends_right(served: Served) -> None:
    async with served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        await ask(socket, id=1, type="subscribe", topic="frames")
        start = time.monotonic()
        for k in range(200):
            served.house.shine(bytes([k] * 8))
            await asyncio.sleep(0.001)
        messages = 0
        while True:
            message = await hear(socket)
            messages += 1
            if message["frames"][-1]["levels"] == [199] * 8:
                break
        assert messages <= (time.monotonic() - start) / 0.05 + 2


async def test_a_client_that_does_not_read_loses_frames_not_memory(served: Served) -> None:
    async with served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        await ask(socket, id=1, type="subscribe", topic="frames")
        for _ in range(500):
            served.house.shine(*[bytes(8)] * 20)
        boxes = served.house.packets._mailboxes
        assert [len(box) <= 64 for box in boxes] == [True]
        assert (await hear(socket))["type"] == "frames"


async def test_signing_in_by_the_first_message(served: Served) -> None:
    async with served.client(token=None) as client, client.ws_connect("/api/v1/ws") as socket:
        assert (await hear(socket))["type"] == "server"
        await socket.send_json({"type": "auth", "token": TOKEN})
        assert await hear(socket) == {"type": "auth", "ok": True}
        assert (await ask(socket, id=1, type="get", view="status"))["ok"]


@pytest.mark.parametrize(
    "first",
    [
        {"type": "auth", "token": "wrong"},
        {"type": "auth", "token": "\ud800"},
        {"type": "auth", "token": 5},
        {"type": "auth"},
        {"id": 1, "type": "control", "command": "play"},
    ],
)
async def test_nobody_else_gets_in(served: Served, first: dict[str, Any]) -> None:
    async with served.client(token=None) as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        await socket.send_str(json.dumps(first))
        answer = await hear(socket)
        assert answer["type"] == "auth" and not answer["ok"] and "yulelight token" in answer["error"]
        assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.CLOSE
        assert socket.close_code == 4401
    assert served.house.commands == []


async def test_silence_is_no_sign_in(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "SIGN_IN_TIMEOUT", 0.05)
    async with served.client(token=None) as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        assert (await hear(socket))["ok"] is False


async def test_a_wrong_header_is_refused_before_the_upgrade(served: Served) -> None:
    async with served.client("wrong") as client:
        with pytest.raises(WSServerHandshakeError, match="401"):
            await client.ws_connect("/api/v1/ws")
    async with served.client() as client:
        with pytest.raises(WSServerHandshakeError, match="403"):
            await client.ws_connect("/api/v1/ws", headers={"Origin": "https://evil.example"})


async def test_guessing_over_sockets_is_slowed_down_too(served: Served) -> None:
    codes = []
    async with served.client(token=None) as client:
        for _ in range(11):
            async with client.ws_connect("/api/v1/ws") as socket:
                await hear(socket)
                await socket.send_json({"type": "auth", "token": "guess"})
                await hear(socket)
                await socket.receive(timeout=PATIENCE)
                codes.append(socket.close_code)
    assert codes == [4401] * 10 + [4429]


async def test_too_many_clients_are_told_to_come_later(served: Served) -> None:
    async with served.client() as client:
        sockets = [await client.ws_connect("/api/v1/ws") for _ in range(64)]
        with pytest.raises(WSServerHandshakeError, match="503"):
            await client.ws_connect("/api/v1/ws")
        await sockets.pop().close()
        async with client.ws_connect("/api/v1/ws") as socket:
            assert (await hear(socket))["type"] == "server"
        for socket in sockets:
            await socket.close()


async def test_messages_too_large_or_binary_end_the_connection(served: Served) -> None:
    async with served.client() as client:
        async with client.ws_connect("/api/v1/ws") as socket:
            await hear(socket)
            await socket.send_str("x" * 70000)
            assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.CLOSE
            assert socket.close_code == 1009
        async with client.ws_connect("/api/v1/ws") as socket:
            await hear(socket)
            await socket.send_bytes(b"\0")
            assert (await socket.receive(timeout=PATIENCE)).type is WSMsgType.CLOSE
            assert socket.close_code == 1003


async def test_leaving_ends_the_subscriptions(served: Served) -> None:
    async with served.client() as client, client.ws_connect("/api/v1/ws") as socket:
        await hear(socket)
        for number, topic in enumerate(("status", "events", "channels", "frames")):
            await ask(socket, id=number, type="subscribe", topic=topic)
        assert len(served.house.packets._mailboxes) == 1
    house = served.house
    broadcasts = (house.packets, house.statuses, house.events, house.channels)
    await until(lambda: not any(broadcast._mailboxes for broadcast in broadcasts))


async def test_a_stopping_server_says_goodbye() -> None:
    async with serve(House()) as served, served.client() as client:
        socket = await client.ws_connect("/api/v1/ws")
        await hear(socket)
        await asyncio.gather(served.supervisor.stop(served.ref), socket.receive(timeout=PATIENCE))
        assert socket.close_code == 1001
