"""The titles of a Snapcast server: the real one, told by a script of its own, and one that talks nonsense."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputs.test_snapcast import SNAPSERVER, feed, free_port, real
from yulelight.core.errors import NetworkError
from yulelight.core.messages import Song
from yulelight.inputs.base import Block, Playing
from yulelight.inputs.snapcast import SnapcastInput
from yulelight.inputs.snapcast_titles import Titles, song_of

SCRIPT = """#!{python}
import json, sys, threading, time
def say(**told): print(json.dumps({{"jsonrpc": "2.0", **told}}), flush=True)
first = {{"title": "Carol", "artist": ["Choir", "Organ"], "album": "Winter"}}
say(method="Plugin.Stream.Ready")
def later():
    time.sleep(3)
    now = {{"playbackStatus": "playing", "metadata": {{"title": "News"}}}}
    say(method="Plugin.Stream.Player.Properties", params=now)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["method"].endswith("GetProperties"):
        say(id=asked["id"], result={{"playbackStatus": "playing", "metadata": first}})
        threading.Thread(target=later, daemon=True).start()
"""


@real
async def test_the_server_tells_what_its_stream_plays(tmp_path: Path) -> None:
    port, control = free_port(), free_port()
    script = tmp_path / "tell.py"
    script.write_text(SCRIPT.format(python=sys.executable))
    script.chmod(0o755)
    (tmp_path / "snapserver.conf").write_text(
        f"[server]\ndatadir = {tmp_path}\n[http]\nenabled = false\n"
        f"[tcp]\nbind_to_address = 127.0.0.1\nport = {control}\n"
        f"[tcp-control]\nbind_to_address = 127.0.0.1\nport = {control}\n"
        f"[tcp-streaming]\nbind_to_address = 127.0.0.1\nport = {port}\n"
        f"[stream]\nbind_to_address = 127.0.0.1\nport = {port}\ncodec = pcm\n"
        f"source = pipe://{tmp_path}/sound?name=x&mode=create&sampleformat=44100:16:2&controlscript={script}\n"
    )
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        str(SNAPSERVER), "-c", str(tmp_path / "snapserver.conf"), stdout=quiet, stderr=quiet
    )
    told, samples = list[Song](), 0
    try:
        async with asyncio.timeout(40):
            while not (tmp_path / "sound").exists():
                await asyncio.sleep(0.02)
            feeding = asyncio.create_task(asyncio.to_thread(feed, tmp_path / "sound", 44_100))
            while True:
                try:
                    source = SnapcastInput(Song("", "House"), "127.0.0.1", port, control=control)
                    async with source.open() as sound:
                        async for each in sound:
                            told += [each.song] if isinstance(each, Playing) else []
                            samples += len(each.samples) if isinstance(each, Block) else 0
                            if told and told[-1].title == "News" and samples:
                                break
                    break
                except NetworkError:  # it does not answer yet
                    await asyncio.sleep(0.1)
    finally:
        process.kill()
        await process.wait()
    await feeding
    assert told[-1] == Song("", "News")
    assert told[:-1] in ([Song("", "Carol", "Choir, Organ", album="Winter")], [])


def status(stream: str, title: object) -> bytes:
    group = {"stream_id": stream, "clients": [{"id": "me"}]}
    streams = [
        {"id": "a", "properties": {"metadata": {"title": title}}},
        {"id": "b", "properties": {"metadata": {"title": "Other"}}},
        {"id": "c"},
    ]
    return json.dumps({"id": 1, "result": {"server": {"groups": [group], "streams": streams}}}).encode()


def test_the_stream_that_we_hear_counts() -> None:
    told = list[Song | None]()
    titles = Titles("me", told.append)
    assert not titles.hear(status("a", "One"))
    assert not titles.hear(status("a", "One"))
    properties = {"id": "b", "properties": {"metadata": {"title": "Not ours"}}}
    assert not titles.hear(json.dumps({"method": "Stream.OnProperties", "params": properties}).encode())
    assert titles.hear(b'{"method": "Group.OnStreamChanged", "params": {}}')
    assert not titles.hear(b'{"method": "Client.OnVolumeChanged", "params": {}}')
    titles.hear(status("b", "One"))
    titles.hear(status("c", "One"))
    titles.hear(status("a", 7))
    assert [song and song.title for song in told] == ["One", "Other", None]


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda each: st.lists(each) | st.dictionaries(
    st.sampled_from(["result", "server", "groups", "clients", "streams", "id", "method", "params", "properties",
                     "metadata", "title", "artist", "stream_id"]) | st.text(), each), max_leaves=20))  # fmt: skip
def test_nothing_that_a_server_says_is_an_error(said: Any) -> None:
    told = list[Song | None]()
    Titles("me", told.append).hear(json.dumps(said).encode())
    found = song_of(said)
    assert found is None or (found.title.isprintable() and len(found.artist) <= 200)


def test_what_is_no_json_ends_the_connection() -> None:
    for line in (b"HTTP/1.1 400\r\n", b"[" * 100_000, b"\xff\n"):
        with pytest.raises(NetworkError):
            Titles("me", print).hear(line)


async def test_a_server_that_talks_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines without an end, garbage, and a thousand notifications at once: each time it is connected again."""
    monkeypatch.setattr("yulelight.inputs.snapcast_titles.AGAIN", 0.01)
    monkeypatch.setattr("yulelight.inputs.snapcast_titles.LATEST", 0.01)
    visits, questions = 0, 0
    told, heard = list[Song | None](), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal visits, questions
        visits += 1
        questions += (await reader.readline()).count(b"GetStatus")
        junk = (
            b"x" * 3_000_000,
            b"nonsense\n",
            b'{"method": "Server.OnUpdate"}\n' * 1000 + status("a", "One") + b"\n",
        )
        writer.write(junk[min(visits, 3) - 1])
        if visits < 3:
            writer.close()
            return
        while line := await reader.readline():
            questions += line.count(b"GetStatus")

    def tell(song: Song | None) -> None:
        told.append(song)
        heard.set()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    following = asyncio.create_task(
        Titles("me", tell).follow("127.0.0.1", server.sockets[0].getsockname()[1])
    )
    async with asyncio.timeout(30):
        await heard.wait()
    await asyncio.sleep(0.7)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    server.close()
    assert [song and song.title for song in told] == ["One"]
    assert visits == 3 and questions <= 6
