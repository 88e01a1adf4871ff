"""A checkpoint is read as its format says; anything else is refused in words."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import ModelError
from yulelight.lab.voices.checkpoint import read


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def block(entries: list[tuple[bytes, bytes]]) -> bytes:
    """As LevelDB writes it, each key with what it shares with the one before."""
    out, last = b"", b""
    for key, value in entries:
        shared = next(
            (k for k, (a, b) in enumerate(zip(key, last, strict=False)) if a != b), min(len(key), len(last))
        )
        out += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        last = key
    return out + struct.pack("<II", 0, 1)


def checkpoint(arrays: dict[str, np.ndarray]) -> tuple[bytes, bytes]:
    entries, data = [(b"", b"\x08\x01")], b""
    for name, array in sorted(arrays.items()):
        sizes = b"".join(b"\x12" + varint(len(d := b"\x08" + varint(n))) + d for n in array.shape)
        entry = b"\x08\x01\x12" + varint(len(sizes)) + sizes
        entry += b"\x20" + varint(len(data)) + b"\x28" + varint(array.nbytes) + b"\x35\x00\x00\x00\x00"
        entries.append((name.encode(), entry))
        data += array.astype("<f4").tobytes()
    first = block(entries)
    handle = varint(0) + varint(len(first))
    second = block([(b"\xff", handle)])
    at = len(first) + 5
    footer = varint(0) + varint(0) + varint(at) + varint(len(second))
    return first + b"\x00" * 5 + second + footer.ljust(48, b"\x00"), data


def test_arrays_come_back_by_name() -> None:
    rng = np.random.default_rng(1)
    arrays = {
        "conv2d/kernel": rng.normal(size=(5, 5, 2, 16)).astype(np.float32),
        "conv2d/bias": rng.normal(size=16).astype(np.float32),
        "conv2d_1/kernel": rng.normal(size=(200, 3)).astype(np.float32),
    }
    found = read(*checkpoint(arrays))
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert np.array_equal(found[name], array)


def test_data_that_is_cut_off_is_refused() -> None:
    index, data = checkpoint({"a": np.ones(100, np.float32)})
    with pytest.raises(ModelError, match="cut off"):
        read(index, data[:-4])


@given(st.binary(max_size=200))
def test_anything_else_is_refused_or_empty(index: bytes) -> None:
    try:
        assert read(index, b"") == {}
    except ModelError as error:
        assert "checkpoint" in str(error)
