"""E1.31 and Art-Net: byte by byte as the specifications say, and as others' receivers read them."""

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sacn
from hypothesis import given
from hypothesis import strategies as st
from sacn.messages.data_packet import DataPacket
from stupidArtnet import StupidArtnetServer

from tests.brokers import free_port
from tests.mqtt.house import eventually
from yulelight.core.messages import Packet
from yulelight.outputs.artnet import ArtNet
from yulelight.outputs.base import Output
from yulelight.outputs.e131 import E131, group
from yulelight.outputs.settings import ArtNetOutput, E131Output
from yulelight.outputs.universes import Universes

CID = UUID("00112233-4455-6677-8899-aabbccddeeff")
SLOTS = st.binary(min_size=1, max_size=2000)


def test_an_e131_packet_byte_by_byte() -> None:
    """ANSI E1.31-2018, table 4-1."""
    ((packet, address),) = E131(Universes(258), CID, "Porch").frame(bytes([1, 2, 3, 4, 5, 6, 7, 8]), 0x1FE)
    assert address is None
    assert packet == b"".join(
        [
            bytes.fromhex("0010 0000"),
            b"ASC-E1.17\0\0\0",
            bytes.fromhex("7076"),  # 134 - 16 octets
            bytes.fromhex("00000004"),
            bytes.fromhex("00112233445566778899aabbccddeeff"),
            bytes.fromhex("7060"),  # 134 - 38
            bytes.fromhex("00000002"),
            b"Porch".ljust(64, b"\0"),
            bytes([100]),  # priority
            bytes.fromhex("0000"),  # no synchronisation
            bytes([0xFE, 0]),  # sequence, options
            bytes.fromhex("0102"),  # universe
            bytes.fromhex("7013"),  # 134 - 115
            bytes.fromhex("02 a1 0000 0001 0009 00"),
            bytes([1, 2, 3, 4, 5, 6, 7, 8]),
        ]
    )


def test_an_e131_stream_ends_dark_and_with_three_terminated_packets() -> None:
    packets = [packet for packet, _ in E131(Universes(1), CID, "Porch").farewell(bytes(3), 254)]
    assert [packet[112] for packet in packets] == [0, 0x40, 0x40, 0x40]
    assert [packet[111] for packet in packets] == [254, 255, 0, 1]
    assert all(packet[126:] == bytes(3) for packet in packets)


def test_full_universes_and_multicast_groups() -> None:
    wire = E131(Universes(255, 510), CID, "Porch", priority=7, full=True, multicast=True)
    sent = wire.frame(b"x" * 600, 0)
    assert [address for _, address in sent] == ["239.255.0.255", "239.255.1.0"]
    assert [len(packet) for packet, _ in sent] == [638, 638] and {packet[108] for packet, _ in sent} == {7}
    assert sent[0][0][126:] == b"x" * 510 + b"\0\0" and group(63_999) == "239.255.249.255"


def test_an_artnet_frame_byte_by_byte() -> None:
    """Art-Net 4, ArtDmx and ArtSync."""
    first, second, sync = (packet for packet, _ in ArtNet(Universes(0x1FF, 4)).frame(b"abcdefg", 0))
    assert first == b"Art-Net\0" + bytes.fromhex("0050 000e 01 00 ff01 0004") + b"abcd"
    assert second == b"Art-Net\0" + bytes.fromhex("0050 000e 01 00 0002 0004") + b"efg\0"
    assert sync == b"Art-Net\0" + bytes.fromhex("0052 000e 00 00")


def test_an_artnet_sequence_is_never_off() -> None:
    wire = ArtNet(Universes(0), sync=False)
    assert {wire.frame(b"a", number)[0][0][12] for number in range(600)} == set(range(1, 256))


@given(SLOTS, st.integers(1, 60_000), st.integers(1, 512), st.integers(0, 10**6))
def test_sacn_reads_what_we_write(slots: bytes, first: int, size: int, number: int) -> None:
    heard = b""
    for index, (packet, _) in enumerate(E131(Universes(first, size), CID, "Porch").frame(slots, number)):
        read = DataPacket.make_data_packet(packet)
        assert read.universe == first + index and read.sequence == number % 256 and read.priority == 100
        assert read.dmxStartCode == 0 and read.sourceName == "Porch" and read.cid == tuple(CID.bytes)
        heard += bytes(read.dmxData)[: min(size, len(slots) - len(heard))]
    assert heard == slots


