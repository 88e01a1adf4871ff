"""Every plain route, with good and bad input, on a real server."""

import asyncio
import contextlib
import json
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.api.stubs import Served, serve
from yulelight.api import actions
from yulelight.api.middleware import describe
from yulelight.core.errors import ModelError, NetworkError
from yulelight.core.messages import (
    AllOn,
    Announce,
    Blackout,
    Calibrate,
    ChannelState,
    Identify,
    Next,
    Pause,
    Play,
    Previous,
    QueueClear,
    QueueMove,
    QueueRemove,
    Repeat,
    Resume,
    Seek,
    SetOption,
    State,
    Stop,
)


async def test_open_routes_need_no_token(served: Served) -> None:
    async with served.client(token=None) as client:
        info = await (await client.get("/api/v1/info")).json()
        assert info == {
            "id": "house1",
            "name": "Test house",
            "version": "9.8.7",
            "api": {"min": 1, "max": 1},
        }
        assert (await client.get("/health")).status == 200
        page = await client.get("/")
        assert page.status == 200 and page.content_type == "text/html"
        assert served.services.security.token not in await page.text()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/status"),
        ("GET", "/api/v1/songs"),
        ("GET", "/api/v1/nodes"),
        ("GET", "/api/v1/channels"),
        ("POST", "/api/v1/control"),
        ("POST", "/api/v1/channels/1"),
        ("DELETE", "/api/v1/channels/1"),
        ("POST", "/api/v1/ingest"),
        ("GET", "/metrics"),
        ("GET", "/no/such/place"),
    ],
)
async def test_everything_else_asks_for_the_token(served: Served, method: str, path: str) -> None:
    async with served.client(token=None) as client:
        answer = await client.request(method, path)
        assert answer.status == 401
        assert "yulelight token" in (await answer.json())["error"]
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        wrong = await client.request(method, path, headers={"Authorization": "Bearer wrong"})
        assert wrong.status == 401
        other = await client.request(method, path, headers={"Authorization": "Basic dTpw"})
        assert other.status == 401
    assert served.house.commands == [] and served.house.sinks == []


async def test_guessing_is_slowed_down(served: Served) -> None:
    async with served.client("wrong") as client:
        answers = [await client.get("/api/v1/status") for _ in range(12)]
    assert [a.status for a in answers] == [401] * 10 + [429] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert "try again" in (await answers[-1].json())["error"]


async def test_status(served: Served) -> None:
    async with served.client() as client:
        idle = await (await client.get("/api/v1/status")).json()
        assert idle["state"] == "idle" and idle["song"] is None
        await client.post("/api/v1/control", json={"command": "play", "song": "bb22"})
        playing = await (await client.get("/api/v1/status")).json()
    assert playing["state"] == "playing"
    assert playing["song"] == {
        "id": "bb22",
        "title": "Silent Night",
        "artist": "Franz Xaver Gruber",
        "album": "",
        "cover": False,
        "duration": 215,
    }
    assert 0 <= playing["position"] < 30
    assert playing["sections"][1] == 21.0 and len(playing["queue"]) == 2
    assert playing["blackout"] is False and playing["message"] == ""


async def test_looks_and_models(served: Served) -> None:
    async with served.client() as client:
        looks = await (await client.get("/api/v1/looks")).json()
        assert looks == {"looks": ["lively", "calm"], "look": "", "own": [], "voices": False}
        models = await (await client.get("/api/v1/models")).json()
        assert models["models"][0] == {"name": "mel", "description": "the default", "default": True}


async def test_lists(served: Served) -> None:
    async with served.client() as client:
        nodes = (await (await client.get("/api/v1/nodes")).json())["nodes"]
        assert nodes[0]["status"]["driver"] == "simulated"
        channels = (await (await client.get("/api/v1/channels")).json())["channels"]
        assert [c["channel"] for c in channels] == list(range(1, 9))
        assert channels[0] == {"channel": 1, "on": True, "brightness": 255, "effect": "show"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"command": "play"}, Play()),
        ({"command": "play", "song": None}, Play()),
        ({"command": "play", "song": "cc33"}, Play("cc33")),
        ({"command": "pause"}, Pause()),
        ({"command": "stop"}, Stop()),
        ({"command": "next"}, Next()),
        ({"command": "seek", "position": 12}, Seek(12.0)),
        ({"command": "blackout", "on": True}, Blackout(True)),
        (
            {"command": "play", "playlist": "Xmas", "look": "calm", "channels": [2, 1], "repeat": "all"},
            Play(playlist="Xmas", look="calm", channels=(1, 2), repeat=Repeat.ALL),
        ),
        (
            {"command": "play", "url": "http://x/y.mp3", "title": "Bells", "enqueue": "next", "position": 3},
            Play(url="http://x/y.mp3", title="Bells", enqueue="next", position=3.0),
        ),
        ({"command": "announce", "song": "cc33"}, Announce("cc33")),
        ({"command": "previous"}, Previous()),
        ({"command": "stop", "after_song": True}, Stop(after_song=True)),
        ({"command": "shuffle", "on": True}, SetOption("shuffle", True)),
        ({"command": "repeat", "mode": "one"}, SetOption("repeat", "one")),
        ({"command": "volume", "level": 0.5}, SetOption("volume", 0.5)),
        ({"command": "brightness", "level": 1}, SetOption("brightness", 1.0)),
        ({"command": "delay", "seconds": -0.5}, SetOption("delay", -0.5)),
        ({"command": "look", "look": "calm"}, SetOption("look", "calm")),
        ({"command": "model", "model": "mel"}, SetOption("model", "mel")),
        ({"command": "armed", "on": False}, SetOption("armed", False)),
        ({"command": "all_on", "on": True}, AllOn(True)),
        ({"command": "identify"}, Identify()),
        ({"command": "identify", "channel": 4}, Identify(4)),
        ({"command": "calibrate", "on": True}, Calibrate(True)),
        ({"command": "queue_remove", "index": 0}, QueueRemove(0)),
        ({"command": "queue_move", "index": 2, "to": 0}, QueueMove(2, 0)),
        ({"command": "queue_clear"}, QueueClear()),
    ],
)
async def test_control(served: Served, body: dict[str, Any], expected: object) -> None:
    async with served.client() as client:
        answer = await client.post("/api/v1/control", json=body)
        assert answer.status == 200 and "state" in await answer.json()
    assert served.house.commands == [expected]


