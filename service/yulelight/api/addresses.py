"""GET /api/v1/addresses: where a phone opens the page, and the QR code of it."""

import asyncio

from aiohttp import web

from yulelight.api.context import CONTEXT
from yulelight.api.qr import as_svg


async def get_addresses(request: web.Request) -> web.Response:
    """The page's addresses, the likeliest first, and the first one's QR code; it holds the token, as the asker does."""
    context = request.app[CONTEXT]
    found = await asyncio.to_thread(context.addresses)
    code = as_svg(f"{found[0]}#token={context.token}") if found else None
    return web.json_response({"addresses": list(found), "qr": code})


ROUTES = [web.get("/api/v1/addresses", get_addresses, name="get_addresses")]
