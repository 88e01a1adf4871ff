"""Detects truncated files by their structure.

Lengths in headers are only hints: they may be estimated, missing because a program wrote to a pipe, or taken from the
file that this one was cut from. Whether bytes are missing shows at the end: an incomplete copy stops in the middle of
a chunk, box, page or frame.
"""

import struct
from dataclasses import dataclass

from yulelight.audio.id3 import skip_id3
from yulelight.audio.mpeg import announced, frame
from yulelight.audio.window import Window

_UNKNOWN_FROM = 0x7FFF0000
"""Larger sizes are placeholders of programs that do not know the size yet."""
_TAGS = (b"TAG", b"APETAGEX", b"ID3", b"3DI", b"LYRICSBEGIN")
_UNDERSTATED = 65_536
"""Bytes after the declared end of the sound that are worth to be heard."""
_MPEG_HEAD = 4096
_ASF_HEAD = 8192
_FILE_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_MAX_ELEMENTS = 100_000


@dataclass(frozen=True, slots=True)
class Ending:
    """``whole``: False if bytes are missing at the end, True if not, None if unknown.

    ``promised``: the length in seconds that the file declares, if it does; ``pieces``: the file was written piece by
    piece, so its length is that of its content.
    """

    whole: bool | None = None
    promised: float | None = None
    pieces: bool = False


def ending(file: Window, last: int | None = None) -> Ending:
    """How ``file`` ends. ``last``: offset of the last packet that could be decoded, if known."""
    file.seek(0)
    head = file.read(16)
    if head[:4] in {b"RIFF", b"RIFX"}:
        return _wave(file, "<" if head[:4] == b"RIFF" else ">")
    if head[:4] == b"FORM":
        return _chunks(file, 12, ">", b"SSND")
    if head[:4] in {b"RF64", b"BW64"}:
        return Ending(_large_wave(file))
    if head[:4] in {b"riff", b"caff"}:
        return Ending(_wide_chunks(file, head[:4]))
    if head[:1] == b"G":
        return Ending(_transport_stream(file))
    if head[:4] == b"fLaC":
        return Ending(None, _flac(file))
    if head[:4] == b"\x1aE\xdf\xa3":
        return Ending(_matroska(file))
    if head[:8] == b"\x30\x26\xb2\x75\x8e\x66\xcf\x11":
        return Ending(_asf(file))
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp"}:
        return _boxes(file)
    return Ending() if last is None else _frames(file, last)


def holds_nothing(file: Window) -> bool:
    """Whether this is a WAV file whose header declares no sound, and that has none.

    Programs that do not know the size yet write the same header; then data follows that is not a chunk.
    """
    at, empty = 12, False
    file.seek(0)
    if file.read(4) != b"RIFF":
        return False
    while at < file.size:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or not head[:4].isascii():
            return False
        size = int.from_bytes(head[4:], "little")
        empty = empty or (head[:4] == b"data" and size == 0)
        at += 8 + size + size % 2
    return empty and at <= file.size + 1


def understates(file: Window) -> bool:
    """Whether this is a WAV file whose header declares less sound than follows, as when a recorder was turned off.

    What follows the sound is then neither a chunk nor a tag.
    """
    at, sounds = 12, False
    file.seek(0)
    if file.read(4) != b"RIFF":
        return False
    for _ in range(_MAX_ELEMENTS):
        file.seek(at)
        head = file.read(4096)
        if file.size - at < _UNDERSTATED or head.startswith(_TAGS) or not any(head):
            return False
        size = int.from_bytes(head[4:8], "little")
        if not (head[:4].isascii() and head[:4].decode().isprintable()) or at + 8 + size > file.size + 1:
            return sounds
        sounds = sounds or (head[:4] == b"data" and size > 0)
        at += 8 + size + size % 2
    return False


