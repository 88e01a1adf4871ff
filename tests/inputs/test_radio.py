"""A station of aiohttp on this machine: its lists, titles, redirects, and what it does wrong."""

import io

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
from yulelight.inputs.base import Block, Heard, Playing
from yulelight.inputs.icy import Icy, first_address, song
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

    async def hls(request: web.Request) -> web.Response:
        return web.Response(text="#EXTM3U\n#EXT-X-VERSION:3\n")

    async def words(request: web.Request) -> web.Response:
        return web.Response(text="no music at all, only words. " * 10_000)

    app = web.Application()
    pages = {
        "/live": live,
        "/a.pls": listed,
        "/a.m3u": m3u,
        "/moved": moved,
        "/around.m3u": around,
        "/h.m3u8": hls,
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
        ("/around.m3u", "more lists", AudioError),
        ("/h.m3u8", "HLS", AudioError),
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
