"""GET /api/v1/addresses: where a phone opens the page, and the QR code of it."""

import asyncio

from aiohttp import web

from yulelight.api.qr import as_svg
from yulelight.api.services import ABOUT, SECURITY


async def get_addresses(request: web.Request) -> web.Response:
    """The page's addresses, the likeliest first, and the first one's QR code; it holds the token, as the asker does."""
    found = await asyncio.to_thread(request.app[ABOUT].addresses)
    code = as_svg(f"{found[0]}#token={request.app[SECURITY].token}") if found else None
    return web.json_response({"addresses": list(found), "qr": code})


ROUTES = [web.get("/api/v1/addresses", get_addresses, name="get_addresses")]
