"""A real server of the protocol, as Music Assistant has one inside: its play times are what is exact.

The server's clock is hours ahead of ours, by an amount that only the test knows.
"""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("aiosendspin", reason="aiosendspin needs Python 3.12")

from aiohttp import ClientSession, WSMsgType
from aiosendspin.models.types import PairingCodeFormat, PairMethod
from aiosendspin.noise.keys import Identity
from aiosendspin.noise.pairing import PairingAttempt
from aiosendspin.noise.trust_store import InMemoryServerPairingStore
from aiosendspin.server import SendspinServer
from aiosendspin.server.audio import AudioFormat
from aiosendspin.server.roles.color.state import Color
from aiosendspin.server.roles.metadata.state import Metadata
from PIL import Image

from tests.brokers import free_port
from yulelight.core.errors import NetworkError
from yulelight.core.messages import Song
from yulelight.inputs.base import Block, Clear, Heard, Notice, Playing
from yulelight.inputs.sendspin import SendspinInput
from yulelight.inputs.sendspin_config import SendspinConfig

AHEAD = 40_000.0
"""Seconds by which the server's clock is ahead of ours."""
CLOSE = 0.02
"""Seconds; generous, since two clocks are compared on a machine that may stall: `scripts/bench inputs` is exact."""


class Elsewhere:
    def now_us(self) -> int:
        return time.monotonic_ns() // 1000 + round(AHEAD * 1e6)


@asynccontextmanager
async def serving(store: InMemoryServerPairingStore | None = None) -> AsyncIterator[SendspinServer]:
    server = SendspinServer(
        asyncio.get_running_loop(),
        Identity.generate(),
        "Kitchen server",
        pairing_store=store or InMemoryServerPairingStore(),
        clock=Elsewhere(),
    )
    try:
        yield server
    finally:
        await server.close()


class Listening:
    """An open input, and all that it gave."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.heard: list[Heard] = []
        self.error: Exception | None = None

    @property
    def blocks(self) -> list[Block]:
        """Since the last clear."""
        last = max((k for k, each in enumerate(self.heard) if isinstance(each, Clear)), default=-1)
        return [each for each in self.heard[last + 1 :] if isinstance(each, Block)]

    @property
    def seconds(self) -> float:
        return sum(len(block.samples) for block in self.blocks) / 44_100

    @property
    def titles(self) -> list[str]:
        return [each.song.title for each in self.heard if isinstance(each, Playing)]

    @property
    def note(self) -> str:
        return next((each.text for each in reversed(self.heard) if isinstance(each, Notice)), "")

    @property
    def code(self) -> str:
        return next((each.pairing_code for each in reversed(self.heard) if isinstance(each, Notice)), "")

    def sound(self) -> tuple[np.ndarray, np.ndarray]:
        """Moments in our clock, and samples of the left side."""
        blocks = self.blocks
        moments = [(block.due or 0.0) + np.arange(len(block.samples)) / 44_100 for block in blocks]
        return np.concatenate(moments), np.concatenate([block.samples[:, 0] for block in blocks])

    def onsets(self) -> np.ndarray:
        moments, left = self.sound()
        loud = np.abs(left) > 0.2
        return np.array([moments[k] for k in np.flatnonzero(loud) if not loud[max(0, k - 8000) : k].any()])


@asynccontextmanager
async def listening(folder: Path, port: int, **how: Any) -> AsyncIterator[Listening]:
    found = Listening(port)
    config = SendspinConfig("Yulelight", folder, port, host="127.0.0.1", announce=False, **how)

    async def listen() -> None:
        try:
            async with SendspinInput(Song("", "Music Assistant"), config).open() as sound:
                async for each in sound:
                    found.heard.append(each)
        except NetworkError as error:
            found.error = error

    task = asyncio.create_task(listen())
    try:
        yield found
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


async def joined(server: SendspinServer, port: int) -> Any:
    """The server's view of the input, once it plays in a group."""
    server.connect_to_client(f"ws://127.0.0.1:{port}/sendspin", retry_initial_connection=True)
    await until(lambda: any(each.is_connected for each in server.clients))
    return await trusted(server)


async def trusted(server: SendspinServer) -> Any:
    """What a user does who allows the new player."""
    client = next(each for each in server.clients if each.is_connected)
    await server.trust_unpaired(client.client_id)
    await until(lambda: "player@v1" in client.active_role_ids)
    steady = 0
    async with asyncio.timeout(30):
        while steady < 25:  # it says that it is available once its clock is right
            await asyncio.sleep(0.02)
            steady = steady + 1 if client.available else 0
    return client


