"""Ogg files (RFC 3533): one recording, or a chain of several, each with its own headers and timestamps.

Chained files come from internet radio or `cat`. Every link is decoded separately, so that each keeps its own rate,
beginning and end.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from yulelight.audio.source import Source, UnreadableError
from yulelight.audio.window import Window
from yulelight.dsp.samples import Floats

_CAPTURE = b"OggS"
_HEAD = 27
_FIRST_PAGE = 0x02
"""Flag of a page that begins a stream."""
_CHUNK = 1 << 16
_MAX_LINKS = 2000
"""The last link contains everything after it."""


@dataclass(frozen=True, slots=True)
class Layout:
    """``links`` are (start, end) offsets; ``cut``: the file ends in the middle of a page."""

    links: tuple[tuple[int, int], ...]
    cut: bool


def layout(file: Window) -> Layout:
    """The positions of the links of an Ogg file. Reads only the headers of its pages."""
    starts: list[int] = []
    at, in_headers, cut = 0, False, False
    while at < file.size:
        file.seek(at)
        head = file.read(_HEAD)
        if head[:4] != _CAPTURE[: len(head)]:
            found = _next_page(file, at + 1)
            if found is None:
                break  # other data follows, such as tags of another program
            at = found
            continue
        table = file.read(head[26]) if len(head) == _HEAD else b""
        size = _HEAD + len(table) + sum(table)
        if len(head) < _HEAD or len(table) < head[26] or at + size > file.size:
            cut = True
            break
        begins = bool(head[5] & _FIRST_PAGE)
        if begins and not in_headers and len(starts) < _MAX_LINKS:
            starts.append(at)
        in_headers = begins
        at += size
    starts = starts or [0]
    starts[0] = 0
    return Layout(tuple(zip(starts, [*starts[1:], file.size], strict=True)), cut)


def _next_page(file: Window, at: int) -> int | None:
    while at < file.size:
        file.seek(at)
        data = file.read(_CHUNK)
        if (found := data.find(_CAPTURE)) >= 0:
            return at + found
        if len(data) < len(_CAPTURE):
            return None
        at += len(data) - len(_CAPTURE) + 1
    return None


class ChainSource:
    """A Source of all links of a chained file, one after the other. Links without sound are skipped."""

    def __init__(self, file: Window, links: tuple[tuple[int, int], ...]) -> None:
        self.damage: list[float] = []
        self.loose_end = False
        self._file = file
        self._links = list(links)
        self._open = self._next()
        if self._open is None:
            raise UnreadableError("it has no sound track")
        self.rate, self.channels, self.format = self._open.rate, self._open.channels, self._open.format
        self.duration: float | None = None

    def blocks(self) -> Iterator[tuple[Floats, int]]:
        told = 0.0
        while self._open is not None:
            with closing(self._open) as link:
                before = told
                for block, rate in link.blocks():
                    told += len(block) / rate
                    yield block, rate
                self.damage += [before + moment for moment in link.damage]
                self.loose_end = link.loose_end
            self._open = self._next()
            if self._open is not None and self.loose_end:
                self.damage.append(told)

    def close(self) -> None:
        if self._open is not None:
            self._open.close()

    def _next(self) -> Source | None:
        from yulelight.audio.ffmpeg import FfmpegSource

        while self._links:
            start, end = self._links.pop(0)
            try:
                return FfmpegSource(self._file.part(start, end))
            except UnreadableError:
                continue
        return None