@given(SLOTS, st.integers(2, 512), st.integers(1, 512))
def test_every_slot_stands_once_and_in_order(slots: bytes, size: int, address: int) -> None:
    parts = list(Universes(5, size, address).parts(slots))
    assert [number for number, _ in parts] == list(range(5, 5 + len(parts)))
    assert len(parts) == Universes(5, size, address).count(len(slots))
    assert b"".join(part for _, part in parts) == bytes(address - 1) + slots
    assert all(len(part) == size for _, part in parts[:-1])


def test_universes_hold_whole_pixels() -> None:
    assert [Universes.whole_pixels(1, width).size for width in (1, 3, 4)] == [512, 510, 512]


def send(output: Output, level: int, number: int) -> None:
    at = round(time.monotonic() * 1e6)
    output.send(Packet(1, number, at, 500_000, (bytes([level]) * 8,), ((True,) * 8,)))


async def show(output: Output, heard: dict[int, Any], lit: int) -> dict[int, Any]:
    """Full light until the first slot of universe ``lit`` is ``heard`` to be; what was heard then. Then the end."""
    running = asyncio.create_task(output.run())
    for number in range(400):
        send(output, 255, number + 1)
        if heard.get(lit, [0])[0] == 255:
            break
        await asyncio.sleep(0.05)
    then = dict(heard)
    running.cancel()
    await asyncio.wait([running])
    return then


async def test_a_receiver_of_sacn_sees_the_show_and_its_end(tmp_path: Path) -> None:
    port = free_port()
    heard: dict[int, tuple[int, ...]] = {}
    lost: list[int] = []
    receiver = sacn.sACNreceiver(bind_address="127.0.0.1", bind_port=port)
    receiver.start()
    try:
        for universe in (7, 8):
            receiver.register_listener(
                "universe", lambda packet: heard.update({packet.universe: packet.dmxData}), universe=universe
            )
        receiver.register_listener(
            "availability", lambda universe, changed: lost.append(universe) if changed == "timeout" else None
        )
        made = E131Output(type="e131", name="fence", host="127.0.0.1", port=port, universe=7, pixels=200,
                          colours=["#ff0000"])  # fmt: skip
        then = await show(made.made(tmp_path), heard, 8)
        assert then[7] == (255, 0, 0) * 170 + (0, 0)
        assert then[8][:90] == (255, 0, 0) * 30 and not any(then[8][90:])
        await eventually(lambda: {7, 8} <= set(lost))  # it was told that the stream ended
        assert not any(heard[7]) and not any(heard[8])
    finally:
        receiver.stop()


@pytest.fixture
def artnet() -> Iterator[tuple[int, dict[int, list[int]]]]:
    """The port of a receiver of stupidArtnet, and the slots that it heard of universes 3 and 4."""
    port = free_port()
    heard: dict[int, list[int]] = {}
    server = StupidArtnetServer(port=port)
    for universe in (3, 4):
        server.register_listener(
            universe, callback_function=lambda slots, number: heard.update({number: slots})
        )
    yield port, heard
    server.close()
    server.delete_all_listener()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:  # its thread looks up only when it hears
        last.sendto(b"", ("127.0.0.1", port))


async def test_a_receiver_of_artnet_sees_dimmers_and_their_end(
    artnet: tuple[int, dict[int, list[int]]], tmp_path: Path
) -> None:
    port, heard = artnet
    made = ArtNetOutput(type="artnet", name="fence", host="127.0.0.1", port=port, universe=3, pixels=8,
                        order="w", address=509, universe_size=512)  # fmt: skip
    then = await show(made.made(tmp_path), heard, 4)
    assert then == {3: [0] * 508 + [255] * 4, 4: [255] * 4}
    await eventually(lambda: not any(heard[3]) and not any(heard[4]))