def beeps(seconds: float, rate: int = 44_100) -> np.ndarray:
    """A loud 20 ms at the end of each half second."""
    half = np.zeros((rate // 2, 2))
    half[-rate // 50 :] = 0.5
    return np.tile(half, (round(seconds * 2), 1))


def noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.9, 0.9, (round(44_100 * seconds), 2))


async def play(
    stream: Any,
    samples: np.ndarray,
    rate: int = 44_100,
    depth: int = 16,
    ahead: float = 5.0,
    start: int | None = None,
) -> float:
    """Sends it; the moment at which it begins, in our clock. ``start``: in the server's, microseconds."""
    wide = "<i2" if depth == 16 else "<i4"
    data = (samples * (2 ** (depth - 1) - 1)).astype(wide)
    kind = AudioFormat(sample_rate=rate, bit_depth=depth, channels=2)
    began: int | None = None
    for k in range(0, len(data), rate // 10):
        stream.prepare_audio(data[k : k + rate // 10].tobytes(), kind)
        at = await stream.commit_audio(play_start_us=start if began is None else None)
        began = at if began is None else began
        await stream.sleep_to_limit_buffer(round(ahead * 1e6))
    assert began is not None
    return began / 1e6 - AHEAD


@pytest.mark.parametrize("rate", [44_100, 48_000])
async def test_sound_is_heard_when_the_server_says(tmp_path: Path, rate: int) -> None:
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        sent = time.monotonic()
        began = await play(client.group.start_stream(), beeps(3, rate), rate)
        await until(lambda: found.seconds > 2.9)
        assert time.monotonic() - sent < 3.4  # it came before it was heard
        onsets = found.onsets()
        assert onsets[:5] == pytest.approx(began + 0.48 + 0.5 * np.arange(5), abs=CLOSE)
        moments, _ = found.sound()
        assert np.abs(np.diff(moments) - 1 / 44_100).max() < CLOSE  # without a gap


async def test_the_signal_arrives_as_it_was_sent(tmp_path: Path) -> None:
    sent = noise(1)
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        await play(client.group.start_stream(), sent)
        await until(lambda: found.seconds > 0.9)
        came = np.concatenate([block.samples for block in found.blocks])
        assert came == pytest.approx(sent[: len(came)], abs=1e-4)


async def test_a_jump_and_a_stop_take_back_what_was_sent_ahead(tmp_path: Path) -> None:
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        stream = client.group.start_stream()
        await play(stream, beeps(4))
        await until(lambda: found.seconds > 3)
        stream.clear()
        await until(lambda: any(isinstance(each, Clear) for each in found.heard))
        began = await play(stream, beeps(2))
        await until(lambda: found.seconds > 1.9)
        assert found.onsets()[:3] == pytest.approx(began + 0.48 + 0.5 * np.arange(3), abs=CLOSE)
        await client.group.stop()
        await until(lambda: isinstance(found.heard[-1], Clear))
        began = await play(client.group.start_stream(), beeps(1))
        await until(lambda: found.seconds > 0.9)
        assert found.onsets()[0] == pytest.approx(began + 0.48, abs=CLOSE)


async def test_what_plays_is_told_and_changes(tmp_path: Path) -> None:
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        role = client.group.group_role("metadata")
        role.set_metadata(Metadata(title="Silent\nNight", artist="Choir", album="Carols"))
        await until(lambda: "Silent Night" in found.titles)
        role.set_metadata(Metadata(title="O Tannenbaum"))
        await until(lambda: found.titles[-1] == "O Tannenbaum")
        songs = [each.song for each in found.heard if isinstance(each, Playing)]
        assert Song("", "Silent Night", "Choir", album="Carols") in songs
        assert songs[-1] == Song("", "O Tannenbaum")


async def test_the_colours_of_what_plays_are_told(tmp_path: Path) -> None:
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        client.group.group_role("metadata").set_metadata(Metadata(title="O Tannenbaum"))
        role = client.group.group_role("color")
        role.set_color(Color(primary=(18, 120, 52), accent=(200, 30, 26), on_dark=(255, 255, 255)))

        def songs() -> list[Song]:
            return [each.song for each in found.heard if isinstance(each, Playing)]

        coloured = Song("", "O Tannenbaum", colours=("#127834", "#c81e1a"))
        await until(lambda: coloured in songs())
        role.clear()
        await until(lambda: songs()[-1].colours == ())


async def test_cover_and_position_of_what_plays_are_told(tmp_path: Path) -> None:
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)

        def news() -> list[Playing]:
            return [each for each in found.heard if isinstance(each, Playing)]

        metadata = client.group.group_role("metadata")
        told = time.monotonic()
        metadata.set_metadata(
            Metadata(title="Carol", track_progress=60_000, track_duration=180_000, playback_speed=1000)
        )
        await until(lambda: news() and news()[-1].position is not None)
        playing = news()[-1]
        assert playing.song == Song("", "Carol", duration=180.0)
        assert playing.position is not None
        assert playing.position - (playing.at - told) == pytest.approx(60.0, abs=0.5)
        picture = Image.new("RGB", (1000, 500), (200, 30, 26))
        await client.group.group_role("artwork").set_album_artwork(picture)
        await until(lambda: news()[-1].cover)
        shown = Image.open(io.BytesIO(news()[-1].cover))
        assert (shown.format, max(shown.size)) == ("JPEG", 512)
        red, green, blue = shown.convert("RGB").getpixel((256, 256))  # type: ignore[misc]
        assert abs(red - 200) < 9 and abs(green - 30) < 9 and abs(blue - 26) < 9
        assert news()[-1].position == pytest.approx(playing.position + news()[-1].at - playing.at, abs=0.1)
        metadata.seek(120_000)
        await until(lambda: (news()[-1].position or 0) > 115)
        await client.group.group_role("artwork").set_album_artwork(None)
        await until(lambda: not news()[-1].cover)


async def test_a_code_pairs_a_server_that_is_not_let_in_otherwise(tmp_path: Path) -> None:
    """The code appears while the server asks, and the pairing outlives a restart of the input."""
    store, port = InMemoryServerPairingStore(), free_port()
    async with serving(store) as server:
        async with listening(tmp_path, port, unpaired=False) as found:

            async def typed() -> str:
                await until(lambda: found.code)
                return found.code.replace("-", "")

            server.connect_to_client(f"ws://127.0.0.1:{port}/sendspin", retry_initial_connection=True)
            await until(lambda: any(each.is_connected for each in server.clients))
            id = next(iter(server.clients)).client_id
            attempt = PairingAttempt(
                PairMethod.DYNAMIC_PAIRING_CODE,
                pairing_code_provider=typed,
                pairing_format=PairingCodeFormat.DIGITS,
            )
            await server.initiate_pairing(id, attempt)
            await until(lambda: any("player@v1" in each.active_role_ids for each in server.clients))
            assert found.code == "", "it is shown no longer"
        async with listening(tmp_path, port, unpaired=False):
            await until(lambda: not any("player@v1" in each.active_role_ids for each in server.clients))
            server.connect_to_client(f"ws://127.0.0.1:{port}/sendspin", retry_initial_connection=True)
            await until(lambda: any("player@v1" in each.active_role_ids for each in server.clients))
            assert [each.client_id for each in server.clients] == [id], "it is the same player"


async def test_a_format_that_changes_in_mid_song_is_followed(tmp_path: Path) -> None:
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        stream = client.group.start_stream()
        began = await play(stream, beeps(1))
        await play(stream, beeps(1, 48_000), 48_000)
        await play(stream, beeps(1), depth=32)
        await until(lambda: found.seconds > 2.8)
        assert found.onsets()[:5] == pytest.approx(began + 0.48 + 0.5 * np.arange(5), abs=CLOSE)


async def test_sound_that_comes_too_late_is_survived(tmp_path: Path) -> None:
    """As in the field, where servers have sent 0.6 s after the moment."""
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        stream = client.group.start_stream()
        past = server.clock.now_us() - 600_000
        await play(stream, beeps(3), start=past)  # the server leaves out what is over, and goes on
        await until(lambda: len(found.onsets()) >= 4 if found.blocks else False)
        assert np.diff(found.onsets()[:4]) == pytest.approx(0.5, abs=CLOSE)


async def test_volume_of_the_group_does_not_dim(tmp_path: Path) -> None:
    async with serving() as server, listening(tmp_path, free_port()) as found:
        client = await joined(server, found.port)
        player = client.roles_by_family("player")[0]
        assert [each.value for each in player.state_supported_commands] == ["set_output_delay"]
        await play(client.group.start_stream(), beeps(1))
        await until(lambda: found.seconds > 0.9)
        assert np.abs(found.sound()[1]).max() == pytest.approx(0.5, abs=0.01)


async def test_a_server_that_is_killed_comes_back_to_the_same_player(tmp_path: Path) -> None:
    ids = []
    async with listening(tmp_path, free_port()) as found:
        await until(lambda: "no server has come yet" in found.note)
        for _ in range(2):
            async with serving() as server:
                client = await joined(server, found.port)
                ids.append(client.client_id)
                began = await play(client.group.start_stream(), beeps(1))
                await until(lambda: found.seconds > 0.9)
                assert found.note == ""
                assert found.onsets()[0] == pytest.approx(began + 0.48, abs=CLOSE)
            await until(lambda: "the server is gone" in found.note)
            assert not found.blocks  # what it had sent ahead is not lit
    async with serving() as server, listening(tmp_path, free_port()) as found:
        ids.append((await joined(server, found.port)).client_id)
    assert len(set(ids)) == 1
    async with serving() as server, listening(tmp_path / "other", free_port()) as found:
        assert (await joined(server, found.port)).client_id not in ids


async def test_the_server_that_plays_is_heard_of_two(tmp_path: Path) -> None:
    async with serving() as first, serving() as second, listening(tmp_path, free_port()) as found:
        await play((await joined(first, found.port)).group.start_stream(), beeps(1))
        await until(lambda: found.seconds > 0.9)
        # A second server that only looks does not take it away; one that plays does.
        second.connect_to_client(f"ws://127.0.0.1:{found.port}/sendspin", retry_initial_connection=True)
        await asyncio.sleep(0.5)
        assert next(iter(first.clients)).is_connected


async def test_a_server_is_called_at_its_address(tmp_path: Path) -> None:
    port = free_port()
    async with listening(tmp_path, 1, server=f"127.0.0.1:{port}") as found:
        await until(lambda: found.error)
        assert f"no Sendspin server answers at 127.0.0.1:{port}; Music Assistant 2.10.7" in str(found.error)
    async with serving() as server:
        await server.start_server(port, "127.0.0.1", [], discover_clients=False)
        async with listening(tmp_path, 1, server=f"127.0.0.1:{port}") as found:
            await until(lambda: any(each.is_connected for each in server.clients))
            client = await trusted(server)
            began = await play(client.group.start_stream(), beeps(1))
            await until(lambda: found.seconds > 0.9)
            assert found.onsets()[0] == pytest.approx(began + 0.48, abs=CLOSE)
            await server.close()
            await until(lambda: found.error)
            assert "was lost; reconnecting" in str(found.error)


async def test_who_is_no_server_is_told_and_harms_nobody(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    async with serving() as server, listening(tmp_path, free_port()) as found:
        await until(lambda: found.note)
        async with ClientSession() as session:
            for k in range(30):
                async with session.ws_connect(f"ws://127.0.0.1:{found.port}/sendspin") as socket:
                    if k % 2:
                        await socket.send_bytes(rng.bytes(500))
                    else:
                        await socket.send_str('{"type": "server/hello", "payload": []}')
                    async for message in socket:
                        if message.type in (WSMsgType.CLOSE, WSMsgType.ERROR):
                            break
        await until(lambda: "it must be Music Assistant 2.10.7 or later" in found.note)
        client = await joined(server, found.port)
        await play(client.group.start_stream(), beeps(1))
        await until(lambda: found.seconds > 0.9)


async def test_only_paired_servers_play_where_the_settings_say_so(tmp_path: Path) -> None:
    async with serving() as server, listening(tmp_path, free_port(), unpaired=False) as found:
        server.connect_to_client(f"ws://127.0.0.1:{found.port}/sendspin", retry_initial_connection=True)
        await until(lambda: server.clients)
        await server.trust_unpaired(next(iter(server.clients)).client_id)
        await asyncio.sleep(0.5)
        assert not any("player@v1" in each.active_role_ids for each in server.clients)


async def test_a_damaged_memory_is_set_aside(tmp_path: Path) -> None:
    for name in ("sendspin.json", "sendspin-pairings.json"):
        (tmp_path / name).write_text('{"records": [3')
    async with serving() as server, listening(tmp_path, free_port()) as found:
        await joined(server, found.port)
    assert sorted(path.name for path in tmp_path.glob("*.broken")) == [
        "sendspin-pairings.json.broken",
        "sendspin.json.broken",
    ]
