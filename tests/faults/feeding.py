"""The corpus, fed to a running service by every way in, and what becomes of the service."""

import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

import psutil

from tests.faults import corpus
from tests.faults.house import House


@dataclass
class Fed:
    """What came of it."""

    inputs: int = 0
    broken: list[str] = field(default_factory=list)
    """Answers of 500, silence, and tracebacks."""
    slowest: float = 0.0
    """Seconds of the slowest answer to somebody else meanwhile."""
    memory: float = 0.0
    """MB: the most that the service itself took."""


def send(house: House, path: str, data: bytes, kind: str) -> int:
    """The status of a POST with this body; 0 for no answer."""
    headers = {"Authorization": f"Bearer {house.identity['token']}", "Content-Type": kind}
    request = urllib.request.Request(
        f"http://127.0.0.1:{house.http}{path}", data=data, headers=headers, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def feed(house: House, seed: int, count: int, patience: float = 60.0) -> Fed:
    """``count`` inputs of each kind."""
    fed = Fed()

    def look() -> None:
        began = time.monotonic()
        try:
            status, _ = house.call("GET", "/api/v1/status", timeout=30)
        except OSError as error:
            fed.broken.append(f"no answer: {error}")
        else:
            if status != 200:
                fed.broken.append(f"status {status}")
        fed.slowest = max(fed.slowest, time.monotonic() - began)
        fed.memory = max(fed.memory, psutil.Process(house.process.pid).memory_info().rss / 1e6)

    def judge(what: str, status: int) -> None:
        fed.inputs += 1
        if status == 0 or (status >= 500 and status not in (503, 507)):
            fed.broken.append(f"{what}: {status}")

    fed.inputs += corpus.scatter(house.folder / "music", corpus.media(seed, count))
    fed.inputs += corpus.scatter(house.data / "playlists", corpus.lists(seed, count))
    house.call("POST", "/api/v1/library", {"action": "rescan"})
    for number, (name, content) in enumerate(corpus.media(seed + 1, count // 4)):
        if name.startswith("long"):
            continue  # a stream is played as it comes: an hour of silence takes an hour
        judge(f"stream {name}", send(house, "/api/v1/ingest", content or b"x", "application/octet-stream"))
        if number % 5 == 0:
            look()
    for number, data in enumerate(corpus.calendars(seed, count)):
        judge(f"calendar {number}", send(house, "/api/v1/schedule/import", data[:900_000], "text/calendar"))
        look()
    status, answer = house.call("GET", "/api/v1/playlists", timeout=30)
    judge("playlists", status)
    for each in answer["playlists"][:count] if status == 200 else ():
        path = f"/api/v1/playlists/{urllib.parse.quote(each['id'])}"
        judge(f"playlist {each['id']}", house.call("GET", path, timeout=30)[0])
    end = time.monotonic() + patience
    while time.monotonic() < end:
        look()
        state = house.call("GET", "/api/v1/library", timeout=30)[1]
        if not state["scanning"] and not state["waiting"]:
            break
        time.sleep(0.5)
    fed.broken += [f"in the log: {text[-300:]}" for text in house.complaints()]
    return fed


def feed_settings(house: House, seed: int, count: int) -> Fed:
    """Settings files for a program of its own each; wrong ones are a sentence."""
    fed = Fed()
    reader = (
        "import sys\nfrom pathlib import Path\nfrom yulelight.app.settings import load\n"
        "from yulelight.core.errors import YulelightError\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    try: load(path)\n"
        "    except YulelightError: pass\n"
    )
    files = ((f"{n:04}.toml", data) for n, data in enumerate(corpus.settings(seed, count)))
    folder = house.folder / "settings"
    fed.inputs = corpus.scatter(folder, files)
    done = subprocess.run(
        [sys.executable, "-c", reader, str(folder)], capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        fed.broken.append(done.stderr[-500:])
    return fed
