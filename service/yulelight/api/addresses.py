"""GET /api/v1/addresses: the addresses of the page for phones, and a QR code."""

import asyncio

from aiohttp import web

from yulelight.api.qr import as_svg
from yulelight.api.services import ABOUT, SECURITY


async def get_addresses(request: web.Request) -> web.Response:
    """The page's addresses, the most suitable first, and the QR code of the first; it contains the token."""
    found = await asyncio.to_thread(request.app[ABOUT].addresses)
    code = as_svg(f"{found[0]}#token={request.app[SECURITY].token}") if found else None
    return web.json_response({"addresses": list(found), "qr": code})


ROUTES = [web.get("/api/v1/addresses", get_addresses, name="get_addresses")]