async def test_what_makes_no_sense_now_is_a_conflict(served: Served) -> None:
    async with served.client() as client:
        answer = await client.post("/api/v1/control", json={"command": "resume"})
        assert answer.status == 409
        assert (await answer.json())["error"] == "nothing is paused; start a song with play"
        served.house.status = served.house.status.__class__(State.PAUSED)
        assert (await client.post("/api/v1/control", json={"command": "resume"})).status == 200
    assert served.house.commands[-1] == Resume()
    assert describe(ModelError("there is no such model")) == (409, "there is no such model")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "command"),
        ({"command": "play", "song": "a", "url": "http://x"}, "not several"),
        ({"command": "play", "channels": [9]}, "channel"),
        ({"command": "play", "channels": []}, "channels"),
        ({"command": "play", "enqueue": "soon"}, "enqueue"),
        ({"command": "announce"}, "announce"),
        ({"command": "volume", "level": 1.5}, "from 0 to 1"),
        ({"command": "volume", "level": True}, "level"),
        ({"command": "delay", "seconds": -3}, "from -2 to 5"),
        ({"command": "look"}, "look"),
        ({"command": "queue_move", "index": -1, "to": 0}, "index"),
        ({"command": "explode"}, "play, announce"),
        ({"command": ["play"]}, "command"),
        ({"command": "play", "song": 7}, "song"),
        ({"command": "play", "song": ""}, "song"),
        ({"command": "play", "song": "x" * 257}, "song"),
        ({"command": "play", "speed": 2}, "speed"),
        ({"command": "seek"}, "position"),
        ({"command": "seek", "position": -1}, "position"),
        ({"command": "seek", "position": True}, "position"),
        ({"command": "seek", "position": "5"}, "position"),
        ({"command": "blackout"}, "on"),
        ({"command": "blackout", "on": 1}, "on"),
    ],
)
async def test_wrong_fields_are_named(served: Served, body: dict[str, Any], word: str) -> None:
    async with served.client() as client:
        answer = await client.post("/api/v1/control", json=body)
        assert answer.status == 400
        error = (await answer.json())["error"]
    assert word in error and "\n" not in error
    assert served.house.commands == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b'"play"', b"\xff\xfe", b"[" * 60000, b'{"command":"seek","position":NaN}',
     b'{"command":"seek","position":' + b"9" * 5000 + b"}", b'{"command":"play","song":"\\ud800"}'],
)  # fmt: skip
async def test_garbage_is_refused(served: Served, raw: bytes) -> None:
    async with served.client() as client:
        answer = await client.post("/api/v1/control", data=raw, headers={"Content-Type": "application/json"})
        assert answer.status in (400, 404)
        assert set(await answer.json()) == {"error"}
    assert served.house.commands == []


async def test_wrong_kind_size_method_and_place(served: Served) -> None:
    async with served.client() as client:
        form = await client.post("/api/v1/control", data={"command": "play"})
        assert form.status == 415 and "application/json" in (await form.json())["error"]
        huge = await client.post("/api/v1/control", json={"command": "play", "song": "x" * 70000})
        assert huge.status == 413 and "64 kB" in (await huge.json())["error"]
        squeezed = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
        damaged = await client.post("/api/v1/control", data=b"no gzip", headers=squeezed)
        assert damaged.status == 400 and "damaged" in (await damaged.json())["error"]
        wrong = await client.get("/api/v1/control")
        assert wrong.status == 405 and "POST" in wrong.headers["Allow"]
        assert "POST" in (await wrong.json())["error"]
        nowhere = await client.get("/api/v1/nothing")
        assert nowhere.status == 404 and "/api/v1/nothing" in (await nowhere.json())["error"]
        unknown = await client.post("/api/v1/control", json={"command": "play", "song": "../../etc/passwd"})
        assert unknown.status == 404 and "/api/v1/songs" in (await unknown.json())["error"]
    assert served.house.commands == []


