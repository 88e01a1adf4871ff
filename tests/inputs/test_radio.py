"""A station of aiohttp on this machine: its lists, titles, redirects, and what it does wrong."""

import asyncio
import contextlib
import io

import av
import numpy as np
import pytest
import soundfile
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from yulelight.core.errors import AudioError, NetworkError, YulelightError
from yulelight.core.messages import Song
from yulelight.core.reach import Reach
from yulelight.inputs import radio as module
from yulelight.inputs.base import Block, Heard, Playing
from yulelight.inputs.hls import best_variant, media_playlist
from yulelight.inputs.icy import Icy, first_address, song, step_in
from yulelight.inputs.radio import RadioInput

STEP = 1000


def music() -> bytes:
    file = io.BytesIO()
    soundfile.write(
        file, 0.5 * np.sin(np.arange(44_100 * 2) * 440 * 2 * np.pi / 44_100), 44_100, format="OGG"
    )
    return file.getvalue()


def with_titles(sound: bytes, step: int, titles: list[str]) -> bytes:
    """As stations send it."""
    sent = b""
    for k in range(0, len(sound), step):
        text = f"StreamTitle='{titles[k // step]}';".encode() if k // step < len(titles) else b""
        text += bytes(-len(text) % 16)
        piece = sound[k : k + step]
        sent += piece + (bytes([len(text) // 16]) + text if len(piece) == step else b"")
    return sent


async def station() -> TestServer:
    async def live(request: web.Request) -> web.Response:
        if request.headers.get("Icy-MetaData") != "1":
            return web.Response(body=music(), content_type="application/ogg")
        body = with_titles(music(), STEP, ["Choir - Carol", "", "News"])
        return web.Response(body=body, headers={"icy-metaint": str(STEP)}, content_type="application/ogg")

    async def listed(request: web.Request) -> web.Response:
        live = request.url.with_path("/moved")
        return web.Response(
            text=f"[playlist]\nNumberOfEntries=1\nFile1={live}\n", content_type="audio/x-scpls"
        )

    async def m3u(request: web.Request) -> web.Response:
        return web.Response(text=f"#EXTM3U\n#EXTINF:-1,x\n{request.url.with_path('/a.pls')}\n")

    async def moved(request: web.Request) -> web.Response:
        raise web.HTTPFound("/live")

    async def around(request: web.Request) -> web.Response:
        return web.Response(text=str(request.url))

    async def locked(request: web.Request) -> web.Response:
        return web.Response(text='#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:1,\na.ts\n')

    async def words(request: web.Request) -> web.Response:
        return web.Response(text="no music at all, only words. " * 10_000)

    app = web.Application()
    pages = {
        "/live": live,
        "/a.pls": listed,
        "/a.m3u": m3u,
        "/moved": moved,
        "/around.m3u": around,
        "/locked.m3u8": locked,
    }
    app.add_routes([web.get(path, handler) for path, handler in {**pages, "/words": words}.items()])
    server = TestServer(app)
    await server.start_server()
    return server


async def heard(path: str, reach: Reach = "any") -> list[Heard]:
    server = await station()
    try:
        async with RadioInput(Song("", "Radio"), str(server.make_url(path)), reach).open() as sound:
            return [each async for each in sound]
    finally:
        await server.close()


@pytest.mark.parametrize("path", ["/live", "/moved", "/a.pls", "/a.m3u"])
async def test_a_station_is_heard_with_its_titles(path: str) -> None:
    found = await heard(path)
    told = [each.song for each in found if isinstance(each, Playing)]
    assert told == [Song("", "Carol", "Choir", album="Radio"), Song("", "Radio"), Song("", "News")]
    samples = np.concatenate([each.samples for each in found if isinstance(each, Block)])
    assert abs(len(samples) - 2 * 44_100) < 200  # the first block of Vorbis only begins the next
    assert np.argmax(np.abs(np.fft.rfft(samples[:44_100, 0]))) == 440


@pytest.mark.parametrize(
    ("path", "said", "kind"),
    [
        ("/around.m3u", "other lists", AudioError),
        ("/locked.m3u8", "encrypts its sound", AudioError),
        ("/words", "not music", AudioError),
        ("/nowhere", "status 404", NetworkError),
    ],
)
async def test_what_is_no_station_is_told(path: str, said: str, kind: type[YulelightError]) -> None:
    with pytest.raises(kind, match=said):
        await heard(path)


async def test_a_station_out_of_reach_is_not_asked() -> None:
    with pytest.raises(NetworkError, match=r"urls\.reach"):
        await heard("/live", "public")


@given(
    st.binary(max_size=300),
    st.integers(1, 40),
    st.lists(st.text("abc -ü", max_size=20), max_size=9),
    st.data(),
)
def test_sound_and_titles_come_apart_however_they_are_cut(
    sound: bytes, step: int, titles: list[str], data: st.DataObject
) -> None:
    sent = with_titles(sound, step, titles)
    icy, got, said = Icy(step), b"", list[str]()
    while sent:
        cut = data.draw(st.integers(1, len(sent)))
        piece, found = icy.push(sent[:cut])
        got, sent = got + piece, sent[cut:]
        said += found
    assert got == sound and said == titles[: len(sound) // step]


@given(st.text())
def test_any_text_is_a_list_or_none(text: str) -> None:
    found = first_address(text)
    assert found is None or found.lower().startswith("http")
    assert song(text, "x").title.isprintable()


def transport(seconds: int) -> bytes:
    """An MPEG transport stream with a sine of 440 Hz."""
    file = io.BytesIO()
    with av.open(file, "w", format="mpegts") as container:
        stream = container.add_stream("aac", rate=44_100, layout="stereo")
        wave = 0.5 * np.sin(np.arange(44_100 * seconds) * 440 * 2 * np.pi / 44_100)
        frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]).astype(np.float32), "fltp", "stereo")
        frame.sample_rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize("live", [False, True])
async def test_a_station_of_segments_is_heard_whole(live: bool) -> None:
    """A playlist of playlists names the segments; live, there are three more each time that it is read."""
    sent = transport(6)
    size = len(sent) // 188 // 12 * 188
    parts = [sent[k * size : (k + 1) * size if k < 11 else None] for k in range(12)]
    reads = 0

    async def variants(request: web.Request) -> web.Response:
        return web.Response(
            text='#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=128000,CODECS="a,b"\nhigh/none.m3u8\n'
            "#EXT-X-STREAM-INF:BANDWIDTH=32000\nlow/list.m3u8?x=1\n"
        )

    async def listed(request: web.Request) -> web.Response:
        nonlocal reads
        reads += 1
        first, last = (max(0, 3 * reads - 6), min(12, 3 * reads)) if live else (0, 12)
        names = "".join(f"#EXTINF:0.5,\n{k}.ts\n" for k in range(first, last))
        end = "#EXT-X-ENDLIST\n" if last == 12 else ""
        return web.Response(
            text=f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:{first}\n{names}{end}",
            content_type="application/vnd.apple.mpegurl",
        )

    async def segment(request: web.Request) -> web.Response:
        return web.Response(body=parts[int(request.match_info["k"])])

    app = web.Application()
    app.add_routes(
        [
            web.get("/radio.m3u8", variants),
            web.get("/low/list.m3u8", listed),
            web.get("/low/{k}.ts", segment),
        ]
    )
    server = TestServer(app)
    await server.start_server()
    async with RadioInput(Song("", "Radio"), str(server.make_url("/radio.m3u8")), "any").open() as sound:
        samples = np.concatenate([each.samples async for each in sound if isinstance(each, Block)])
    await server.close()
    assert len(samples) == pytest.approx(6 * 44_100, abs=5000)
    for k in range(0, 5 * 44_100, 44_100):  # without a gap anywhere
        assert np.argmax(np.abs(np.fft.rfft(samples[k : k + 44_100, 0]))) == 440


async def test_a_server_from_before_http_is_heard() -> None:
    asked = b""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(f"ICY 200 OK\r\nicy-name: x\r\nicy-metaint: {STEP}\r\n\r\n".encode())
        writer.write(with_titles(music(), STEP, ["Choir - Carol"]))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/live?x=1"
    async with RadioInput(Song("", "Radio"), address, "any").open() as sound:
        found = [each async for each in sound]
    server.close()
    assert next(each.song.title for each in found if isinstance(each, Playing)) == "Carol"
    samples = np.concatenate([each.samples for each in found if isinstance(each, Block)])
    assert np.argmax(np.abs(np.fft.rfft(samples[:44_100, 0]))) == 440
    assert b"GET /live?x=1 " in asked and b"Icy-MetaData: 1" in asked


@given(
    st.text(), st.lists(st.sampled_from(["#EXTM3U", "#EXT-X-MAP:URI=x", "#EXT-X-MEDIA-SEQUENCE:7", "a.ts"]))
)
def test_any_text_is_a_playlist_or_refused(text: str, lines: list[str]) -> None:
    for each in (text, "\n".join([*lines, text, *lines])):
        best_variant(each, "http://x/y/z.m3u8")
        with contextlib.suppress(AudioError):
            assert media_playlist(each, "http://x/y/z.m3u8").duration >= 1


@pytest.mark.parametrize(
    "header", ["1", "0", "-4", "000000001" + "9" * 5000, "9" * 5000, "1e3", "\u0661\u0662\u0663\u0664", ""]
)
async def test_a_senseless_distance_of_titles_is_none(header: str) -> None:
    assert step_in(header) is None


async def served(*pages: tuple[str, web.StreamResponse | object]) -> TestServer:
    app = web.Application()
    app.add_routes([web.get(path, handler) for path, handler in pages])  # type: ignore[arg-type]
    server = TestServer(app)
    await server.start_server()
    return server


async def test_a_list_that_comes_in_pieces_is_read_whole() -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "audio/x-scpls"})
        await answer.prepare(request)
        for piece in ("[playlist]\n", "File1=", f"{request.url.with_path('/live')}", "\n"):
            await answer.write(piece.encode())
            await asyncio.sleep(0.05)
        return answer

    async def live(request: web.Request) -> web.Response:
        return web.Response(body=music(), content_type="application/ogg")

    server = await served(("/slow.pls", slow), ("/live", live))
    try:
        async with RadioInput(Song("", "Radio"), str(server.make_url("/slow.pls")), "any").open() as sound:
            assert any([isinstance(each, Block) async for each in sound])
    finally:
        await server.close()


@pytest.mark.parametrize(
    "body",
    [
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nhttp://[x/a.ts\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://[x\n",
    ],
)
async def test_a_playlist_of_addresses_that_are_none_is_refused(body: str) -> None:
    async def hls(request: web.Request) -> web.Response:
        return web.Response(text=body)

    server = await served(("/a.m3u8", hls))
    try:
        with pytest.raises(AudioError):
            async with RadioInput(Song("", "Radio"), str(server.make_url("/a.m3u8")), "any").open() as sound:
                _ = [each async for each in sound]
    finally:
        await server.close()


async def test_a_station_that_sends_what_gives_no_sound_is_taken_for_broken_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "SILENCE", 1.0)

    async def trickle(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "audio/mpeg", "icy-name": "x"})
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await answer.write(b"\0")
                await asyncio.sleep(0.05)
        return answer

    server = await served(("/live", trickle))
    try:
        async with asyncio.timeout(30):
            with pytest.raises(NetworkError, match="stopped sending"):
                async with RadioInput(Song("", "R"), str(server.make_url("/live")), "any").open() as sound:
                    _ = [each async for each in sound]
    finally:
        await server.close()
