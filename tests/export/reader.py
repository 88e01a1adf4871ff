"""Reads uncompressed FSEQ v2 as its description says, to check what is written; shares nothing with the writer.

https://github.com/FalconChristmas/fpp, docs/FSEQ_Sequence_File_Format.txt
"""

import struct
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sequence:
    """``frames[n][c]``: the value of channel ``c`` (from 0, of the player's) from ``n * step`` milliseconds on."""

    step: int
    identifier: int
    headers: dict[str, str]
    ranges: list[tuple[int, int]]
    frames: list[dict[int, int]]


def read(path: Path) -> Sequence:
    data = path.read_bytes()
    (
        magic,
        offset,
        minor,
        major,
        fixed,
        channels,
        count,
        step,
        flags,
        packing,
        blocks,
        ranges,
        spare,
        identifier,
    ) = struct.unpack("<4sHBBHIIBBBBBBQ", data[:32])
    assert (magic, major, minor, flags, packing, blocks, spare) == (b"PSEQ", 2, 0, 0, 0, 0, 0)
    assert offset % 4 == 0
    at, found = 32, []
    for _ in range(ranges):
        first, length = (int.from_bytes(data[k : k + 3], "little") for k in (at, at + 3))
        found.append((first, length))
        at += 6
    assert at == fixed
    assert sum(length for _, length in found) == channels
    headers: dict[str, str] = {}
    while offset - at > 4:
        size, code = struct.unpack("<H2s", data[at : at + 4])
        assert at + size <= offset
        text, end = data[at + 4 : at + size].split(b"\0", 1)
        assert end == b""
        headers[code.decode()] = text.decode()
        at += size
    assert not any(data[at:offset])
    assert len(data) == offset + count * channels
    places = [first + k for first, length in found for k in range(length)]
    frames = [
        dict(zip(places, data[offset + n * channels : offset + (n + 1) * channels], strict=True))
        for n in range(count)
    ]
    return Sequence(step, identifier, headers, found, frames)