@pytest.mark.parametrize(
    "request_head",
    [
        b"nonsense\r\n\r\n",
        b"PUT /api/v1/playlists/\xc3\x9cber HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/v1/control HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\nno gzip",
    ],
)
async def test_what_clients_send_amiss_is_their_own_business(
    served: Served, request_head: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """They are told, and the service's log stays free of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(request_head)
    with contextlib.suppress(ConnectionError):
        await asyncio.wait_for(reader.read(), 30)
    writer.close()
    async with served.client() as client:
        assert (await client.get("/api/v1/status")).status == 200
    assert not caplog.records


async def test_a_channel_is_taken_over_and_given_back(served: Served) -> None:
    async with served.client() as client:
        taken = await client.post("/api/v1/channels/3", json={"on": True, "brightness": 40})
        assert await taken.json() == {"channel": 3, "on": True, "brightness": 40, "effect": ""}
        assert served.house.states[3] == ChannelState(3, True, 40)
        back = await client.delete("/api/v1/channels/3")
        assert (await back.json())["effect"] == "show"


@pytest.mark.parametrize(
    "number", ["0", "9", "-1", "1.5", "one", "%31%30", "٣", "99999999999999999999", "%2e%2e"]
)
async def test_there_are_eight_channels(served: Served, number: str) -> None:
    async with served.client() as client:
        answer = await client.post(f"/api/v1/channels/{number}", json={"on": True})
        assert answer.status == 404
        assert (await client.delete(f"/api/v1/channels/{number}")).status == 404


@pytest.mark.parametrize(
    "body", [{}, {"on": "yes"}, {"on": True, "brightness": 256}, {"on": True, "brightness": 1.5},
             {"on": True, "brightness": True}, {"on": True, "colour": "red"}],
)  # fmt: skip
async def test_a_channel_takes_no_nonsense(served: Served, body: dict[str, Any]) -> None:
    async with served.client() as client:
        answer = await client.post("/api/v1/channels/1", json=body)
    assert answer.status == 400
    assert served.house.states[1].effect == "show"


async def test_an_actor_that_hangs_is_service_unavailable(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ASK_TIMEOUT", 0.05)
    served.house.hang = 0.5
    async with served.client() as client:
        answer = await client.get("/api/v1/status")
        assert answer.status == 503 and "try again" in (await answer.json())["error"]


async def test_headers_keep_browsers_safe(served: Served) -> None:
    async with served.client(token=None) as client:
        for path in ("/", "/page/app.js", "/api/v1/info", "/api/v1/status", "/nowhere"):
            headers = (await client.get(path)).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
        assert (await client.get("/api/v1/info")).headers["Cache-Control"] == "no-store"


async def test_other_sites_are_turned_away(served: Served) -> None:
    async with served.client() as client:
        for origin in ("https://evil.example", "null", served.url + ".evil.example", "http://127.0.0.1"):
            answer = await client.get("/api/v1/status", headers={"Origin": origin})
            assert answer.status == 403
        assert (await client.get("/api/v1/status", headers={"Origin": served.url})).status == 200


async def test_page_files_come_from_a_table(served: Served) -> None:
    async with served.client(token=None) as client:
        script = await client.get("/page/app.js")
        assert script.status == 200 and script.content_type == "text/javascript"
        again = await client.get("/page/app.js", headers={"If-None-Match": script.headers["ETag"]})
        assert again.status == 304
        for name in ("..%2fserver.py", "..%2f..%2fserver.py", "__init__.py", "app.js%00", "%2fetc%2fpasswd"):
            assert (await client.get(f"/page/{name}")).status == 404


async def test_metrics(served: Served) -> None:
    served.services.metrics.packets.inc(3)
    served.services.metrics.watch_mailbox("lights", lambda: 5)
    served.services.metrics.watch_restarts(lambda: served.supervisor.restarts)
    async with served.client() as client:
        await client.get("/api/v1/status")
        answer = await client.get("/metrics")
        text = await answer.text()
    assert answer.content_type == "text/plain"
    assert "yulelight_packets_total 3.0" in text
    assert 'yulelight_mailbox_dropped_total{actor="lights"} 5.0' in text
    assert 'yulelight_restarts_total{actor="director"} 0.0' in text
    assert 'yulelight_http_requests_total{method="GET",route="/api/v1/status",status="200"} 1.0' in text


async def test_a_port_in_use_is_said_in_one_line(served: Served) -> None:
    with pytest.raises(NetworkError, match=rf"port {served.server.port} is in use; .*--http-port"):
        async with serve(port=served.server.port):
            pass


async def test_stopping_frees_the_port(served: Served) -> None:
    await served.supervisor.stop(served.ref)
    async with ClientSession() as client, serve(port=served.server.port) as again:
        assert json.loads(await (await client.get(again.url + "/health")).text()) == {"ok": True}