def _chunks(file: Window, at: int, order: str, wanted: bytes) -> Ending:
    """For formats made of chunks: whether the sound's chunk is complete."""
    for _ in range(_MAX_ELEMENTS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return Ending()
        size = struct.unpack(f"{order}I", head[4:])[0]
        if head[:4] == wanted:
            known = 0 < size < _UNKNOWN_FROM
            return Ending(at + 8 + size <= file.size if known else None)
        at += 8 + size + size % 2
    return Ending()


def _wave(file: Window, order: str) -> Ending:
    whole = _chunks(file, 12, order, b"data").whole
    file.seek(12)
    head = file.read(4096)
    at = head.find(b"fmt ")
    sound = head.find(b"data")
    if whole is None or at < 0 or sound < 0 or len(head) < max(at + 20, sound + 8):
        return Ending(whole)
    bytes_a_second = struct.unpack(f"{order}I", head[at + 16 : at + 20])[0]
    size = struct.unpack(f"{order}I", head[sound + 4 : sound + 8])[0]
    return Ending(whole, size / bytes_a_second if bytes_a_second else None)


def _flac(file: Window) -> float | None:
    """From STREAMINFO (RFC 9639, 8.2)."""
    file.seek(8)
    info = file.read(34)
    if len(info) < 34:
        return None
    numbers = int.from_bytes(info[10:18], "big")
    rate, total = numbers >> 44, numbers & (1 << 36) - 1
    return total / rate if rate and total else None


def _large_wave(file: Window) -> bool | None:
    """RF64 (EBU Tech 3306): the size of the sound is in a preceding chunk."""
    file.seek(12)
    head = file.read(28)
    if head[:4] != b"ds64" or len(head) < 28:
        return None
    size = int.from_bytes(head[16:24], "little")
    at = 12
    for _ in range(_MAX_ELEMENTS):
        file.seek(at)
        chunk = file.read(8)
        if len(chunk) < 8:
            return None
        if chunk[:4] == b"data":
            return at + 8 + size <= file.size if size else None
        length = int.from_bytes(chunk[4:], "little")
        at += 8 + length + length % 2
    return None


def _wide_chunks(file: Window, kind: bytes) -> bool | None:
    """Wave64 and CAF, whose chunk sizes have 64 bits: whether the sound's chunk is complete."""
    wave = kind == b"riff"
    name, order, overhead, at = (16, "little", 24, 40) if wave else (4, "big", 12, 8)
    for _ in range(_MAX_ELEMENTS):
        file.seek(at)
        head = file.read(name + 8)
        if len(head) < name + 8:
            return None
        size = int.from_bytes(head[name:], "little" if order == "little" else "big")
        length = size if wave else size + overhead
        if head[:4] == b"data":
            known = overhead < length < 1 << 62
            return at + length <= file.size if known else None
        if length < overhead:
            return None
        at += -(-length // 8) * 8 if wave else length
    return None


def _transport_stream(file: Window) -> bool | None:
    """MPEG-TS: whether the last packet is complete."""
    for size, first in ((188, 0), (192, 4)):
        marks = []
        for number in range(4):
            file.seek(first + number * size)
            marks.append(file.read(1))
        if marks == [b"G"] * 4:
            return file.size % size == 0
    return None


def _boxes(file: Window) -> Ending:
    """MP4: whether the last box is complete."""
    at, pieces = 0, False
    for _ in range(_MAX_ELEMENTS):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return Ending(at >= file.size, pieces=pieces)
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size == 0:  # to the end of the file
            return Ending(True)
        if size < 8 or not head[4:8].isascii() or not head[4:8].decode().isprintable():
            return Ending(True)  # something else follows
        if at + size > file.size:
            return Ending(head[4:8] not in {b"mdat", b"moof", b"moov"}, pieces=pieces)
        pieces = pieces or head[4:8] == b"moof"
        at += size
    return Ending()


def _matroska(file: Window) -> bool | None:
    """Whether the last element of the segment is complete."""
    at, level = 0, 0
    for _ in range(_MAX_ELEMENTS):
        file.seek(at)
        head = file.read(12)
        if not head:
            return True
        id_length, size_length = _leading(head[0]), 0
        if id_length <= 4 and len(head) > id_length:
            size_length = _leading(head[id_length])
        if not size_length or size_length > 8 or len(head) < id_length + size_length:
            return None
        mask = (1 << 7 * size_length) - 1
        size = int.from_bytes(head[id_length : id_length + size_length], "big") & mask
        content = at + id_length + size_length
        container = head[:id_length] in {b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75"}  # Segment, Cluster
        if size != mask and content + size > file.size:
            return False
        if container and (level == 0 or size == mask):
            # Descend into the segment, and into clusters of unknown size.
            at, level = content, level + 1
        else:
            at = content + size
    return None


def _leading(byte: int) -> int:
    """The length of an EBML number, from its first byte; more than 8 if invalid."""
    return 9 - byte.bit_length()


def _asf(file: Window) -> bool | None:
    """Whether the data object is complete; during a broadcast it has no size."""
    file.seek(0)
    head = file.read(_ASF_HEAD)
    properties = head.find(_FILE_PROPERTIES)
    if properties > 0 and head[properties + 88 : properties + 89] not in {b"", b"\2", b"\0"}:
        return None  # a broadcast: sizes are unknown
    at = 0
    for _ in range(_MAX_ELEMENTS):
        file.seek(at)
        head = file.read(24)
        if len(head) < 24:
            return at >= file.size
        size = int.from_bytes(head[16:24], "little")
        if size < 24:
            return None
        if at + size > file.size:
            return False
        at += size
    return None


def _frames(file: Window, at: int) -> Ending:
    """MP3 and ADTS: whether the last frame is complete, and not followed by unknown data where sound was declared."""
    start = skip_id3(file)
    file.seek(start)
    promised = announced(file.read(_MPEG_HEAD).lstrip(b"\0"))
    file.seek(at)
    known = frame(file.read(8))
    if known is None:
        return Ending(None, promised)
    at += known.size
    if at > file.size:
        return Ending(False, promised)
    file.seek(at)
    rest = file.read(_MPEG_HEAD)
    following = frame(rest)
    if following and (following.rate, following.samples) == (known.rate, known.samples):
        return Ending(at + following.size <= file.size and None, promised)
    tags = not rest or rest.startswith(_TAGS)
    return Ending(True if tags or promised is None else None, promised)
