"""The page at ``/``: read once and served from memory. Requests select an entry of a table, never a path."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file, ready to be sent."""

    body: bytes
    zipped: bytes
    content_type: str
    etag: str


def read_page(folder: Path = FOLDER) -> dict[str, PageFile]:
    """All files of the page by name."""
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in TYPES:
            body = path.read_bytes()
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            files[path.name] = PageFile(body, gzip.compress(body, mtime=0), TYPES[path.suffix], etag)
    return files


FILES = web.AppKey("files", Mapping[str, PageFile])


async def page_file(request: web.Request) -> web.Response:
    """GET / and /page/{name}; the browser revalidates each time by ETag."""
    return send(request, request.app[FILES], request.match_info.get("name", "index.html"))


async def service_worker(request: web.Request) -> web.Response:
    """GET /sw.js: beside the page, because it may serve nothing above its own folder."""
    return send(request, request.app[FILES], "sw.js")


def send(request: web.Request, files: Mapping[str, PageFile], name: str) -> web.Response:
    """The file of this name, or 304 if the browser has it. Raises HTTPNotFound."""
    file = files.get(name)
    if file is None:
        raise web.HTTPNotFound
    headers = {"ETag": file.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == file.etag:
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = file.content_type
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return web.Response(body=file.zipped, headers={**headers, "Content-Encoding": "gzip"})
    return web.Response(body=file.body, headers=headers)
