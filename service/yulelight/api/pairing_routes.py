"""The routes of pairing: requesting is open to anybody, answering needs the token. See pairing.py."""

from typing import Any

from aiohttp import web

from yulelight.api.body import read_json
from yulelight.api.fields import Body, Switch, read, text
from yulelight.api.pairing import Answer, PairingRequest
from yulelight.api.services import SECURITY, Security

MAX_NAME = 64
GONE = "this pairing request has ended or does not exist; ask again"
HEADER = "X-Pairing-Secret"


class _Asking(Body):
    name: text(MAX_NAME)  # type: ignore[valid-type]


class _Answering(Body):
    allow: Switch


async def ask(request: web.Request) -> web.Response:
    """POST /api/v1/pairing, open: a program requests pairing."""
    security, body = request.app[SECURITY], await read_json(request)
    now = security.clock()
    made = security.pairing.ask(read(_Asking, body).name, request.remote, now)
    return web.json_response({**_told(made, now), "secret": made.secret}, status=201)


async def fetch(request: web.Request) -> web.Response:
    """GET /api/v1/pairing/{id}, with the request's secret: the answer, and the token."""
    security = request.app[SECURITY]
    answer = security.pairing.fetch(request.match_info["id"], _secret(request), security.clock())
    if answer is None:
        raise web.HTTPNotFound(text=GONE)
    token = {"token": security.token} if answer is Answer.ALLOWED else {}
    return web.json_response({"answer": str(answer), **token})


async def withdraw(request: web.Request) -> web.Response:
    """DELETE /api/v1/pairing/{id}, with the request's secret."""
    security = request.app[SECURITY]
    if not security.pairing.withdraw(request.match_info["id"], _secret(request), security.clock()):
        raise web.HTTPNotFound(text=GONE)
    return web.json_response({})


async def get_waiting(request: web.Request) -> web.Response:
    """GET /api/v1/pairing: the pending requests."""
    return web.json_response(waiting(request.app[SECURITY]))


async def decide(request: web.Request) -> web.Response:
    """POST /api/v1/pairing/{id} ``{"allow": true}``; answers with the remaining requests."""
    security, body = request.app[SECURITY], await read_json(request)
    allow = read(_Answering, body).allow
    if not security.pairing.decide(request.match_info["id"], allow, security.clock()):
        raise web.HTTPNotFound(text=GONE)
    return web.json_response(waiting(security))


def waiting(security: Security) -> dict[str, Any]:
    """All pending requests, for signed-in clients."""
    now = security.clock()
    return {"requests": [_told(each, now) for each in security.pairing.waiting(now)]}


def _told(request: PairingRequest, now: float) -> dict[str, Any]:
    return {
        "id": request.id,
        "name": request.name,
        "address": request.address,
        "code": request.code,
        "expires": round(request.expires - now, 3),
    }


def _secret(request: web.Request) -> str:
    return request.headers.get(HEADER, "")


ROUTES = [
    web.post("/api/v1/pairing", ask, name="ask_pairing"),
    web.get("/api/v1/pairing", get_waiting, name="get_pairing"),
    web.get("/api/v1/pairing/{id}", fetch, name="fetch_pairing"),
    web.delete("/api/v1/pairing/{id}", withdraw, name="withdraw_pairing"),
    web.post("/api/v1/pairing/{id}", decide, name="decide_pairing"),
]
