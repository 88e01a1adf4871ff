"""Pairing by a person's consent, on a real server: who may ask, who may answer, and what is told to whom."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from tests.api import stubs
from tests.api.stubs import TOKEN, Served, serve
from yulelight.api.pairing import PairingRequests
from yulelight.commands.cli import app
from yulelight.core.attempts import TooManyAttempts
from yulelight.core.identity import load_or_make

ASK = {"name": "Home Assistant"}


@pytest.fixture
async def stranger(served: Served) -> AsyncIterator[ClientSession]:
    async with served.client(token=None) as client:
        yield client


async def asked(client: ClientSession) -> dict[str, str]:
    async with client.post("/api/v1/pairing", json=ASK) as answer:
        assert answer.status == 201
        body: dict[str, str] = await answer.json()
        return body


async def fetched(client: ClientSession, request: dict[str, str], secret: str = "") -> tuple[int, object]:
    headers = {"X-Pairing-Secret": secret or request["secret"]}
    async with client.get(f"/api/v1/pairing/{request['id']}", headers=headers) as answer:
        return answer.status, await answer.json()


async def test_allowed_by_who_is_signed_in(served: Served, stranger: ClientSession) -> None:
    request = await asked(stranger)
    assert len(request["code"]) == 4 and request["code"].isdecimal()
    assert await fetched(stranger, request) == (200, {"answer": "waiting"})
    async with served.client() as owner:
        [told] = (await (await owner.get("/api/v1/pairing")).json())["requests"]
        assert told["code"] == request["code"] and told["name"] == "Home Assistant"
        assert told["address"] == "127.0.0.1" and 0 < told["expires"] <= 300
        assert "secret" not in told
        answer = await owner.post(f"/api/v1/pairing/{request['id']}", json={"allow": True})
        assert await answer.json() == {"requests": []}
        again = await owner.post(f"/api/v1/pairing/{request['id']}", json={"allow": False})
        assert again.status == 404
    assert (await fetched(stranger, request, "guessed"))[0] == 404
    assert await fetched(stranger, request) == (200, {"answer": "allowed", "token": TOKEN})
    assert (await fetched(stranger, request))[0] == 404, "the token is told once"


async def test_refused(served: Served, stranger: ClientSession) -> None:
    request = await asked(stranger)
    async with served.client() as owner:
        await owner.post(f"/api/v1/pairing/{request['id']}", json={"allow": False})
    assert await fetched(stranger, request) == (200, {"answer": "refused"})


async def test_a_stranger_can_neither_look_nor_answer(stranger: ClientSession) -> None:
    request = await asked(stranger)
    headers = {"X-Pairing-Secret": request["secret"]}
    for method, path in (("GET", "/api/v1/pairing"), ("POST", f"/api/v1/pairing/{request['id']}")):
        answer = await stranger.request(method, path, json={"allow": True}, headers=headers)
        assert answer.status == 401
    assert await fetched(stranger, request) == (200, {"answer": "waiting"})


async def test_a_page_of_another_site_cannot_ask(stranger: ClientSession) -> None:
    answer = await stranger.post("/api/v1/pairing", json=ASK, headers={"Origin": "https://elsewhere.example"})
    assert answer.status == 403


async def test_taken_back(served: Served, stranger: ClientSession) -> None:
    request = await asked(stranger)
    for secret, status in (("guessed", 404), (request["secret"], 200), (request["secret"], 404)):
        answer = await stranger.delete(
            f"/api/v1/pairing/{request['id']}", headers={"X-Pairing-Secret": secret}
        )
        assert answer.status == status
    async with served.client() as owner:
        assert (await (await owner.get("/api/v1/pairing")).json()) == {"requests": []}


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": 7}, {"name": "x" * 65}, {"name": "a\nb"}, {"name": "a", "code": "1"}]
)
async def test_what_is_no_request(stranger: ClientSession, body: object) -> None:
    answer = await stranger.post("/api/v1/pairing", json=body)
    assert answer.status == 400 and (await answer.json())["error"]


async def test_who_asks_too_often_waits(stranger: ClientSession) -> None:
    statuses = [(await stranger.post("/api/v1/pairing", json=ASK)).status for _ in range(12)]
    assert statuses == [201] * 10 + [429] * 2


async def test_signed_in_clients_hear_of_it(served: Served, stranger: ClientSession) -> None:
    async with served.client() as owner, owner.ws_connect("/api/v1/ws") as socket:
        assert (await socket.receive_json())["type"] == "server"
        await socket.send_json({"id": 1, "type": "subscribe", "topic": "pairing"})
        assert (await socket.receive_json())["ok"]
        assert await socket.receive_json() == {"type": "pairing", "requests": []}
        request = await asked(stranger)
        heard = await socket.receive_json()
        assert [each["code"] for each in heard["requests"]] == [request["code"]]
        await owner.post(f"/api/v1/pairing/{request['id']}", json={"allow": True})
        assert await socket.receive_json() == {"type": "pairing", "requests": []}


def test_a_request_ends_after_five_minutes() -> None:
    requests = PairingRequests()
    request = requests.ask("HA", "10.0.0.1", 0.0)
    assert requests.waiting(299.0) == (request,)
    assert requests.waiting(300.0) == ()
    assert not requests.decide(request.id, True, 300.0)
    assert requests.fetch(request.id, request.secret, 300.0) is None


def test_a_crowd_does_not_push_out_who_waits() -> None:
    requests = PairingRequests()
    first = requests.ask("HA", "10.0.0.1", 0.0)
    for k in range(7):
        requests.ask("other", f"10.0.1.{k}", 1.0)
    with pytest.raises(TooManyAttempts) as caught:
        requests.ask("late", "10.0.2.1", 10.0)
    assert caught.value.retry_after == 290
    assert first in requests.waiting(10.0)


@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0, 100)), max_size=60))
def test_one_request_an_address_and_never_two_alike(asks: list[tuple[int, float]]) -> None:
    requests, now = PairingRequests(), 0.0
    for who, later in asks:
        now += later
        try:
            requests.ask("x", f"10.0.0.{who}", now)
        except TooManyAttempts:
            continue
        waiting = requests.waiting(now)
        assert len(waiting) <= 8
        assert len({each.address for each in waiting}) == len(waiting)
        assert len({each.code for each in waiting}) == len(waiting)
        assert all(now < each.expires <= now + 300 for each in waiting)


async def command(served: Served, *words: str, answers: str = "") -> Result:
    port = ["--http-port", str(served.server.port)]
    return await asyncio.to_thread(CliRunner().invoke, app, ["pair", *words, *port], answers)


async def test_the_command(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YULELIGHT_DATA", str(tmp_path))
    monkeypatch.chdir(str(tmp_path))
    token = load_or_make(tmp_path).token  # type: ignore[arg-type]
    monkeypatch.setattr(stubs, "TOKEN", token)
    async with serve() as served, served.client(token=None) as stranger:
        nobody = await command(served)
        assert nobody.exit_code == 2 and "there is no pairing request" in nobody.output
        request = await asked(stranger)
        other = await command(served, "no-code")
        assert other.exit_code == 2 and "no pairing request has the code no-code" in other.output
        asking = await command(served, answers="n\n")
        assert asking.exit_code == 0 and f"code {request['code']}" in asking.output
        assert await fetched(stranger, request) == (200, {"answer": "refused"})
        request = await asked(stranger)
        done = await command(served, request["code"])
        assert "was allowed" in done.output
        assert await fetched(stranger, request) == (200, {"answer": "allowed", "token": token})
