"""What the real service answers is what the integration's tests are answered: the same fields, of the same kinds.

After a change of the API: ``python -m tests.service.test_recorded`` writes tests/integration/recorded.json anew.
"""

import asyncio
import json
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import mutagen
import numpy as np
import soundfile
from PIL import Image

from tests.brokers import free_port
from yulelight.app.build import running
from yulelight.app.settings import load
from yulelight.node.config import NodeConfig
from yulelight.node.drivers.simulated import SimulatedDriver
from yulelight.node.node import LightNode

FILE = Path(__file__).parents[1] / "integration" / "recorded.json"
VIEWS = (
    "channels",
    "inputs",
    "library",
    "looks",
    "models",
    "nodes",
    "outputs",
    "palettes",
    "playlists",
    "schedule",
    "songs",
    "stations",
)


def shape(value: Any) -> Any:
    """Names and kinds, without what is different each time."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        shapes = {json.dumps(shape(item), sort_keys=True) for item in value}
        return sorted(shapes)
    return "number" if type(value) in (int, float) else type(value).__name__


async def record(folder: Path) -> dict[str, Any]:
    """The answers of a service with two songs, a playlist, a show to come and a light node."""
    music = folder / "music"
    (music / "one").mkdir(parents=True)
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(3 * 44100) / 44100)
    for place, title in (("one/a.flac", "Carol of the Bells"), ("b.flac", "Deck the Halls")):
        soundfile.write(music / place, wave.astype(np.float32), 44100)
        tags = mutagen.File(music / place)
        assert tags is not None
        tags["title"], tags["artist"], tags["album"] = title, "Trad.", "Bells"
        tags.save()
    Image.new("RGB", (4, 4)).save(music / "one" / "cover.png")
    settings = load(
        data=folder / "data",
        music=[music],
        http__host="127.0.0.1",
        http__port=free_port(),
        mqtt__host="127.0.0.1",
        mqtt__port=free_port(),
        input=[{"type": "pipe", "name": "Line-in", "command": ["sleep", "600"]}],
        zeroconf__enabled=False,
        sound__enabled=False,
    )
    async with running(settings) as service:
        node = LightNode(
            NodeConfig(id="porch", service=service.identity.id),
            service.broker,
            SimulatedDriver(draw=False),
        )
        lit = asyncio.create_task(node.run())
        try:
            return await _ask(f"http://127.0.0.1:{settings.http.port}", service.identity.token)
        finally:
            lit.cancel()
            await asyncio.gather(lit, return_exceptions=True)


async def _ask(house: str, token: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(f"{house}/api/v1/", headers=headers) as session:

        async def ask(path: str, method: str = "GET", body: Any = None) -> Any:
            async with session.request(method, path, json=body) as response:
                assert response.ok, (path, await response.text())
                return await response.json()

        async def until(path: str, ready: Any) -> Any:
            async with asyncio.timeout(60):
                while not ready(answer := await ask(path)):
                    await asyncio.sleep(0.05)
            return answer

        # Ours and the bundled one, once their tags are read.
        listed = await until(
            "songs", lambda body: [song["album"] for song in body["songs"]].count("Bells") == 2
        )
        songs = listed["songs"]
        ids = [song["id"] for song in songs if song["album"] == "Bells"]
        await ask("playlists/Christmas", "PUT", {"songs": ids})
        await ask("stations", "POST", {"name": "Radio Noel", "url": "http://radio.example/noel.pls"})
        day = date.today() + timedelta(days=2)
        show = {"summary": "Every night", "playlist": "Christmas", "rrule": "FREQ=DAILY;COUNT=3"}
        times = {"start": f"{day}T17:30:00", "end": f"{day}T22:00:00"}
        event = await ask("schedule", "POST", {**show, **times})
        await until("nodes", lambda body: body["nodes"] and body["nodes"][0]["health"])
        await until("schedule", lambda body: body["next"])
        found: dict[str, Any] = {"info": await ask("info"), "idle": await ask("status")}
        async with session.ws_connect("ws") as socket:
            found["server"] = await socket.receive_json()
            for number, topic in enumerate(("events", "frames"), 1):
                await socket.send_json({"id": number, "type": "subscribe", "topic": topic})
            await ask("control", "POST", {"command": "play", "playlist": "Christmas"})
            found["playing"] = await until("status", lambda body: body["state"] == "playing")
            heard: dict[str, Any] = {}
            async with asyncio.timeout(30):
                while not {"event", "frames"} <= heard.keys():
                    message = await socket.receive_json()
                    heard.setdefault(message["type"], message)
            await ask("control", "POST", {"command": "stop"})
        found |= {
            "event": heard["event"],
            "frames": {**heard["frames"], "frames": heard["frames"]["frames"][:1]},
        }
        found |= {view: await ask(view) for view in VIEWS}
        found["pairing"] = asked = await ask("pairing", "POST", {"name": "Home Assistant"})
        await ask(f"pairing/{asked['id']}", "POST", {"allow": True})
        secret = {"X-Pairing-Secret": asked["secret"]}
        async with session.get(f"pairing/{asked['id']}", headers=secret) as answer:
            found["pairing_answer"] = {**await answer.json(), "token": "the token"}
        found["song"] = await ask(f"songs/{ids[0]}")
        found["link"] = await ask(f"songs/{ids[0]}/link")
        found["playlist"] = await ask("playlists/Christmas")
        span = f"from={day}T00:00:00&to={day + timedelta(days=1)}T00:00:00"
        found["occurrences"] = await ask(f"schedule/occurrences?{span}")
        found["created"] = event
        async with session.get("songs/none") as refused:
            found["refused"] = await refused.json()
        return found


async def test_the_file_has_the_shape_of_what_the_service_says(tmp_path: Path) -> None:
    assert shape(json.loads(FILE.read_text())) == shape(await record(tmp_path))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        FILE.write_text(json.dumps(asyncio.run(record(Path(made))), indent=1, ensure_ascii=False) + "\n")
