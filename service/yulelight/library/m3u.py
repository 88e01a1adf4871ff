"""M3U playlists as players write and read them. Pure: bytes and text in and out, no file is touched.

The format is a custom, not a standard: a song's path on each line, relative to the list or absolute, with
``#EXTINF:seconds,title`` before it where the player knows more. Lines we do not know are kept where they are.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

MAX_ENTRIES = 10_000
"""Entries of a list that are read; what follows is left out."""

MAX_NON_TEXT = 0.03
"""Share of bytes that no text has, up to which a file is a list with odd names in it; a packed file has a tenth."""

_EXTINF = re.compile(r"#EXTINF:\s*(-?\d{1,9})(?:\.\d+)?([^\d.].*)", re.IGNORECASE | re.DOTALL)
_QUOTED = re.compile(r'="[^"]*"')
_HEAD = re.compile(r"#(PLAYLIST:|YULELIGHT-)", re.IGNORECASE)
_WRITTEN_BY_US = re.compile(r"#(EXTM3U|EXTENC:)", re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
_SHARE = re.compile(r"(smb|cifs|nfs|afp|sftp|ftps?|ssh|fish|davs?|webdavs?):/", re.IGNORECASE)
"""Addresses of files on another machine, whose share is mounted here; all others are streams."""
_BLANKS = " \t"
_CONTROLS = bytes({*range(9), 11, *range(14, 26), *range(28, 32)})
"""Bytes that no line of text has: not tabs and line ends, nor the form feed, end of file and escape of old programs."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A song of a list. ``location`` is what the list calls it: a path, or a URI."""

    location: str
    title: str = ""
    seconds: int | None = None
    attributes: str = ""
    """What stands between seconds and title in some lists."""
    notes: tuple[str, ...] = ()
    """Lines that belong to the song, each beginning with #."""


@dataclass(frozen=True, slots=True)
class M3u:
    """A list. ``head`` are lines about the list as a whole, ``tail`` what follows the last song."""

    entries: tuple[Entry, ...] = ()
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()


def is_text(data: bytes) -> bool:
    """Whether the bytes may be a list, not a picture or song that has the name of one."""
    head = data[:65536]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    strange = len(head) - len(head.translate(None, _CONTROLS))
    return strange <= MAX_NON_TEXT * len(head)


def parse(data: bytes) -> M3u:
    """The list in the file's bytes: UTF-8, or line by line Windows-1252 where it is not; any line ends. Never fails."""
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
    """The list as an .m3u8 file: UTF-8, Unix line ends. ``parse`` makes the same list of it."""
    lines = ["#EXTM3U", *playlist.head]
    for entry in playlist.entries:
        if entry.title or entry.attributes or entry.seconds is not None:
            seconds = -1 if entry.seconds is None else entry.seconds
            attributes = f" {entry.attributes}" if entry.attributes else ""
            lines.append(f"#EXTINF:{seconds}{attributes},{entry.title}")
        lines += [*entry.notes, entry.location]
    return "\n".join([*lines, *playlist.tail, ""]).encode()


def locate(path: Path, folder: Path) -> str:
    """What a list in ``folder`` calls the song at the absolute ``path``.

    Relative when it lies beside or below the list, so that both can move together, else absolute. A path that a line
    cannot hold becomes a file URI.
    """
    near = path.is_relative_to(folder.parent)
    text = os.path.relpath(path, folder) if near else str(path)
    plain = text == _clean(text) and not text.startswith("#") and not _URI.match(text)
    return text if plain and _encodes(text) else path.as_uri()


def paths(location: str, folder: Path) -> Iterator[str]:
    """The absolute paths that ``location`` may mean in a list in ``folder``, likeliest first; none for a stream."""
    if location[:5].lower() == "file:":
        texts = [_from_uri(location)]
    elif _URI.match(location) and "://" in location:
        return
    else:
        texts = [location, location.replace("\\", "/")]
        if "%" in location:  # as VLC writes them
            texts.append(unquote(location))
        texts += _bytes_of(location)
    for text in dict.fromkeys(texts):
        if text and "\0" not in text:
            yield os.path.normpath(folder / text)


def is_absolute(location: str) -> bool:
    """Whether ``location`` begins at a root, drive or machine, of whatever system."""
    return location.startswith(("/", "\\")) or location[1:2] == ":" or bool(_URI.match(location))


def parts(location: str) -> list[str]:
    """Names in a path of any system or on a share, without drive, root and ``..``; empty for a stream."""
    if location[:5].lower() == "file:":
        location = _from_uri(location)
    elif _SHARE.match(location):
        location = unquote(location.partition(":")[2])
    elif _URI.match(location) and "://" in location:
        return []
    names = re.sub(r"^[A-Za-z]:", "", location).replace("\\", "/").split("/")
    return [name for name in names if name not in {"", ".", ".."}]


def _at_comma(text: str) -> tuple[str, str]:
    """Attributes and title, apart at the first comma that is not within a quoted attribute."""
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
    """The path whose name was never UTF-8, read as Windows-1252: its very bytes."""
    if text.isascii():
        return []
    try:
        return [os.fsdecode(text.encode("cp1252"))]
    except UnicodeEncodeError:
        return []
