"""Content lines of iCalendar (RFC 5545, 3.1), as written in practice by programs and people.

Pure. Reading never fails: invalid lines are recognised, and the calendar parser decides what to do with them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_BREAK = re.compile(rb"\r\n|\n|\r")
_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)[ \t]*(?=[;:])")
_PARAMETER = re.compile(r';[ \t]*([A-Za-z0-9_-]+)[ \t]*=((?:"[^"]*"|[^";:])*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_FOLD = 75
"""Maximum octets of a written line."""


@dataclass(frozen=True, slots=True)
class Property:
    """A parsed content line. ``name`` and parameter names are in upper case; the value is still escaped."""

    name: str
    parameters: Mapping[str, str]
    value: str

    @property
    def text(self) -> str:
        """The unescaped value."""
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


def unfold(data: bytes) -> Iterator[tuple[int, str]]:
    """The content lines of a file, each with the number of its first line; empty lines are skipped.

    Lines are unfolded as bytes, since some programs fold within a multi-byte character. UTF-8 is expected; invalid
    lines are read as Windows-1252, and files with a UTF-16 byte order mark as UTF-16. Control characters are removed.
    """
    number, parts = 0, list[bytes]()
    lines = _BREAK.split(_utf8(data))
    # If all lines are indented, as in text copied from an e-mail, none is a continuation.
    first = next((line for line in lines if line.strip()), b"")
    indent = first[: len(first) - len(first.lstrip())]
    for at, line in enumerate((line.removeprefix(indent) for line in lines), 1):
        if line[:1] in (b" ", b"\t") and parts:
            parts.append(line[1:])
        elif line:
            if parts:
                yield number, _decoded(b"".join(parts))
            number, parts = at, [line]
    if parts:
        yield number, _decoded(b"".join(parts))


def parse(line: str) -> Property | None:
    """Parses a content line; None if it is invalid."""
    head = _NAME.match(line)
    if head is None:
        return None
    at, parameters = head.end(), dict[str, str]()
    while found := _PARAMETER.match(line, at):
        parameters.setdefault(found[1].upper(), found[2].strip().strip('"'))
        at = found.end()
    colon = line.find(":", at)
    if colon < 0:
        return None
    return Property(head[1].upper(), parameters, line[colon + 1 :].strip())


def written(name: str, value: str, parameters: Mapping[str, str] | None = None) -> str:
    """An unfolded content line. ``value`` must already be escaped, see ``escaped``."""
    quoted = (
        f';{key}="{text}"' if re.search("[;:,]", text) else f";{key}={text}"
        for key, text in (parameters or {}).items()
    )
    return f"{name}{''.join(quoted)}:{value}"


def escaped(text: str) -> str:
    """Text escaped for use as a property's value."""
    for plain, safe in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\n"),
        ("\r", "\n"),
        ("\n", "\\n"),
    ):
        text = text.replace(plain, safe)
    return text


def folded(line: str) -> str:
    """A content line folded into pieces of at most 75 octets, with line ends."""
    if len(line.encode()) <= _FOLD:
        return f"{line}\r\n"
    pieces, piece, size = [], list[str](), 0
    for character in line:
        width = len(character.encode())
        if size + width > _FOLD:
            pieces.append("".join(piece))
            piece, size = [], 1
        piece.append(character)
        size += width
    pieces.append("".join(piece))
    return "\r\n ".join(pieces) + "\r\n"


def _utf8(data: bytes) -> bytes:
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _decoded(line: bytes) -> str:
    for encoding in ("utf-8", "cp1252", "latin-1"):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text if text.isprintable() else _CONTROL.sub("", text)
    raise AssertionError("Latin-1 reads every byte")
