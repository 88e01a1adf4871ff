"""HTTP Live Streaming as stations send it: a playlist that names segments, read again and again (RFC 8216)."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from yulelight.core.errors import AudioError

Fetch = Callable[[str], Awaitable[bytes]]
"""What lies at an address, within bounds. Raises NetworkError."""

BEHIND = 3
"""Segments before the newest at which a live stream is joined, as the RFC recommends."""
MAX_LIST_LENGTH = 1_000_000
"""Characters of a playlist."""
MOST_SEGMENTS = 5000
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')


@dataclass(frozen=True, slots=True)
class Playlist:
    """A media playlist. ``first``: the number of its first segment; ``init``: what comes before all of them."""

    segments: tuple[str, ...]
    first: int
    duration: float
    """Seconds of a segment, at most."""
    ended: bool
    init: str | None


def best_variant(text: str, url: str) -> str | None:
    """Of a playlist of playlists the one of the lowest rate, which is enough for lights; None for a media playlist."""
    found: list[tuple[int, str]] = []
    rate = None
    for line in (each.strip() for each in text.splitlines()):
        if line.startswith("#EXT-X-STREAM-INF:"):
            told = dict(_ATTRIBUTE.findall(line)).get("BANDWIDTH", "")
            rate = int(told[:12]) if told[:12].isdecimal() and told.isascii() else 0
        elif rate is not None and line and not line.startswith("#"):
            if (variant := _joined(url, line)) is not None:
                found.append((rate, variant))
            rate = None
    return min(found)[1] if found else None


def media_playlist(text: str, url: str) -> Playlist:
    """The playlist in ``text``, which came from ``url``. Raises AudioError for one that cannot be played."""
    segments: list[str] = []
    first, duration, ended, init = 0, 10.0, False, None
    for line in (each.strip() for each in text.splitlines()):
        tag, _, value = line.partition(":")
        match tag:
            case "#EXT-X-KEY" if "METHOD=NONE" not in value:
                raise AudioError("the station encrypts its sound; use another of its streams")
            case "#EXT-X-MEDIA-SEQUENCE" if value.isascii() and value.isdecimal():
                first = int(value[:15])
            case "#EXT-X-TARGETDURATION" if value.isascii() and value.isdecimal():
                duration = min(60.0, max(1.0, float(value[:6])))
            case "#EXT-X-ENDLIST":
                ended = True
            case "#EXT-X-MAP" if found := dict(_ATTRIBUTE.findall(value)).get("URI"):
                init = _joined(url, found.strip('"'))
            case _ if line and not line.startswith("#") and len(segments) < MOST_SEGMENTS:
                if (segment := _joined(url, line)) is None:
                    raise AudioError("the station's playlist names an address that is none")
                segments.append(segment)
    return Playlist(tuple(segments), first, duration, ended, init)


async def pieces(url: str, text: str, fetch: Fetch) -> AsyncIterator[bytes]:
    """The bytes of the stream that ``text`` (from ``url``) names, segment by segment, until it ends.

    Raises AudioError for a playlist that cannot be played, and whatever ``fetch`` raises.
    """
    if (variant := best_variant(text, url)) is not None:
        url, text = variant, _text(await fetch(variant))
    told = media_playlist(text, url)
    number = told.first + (0 if told.ended else max(0, len(told.segments) - BEHIND))
    if told.init is not None:
        yield await fetch(told.init)
    quiet = 0
    while True:
        number = max(number, told.first)  # what has been taken away meanwhile is missed
        new = told.segments[number - told.first :]
        for segment in new:
            yield await fetch(segment)
        number += len(new)
        if told.ended:
            return
        quiet = 0 if new else quiet + 1
        if quiet > 10:
            raise AudioError("the station's playlist has no new segments")
        await asyncio.sleep(told.duration / 2)
        told = media_playlist(_text(await fetch(url)), url)


def _joined(url: str, line: str) -> str | None:
    """The address that ``line`` means in what came from ``url``; None if it is none."""
    try:
        return urljoin(url, line)
    except ValueError:  # such as brackets without an IPv6 address between them
        return None


def _text(data: bytes) -> str:
    return data[:MAX_LIST_LENGTH].decode(errors="replace")
