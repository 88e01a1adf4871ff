"""M3U playlists as players write and read them.

Pure: bytes and text in and out, without file access. The format is a convention, not a standard: one path per line,
relative to the list or absolute, optionally preceded by ``#EXTINF:seconds,title``. Unknown lines are kept in place.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

MAX_ENTRIES = 10_000
"""Entries of a list that are read; further ones are ignored."""

MAX_NON_TEXT = 0.03
"""Share of non-text bytes up to which a file counts as a list with unusual names; compressed files have about 0.1."""

_EXTINF = re.compile(r"#EXTINF:\s*(-?\d{1,9})(?:\.\d+)?([^\d.].*)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'="[^"]*"')
_HEAD = re.compile(r"#(PLAYLIST:|YULELIGHT-)", re.IGNORECASE)
_WRITTEN_BY_US = re.compile(r"#(EXTM3U|EXTENC:)", re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
_SHARE = re.compile(r"(smb|cifs|nfs|afp|sftp|ftps?|ssh|fish|davs?|webdavs?):/", re.IGNORECASE)
"""URIs of files on network shares, which may be mounted here; all other URIs are streams."""
_BLANKS = " \t"
_CONTROLS = bytes({*range(9), 11, *range(14, 26), *range(28, 32)})
"""Control bytes that do not occur in text; tab, line ends, form feed, EOF and escape, used by old programs, are
allowed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A song in a list. ``location`` is the path or URI as written in the list."""

    location: str
    title: str = ""
    seconds: int | None = None
    attributes: str = ""
    """Attributes between seconds and title, as in some lists."""
    notes: tuple[str, ...] = ()
    """Comment lines that belong to the song, each beginning with #."""


@dataclass(frozen=True, slots=True)
class M3u:
    """A list. ``head``: lines about the list as a whole; ``tail``: lines after the last song."""

    entries: tuple[Entry, ...] = ()
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()


def is_text(data: bytes) -> bool:
    """Whether the bytes may be a list, rather than for example a picture with a wrong extension."""
    head = data[:65536]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    strange = len(head) - len(head.translate(None, _CONTROLS))
    return strange <= MAX_NON_TEXT * len(head)


def parse(data: bytes) -> M3u:
    """Parses the file's bytes as UTF-8, or Windows-1252 for lines that are not; any line ends. Never fails."""
    entries: list[Entry] = []
    head: list[str] = []
    notes: list[str] = []
    info: tuple[int | None, str, str] = (None, "", "")
    for line in _lines(data):
        if (known := _EXTINF.fullmatch(line)) and "," in known[2]:
            seconds, (attributes, title) = int(known[1]), _at_comma(known[2])
            info = (seconds if seconds >= 0 else None, attributes, title)
        elif _HEAD.match(line):
            head.append(line)
        elif line.startswith("#"):
            if not _WRITTEN_BY_US.match(line):
                notes.append(line)
        elif line:
            length, attributes, title = info
            entries.append(Entry(line, title, length, attributes, tuple(notes)))
            notes, info = [], (None, "", "")
            if len(entries) == MAX_ENTRIES:
                break
    return M3u(tuple(entries), tuple(head), tuple(notes))


def write(playlist: M3u) -> bytes:
    """The list as an .m3u8 file: UTF-8, Unix line ends. ``parse`` restores the same list."""
    lines = ["#EXTM3U", *playlist.head]
    for entry in playlist.entries:
        if entry.title or entry.attributes or entry.seconds is not None:
            seconds = -1 if entry.seconds is None else entry.seconds
            attributes = f" {entry.attributes}" if entry.attributes else ""
            lines.append(f"#EXTINF:{seconds}{attributes},{entry.title}")
        lines += [*entry.notes, entry.location]
    return "\n".join([*lines, *playlist.tail, ""]).encode()


def locate(path: Path, folder: Path) -> str:
    """The location to write in a list in ``folder`` for the song at the absolute ``path``.

    It is relative if the song is in or below the folder, so that both can be moved together, otherwise absolute. A
    path that cannot be written on one line becomes a file URI.
    """
    near = path.is_relative_to(folder.parent)
    text = os.path.relpath(path, folder) if near else str(path)
    plain = text == _clean(text) and not text.startswith("#") and not _URI.match(text)
    return text if plain and _encodes(text) else path.as_uri()


def paths(location: str, folder: Path) -> Iterator[str]:
    """The absolute paths that ``location`` may refer to in a list in ``folder``, most likely first; none for
    streams.
    """
    if location[:5].lower() == "file:":
        texts = [_from_uri(location)]
    elif _URI.match(location) and "://" in location:
        return
    else:
        texts = [location, location.replace("\\", "/")]
        if "%" in location:  # as written by VLC
            texts.append(unquote(location))
        texts += _bytes_of(location)
    for text in dict.fromkeys(texts):
        if text and "\0" not in text:
            yield os.path.normpath(folder / text)


def is_absolute(location: str) -> bool:
    """Whether ``location`` is an absolute path on any system: it begins with a root, drive or host."""
    return location.startswith(("/", "\\")) or location[1:2] == ":" or bool(_URI.match(location))


def parts(location: str) -> list[str]:
    """The components of a path of any system or on a share, without drive, root and ``..``; empty for streams."""
    if location[:5].lower() == "file:":
        location = _from_uri(location)
    elif _SHARE.match(location):
        location = unquote(location.partition(":")[2])
    elif _URI.match(location) and "://" in location:
        return []
    names = re.sub(r"^[A-Za-z]:", "", location).replace("\\", "/").split("/")
    return [name for name in names if name not in {"", ".", ".."}]


def _at_comma(text: str) -> tuple[str, str]:
    """Splits attributes and title at the first comma outside quoted attributes."""
    hidden = _QUOTED.sub(lambda quoted: "=" * len(quoted[0]), text)
    at = hidden.find(",") if "," in hidden else text.index(",")
    return text[:at].strip(_BLANKS), text[at + 1 :].strip(_BLANKS)


def _lines(data: bytes) -> Iterator[str]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    for line in data.replace(b"\r", b"\n").split(b"\n"):
        yield _text(line).strip(_BLANKS)


def _text(line: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _clean(text: str) -> str:
    return text.translate({10: None, 13: None}).strip(_BLANKS)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _from_uri(uri: str) -> str:
    """The path of file:///home/x, file://localhost/home/x or file:/home/x."""
    rest = uri[5:]
    if rest.startswith("//"):
        rest = "/" + rest[2:].partition("/")[2]
    return os.fsdecode(unquote_to_bytes(rest))


def _bytes_of(text: str) -> list[str]:
    """The path of a file whose name is not UTF-8 and was read as Windows-1252: its original bytes."""
    if text.isascii():
        return []
    try:
        return [os.fsdecode(text.encode("cp1252"))]
    except UnicodeEncodeError:
        return []
