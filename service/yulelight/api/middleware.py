"""Middleware for all requests: authentication, error responses and security headers."""

import errno
import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import ClientPayloadError, web

from yulelight.actors import ActorStopped, AskTimeout, MailboxFull
from yulelight.api.audio import may_hear, signed
from yulelight.api.auth import bearer, by_ingress, same_origin
from yulelight.api.http_connection import request_came, token_shown
from yulelight.api.languages import language_of, spoken
from yulelight.api.services import METRICS, SECURITY
from yulelight.api.state import STATE
from yulelight.core.attempts import TooManyAttempts
from yulelight.core.errors import (
    AudioError,
    CommandError,
    ModelError,
    StorageError,
    UsageError,
    YulelightError,
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)

OPEN = web.AppKey("open", frozenset[str])
"""Names of the routes that need no token."""
SOCKETS = web.AppKey("sockets", frozenset[str])
"""Names of the routes where a client may authenticate in its first message instead of a header."""

NEED_TOKEN = "a token is needed: send 'Authorization: Bearer TOKEN'; `yulelight token` prints it"
WRONG_LINK = "this link is wrong or too old; ask for a new one"
WRONG_TOKEN = "this token is wrong; `yulelight token` prints the right one"

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}

FRAMED = {
    "Content-Security-Policy": SECURITY_HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
}


def error_response(status: int, text: str, headers: dict[str, str] | None = None) -> web.Response:
    """The response for all errors."""
    return web.json_response({"error": text}, status=status, headers=headers)


def describe(error: Exception) -> tuple[int, str]:
    """The HTTP status and the one-line message for ``error``."""
    match error:
        case UsageError():
            return 400, str(error)
        case CommandError() | ModelError():
            return 409, str(error)
        case AudioError():
            return 415, str(error)
        case AskTimeout() | ActorStopped() | MailboxFull():
            return 503, "the show is busy or restarting; try again in a moment"
        case StorageError():
            return 507, str(error)
        case OSError() if error.errno in _FULL:
            return 507, str(StorageError.of("this", error))
        case YulelightError():
            return 500, str(error)
    log.error("request failed", exc_info=error)
    return 500, "internal error of the service; see its log"


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Checks the origin, then the token, then calls the handler; counts the result."""
    request_came(request)
    response = _in_language_of(request, await _answer(request, handler))
    route = request.match_info.route.resource
    request.app[METRICS].http_requests.labels(
        request.method if request.method in METHODS else "other",
        route.canonical if route is not None else "unknown",
        str(response.status),
    ).inc()
    return response


def _in_language_of(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """The response with its sentences in the language of the browser."""
    language = language_of(request.headers.get("Accept-Language"))
    text = (
        response.content_type == "application/json" and isinstance(response, web.Response) and response.body
    )
    if language == "en" or not isinstance(text, bytes):
        return response
    assert isinstance(response, web.Response)
    body = json.loads(text)
    told = spoken(body, language)
    if told != body:
        response.body = json.dumps(told).encode()
        response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    return response


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Adds security headers to all responses, including errors and streams."""
    if "X-Ingress-Path" in request.headers:
        # Home Assistant shows the page in a frame. Pages of other sites cannot set this header.
        response.headers.update(FRAMED)
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(("/api", "/metrics")):
        response.headers.setdefault("Cache-Control", "no-store")


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        if signed(request):
            if may_hear(request):
                token_shown(request)
                return await handler(request)
            return error_response(403, WRONG_LINK)
        if not same_origin(request.headers.get("Origin"), request.headers.get("Host")):
            return error_response(403, "pages of other sites may not talk to this service")
        if (refusal := _refuse(request)) is not None:
            return refusal
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        keep = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
        return error_response(error.status, _http_text(request, error), keep)
    except TooManyAttempts as error:
        return error_response(429, str(error), {"Retry-After": str(error.retry_after)})
    except ConnectionError:
        return error_response(400, "the connection was lost")
    except RuntimeError as error:
        # What aiohttp raises when the client goes while its body is read.
        if request.transport is None or request.transport.is_closing():
            return error_response(400, "the connection was lost")
        return error_response(*describe(error))
    except (ClientPayloadError, web.RequestPayloadError):
        return error_response(400, "the body is damaged: it is not in the encoding that its headers name")
    except Exception as error:  # noqa: BLE001
        return error_response(*describe(error))


def _refuse(request: web.Request) -> web.Response | None:
    """The response to an unauthenticated request; None if it is permitted."""
    name = request.match_info.route.name or ""
    token = bearer(request.headers.get("Authorization"))
    if name in request.app[OPEN] or (token is None and name in request.app[SOCKETS]):
        return None
    if by_ingress(request.remote, request.headers, request.app[SECURITY].ingress):
        return None
    challenge = {"WWW-Authenticate": "Bearer"}
    if token is None:
        return error_response(401, NEED_TOKEN, challenge)
    if not request.app[STATE].gate.check(token, request.remote):
        return error_response(401, WRONG_TOKEN, challenge)
    token_shown(request)
    return None


def _http_text(request: web.Request, error: web.HTTPException) -> str:
    known = {
        404: f"there is nothing at {request.path[:80]}; see docs/http-api.md",
        405: f"{request.method} does not work here; use {error.headers.get('Allow', 'another')}",
        413: "this body is too large; 64 kB is the most",
    }
    generic = error.text is None or error.text.startswith(f"{error.status}: ")
    if generic or error.status == 413:
        return known.get(error.status, error.reason)
    return str(error.text)
