from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.messages import Packet
from yulelight.mqtt.packet import MAX_SIZE, PacketError, decode, encode

u32 = st.integers(0, 2**32 - 1)


@st.composite
def packets(draw: st.DrawFn) -> Packet:
    channels, count = draw(st.integers(1, 64)), draw(st.integers(1, 12))
    return Packet(
        session=draw(u32),
        sequence=draw(u32),
        at=draw(st.integers(-(2**63), 2**63 - 1)),
        interval=draw(st.integers(1_000, 10_000_000)),
        levels=tuple(draw(st.binary(min_size=channels, max_size=channels)) for _ in range(count)),
        switched=tuple(
            tuple(draw(st.lists(st.booleans(), min_size=channels, max_size=channels))) for _ in range(count)
        ),
    )


GOOD = Packet(1, 2, 3_000_000, 11_610, (bytes(range(8)), bytes(8)), ((True,) + (False,) * 7, (False,) * 8))


@given(packets())
def test_a_packet_survives_the_wire(packet: Packet) -> None:
    assert decode(encode(packet)) == packet


@given(st.binary(max_size=200))
def test_noise_is_refused_or_means_exactly_itself(data: bytes) -> None:
    _refused_or_faithful(data)


@given(packets(), st.data())
def test_a_damaged_packet_is_refused_or_means_exactly_itself(packet: Packet, data: st.DataObject) -> None:
    wire = bytearray(encode(packet))
    for _ in range(data.draw(st.integers(1, 3))):
        wire[data.draw(st.integers(0, len(wire) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(wire)))
    _refused_or_faithful(bytes(wire))
    _refused_or_faithful(bytes(wire[:cut]))


def _refused_or_faithful(data: bytes) -> None:
    try:
        packet = decode(data)
    except PacketError:
        return
    assert encode(packet) == data


def test_channel_1_is_bit_0_of_byte_0() -> None:
    assert encode(GOOD)[-2:] == b"\x01\x00"
    nine = replace(GOOD, levels=(bytes(9),), switched=((False,) * 8 + (True,),))
    assert encode(nine)[-2:] == b"\x00\x01"


@pytest.mark.parametrize(
    ("offset", "byte", "words"),
    [(0, 0x58, "not a frame packet"), (2, 9, "version 9"), (3, 0, "0 channels"), (3, 65, "65 channels")],
)
def test_each_header_field_is_checked(offset: int, byte: int, words: str) -> None:
    wire = bytearray(encode(GOOD))
    wire[offset] = byte
    with pytest.raises(PacketError, match=words):
        decode(bytes(wire))


def test_a_length_that_is_not_the_announced_one_is_refused() -> None:
    for wire in (encode(GOOD)[:-1], encode(GOOD) + b"\x00", b"", bytes(MAX_SIZE + 1)):
        with pytest.raises(PacketError):
            decode(wire)


@pytest.mark.parametrize(
    "packet",
    [
        replace(GOOD, levels=(), switched=()),
        replace(GOOD, levels=(bytes(65),), switched=((False,) * 65,)),
        replace(GOOD, interval=999),
        replace(GOOD, interval=10_000_001),
        replace(GOOD, session=2**32),
        replace(GOOD, sequence=-1),
        replace(GOOD, at=2**63),
        replace(GOOD, switched=GOOD.switched[:1]),
        replace(GOOD, switched=((True,), (True,))),
        replace(GOOD, levels=(bytes(8), bytes(7))),
    ],
)
def test_a_packet_outside_the_format_is_not_written(packet: Packet) -> None:
    with pytest.raises(PacketError):
        encode(packet)
