"""Reads a TensorFlow checkpoint (version 2) without TensorFlow: float32 arrays by name.

The index is a sorted table in LevelDB's format: a footer points to a block of blocks, and each entry of a block shares
a prefix of its key with the one before. Values are protocol buffers with shape, offset and length in the data file.
"""

import struct
from collections.abc import Iterator
from math import prod

import numpy as np
import numpy.typing as npt

from yulelight.core.errors import ModelError

_FOOTER = 48
_FLOAT = 1


def read(index: bytes, data: bytes) -> dict[str, npt.NDArray[np.float32]]:
    """The arrays of the checkpoint in these two files. Raises ModelError if they are not a checkpoint."""
    try:
        found = {}
        for key, value in _table(index):
            entry = _message(value)
            if key and entry.get(1) == [_FLOAT]:
                shape = _shape(entry)
                start, size = _number(entry, 4), _number(entry, 5)
                if size != 4 * prod(shape) or start + size > len(data):
                    raise ValueError(f"{key!r} is cut off")
                found[key.decode()] = np.frombuffer(data, "<f4", size // 4, start).reshape(shape)
    except (ValueError, IndexError, struct.error, UnicodeDecodeError) as error:
        raise ModelError(f"is not a readable checkpoint ({error}); fetch it again") from error
    return found


def _table(index: bytes) -> Iterator[tuple[bytes, bytes]]:
    footer, at = index[-_FOOTER:], 0
    for _ in range(2):
        _, at = _varint(footer, at)
    start, at = _varint(footer, at)
    size, _ = _varint(footer, at)
    for _, handle in _block(index, start, size):
        begin, at = _varint(handle, 0)
        length, _ = _varint(handle, at)
        yield from _block(index, begin, length)


def _block(table: bytes, start: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    block = table[start : start + size]
    (restarts,) = struct.unpack("<I", block[-4:])
    at, key, end = 0, b"", len(block) - 4 - 4 * restarts
    while at < end:
        shared, at = _varint(block, at)
        own, at = _varint(block, at)
        length, at = _varint(block, at)
        key = key[:shared] + block[at : at + own]
        yield key, block[at + own : at + own + length]
        at += own + length


def _message(text: bytes) -> dict[int, list[int | bytes]]:
    """The fields of a protocol buffer by number."""
    found: dict[int, list[int | bytes]] = {}
    at = 0
    while at < len(text):
        tag, at = _varint(text, at)
        kind = tag & 7
        value: int | bytes
        if kind == 0:
            value, at = _varint(text, at)
        else:
            size, at = _varint(text, at) if kind == 2 else ({1: 8, 5: 4}[kind] if kind in (1, 5) else -1, at)
            if size < 0:
                raise ValueError("an entry has a field of an unknown kind")
            value, at = text[at : at + size], at + size
        found.setdefault(tag >> 3, []).append(value)
    return found


def _shape(entry: dict[int, list[int | bytes]]) -> tuple[int, ...]:
    shape = entry.get(2, [b""])[0]
    sizes = _message(shape).get(2, []) if isinstance(shape, bytes) else []
    return tuple(_number(_message(size), 1) for size in sizes if isinstance(size, bytes))


def _number(entry: dict[int, list[int | bytes]], field: int) -> int:
    value = entry.get(field, [0])[0]
    return value if isinstance(value, int) else 0


def _varint(text: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = text[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise ValueError("a number is too long")
