"""Hours of use in minutes: everything at once, and what it leaves behind in memory and files."""

import random
import time
from dataclasses import dataclass

import psutil

from tests.faults.house import House


@dataclass
class Left:
    """What grew between the first fifth and the end; negative where it shrank."""

    memory: float
    """MB."""
    files: int
    threads: int
    drafts: int
    """Files of unfinished writes in the data folder, at the end."""
    requests: int
    failures: int


def soak(house: House, seconds: float, seed: int = 1) -> Left:
    """Plays, seeks, edits and asks for ``seconds``."""
    chance = random.Random(seed)
    process = psutil.Process(house.process.pid)
    songs = [song["id"] for song in house.call("GET", "/api/v1/songs")[1]["songs"]]
    began = time.monotonic()
    requests = failures = 0
    early: tuple[float, int, int] | None = None

    def measure() -> tuple[float, int, int]:
        return process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()

    while (passed := time.monotonic() - began) < seconds:
        match chance.randrange(8):
            case 0:
                status, _ = house.control("play", song=chance.choice(songs))
            case 1:
                status, _ = house.control("seek", position=chance.uniform(0, 30))
            case 2:
                status, _ = house.control("volume", level=round(chance.random(), 2))
            case 3:
                status, _ = house.call(
                    "PUT",
                    f"/api/v1/playlists/list {chance.randrange(5)}".replace(" ", "%20"),
                    {"songs": songs},
                )
            case 4:
                status, _ = house.call("POST", f"/api/v1/channels/{chance.randint(1, 8)}", {"on": True})
            case 5:
                status, _ = house.control("blackout", on=chance.random() < 0.5)
            case 6:
                status, _ = house.call(
                    "PATCH", f"/api/v1/songs/{chance.choice(songs)}", {"gain": chance.randint(-6, 6)}
                )
            case _:
                status, _ = house.call(
                    "GET", chance.choice(("/api/v1/status", "/api/v1/library", "/metrics", "/"))
                )
        requests += 1
        # A command may make no sense at that moment, which is said with 409.
        failures += status >= 400 and status != 409
        if early is None and passed > seconds / 5:
            early = measure()
        time.sleep(0.03)
    end = measure()
    early = early or end
    drafts = sum(1 for _ in house.data.rglob(".*.tmp"))
    return Left(end[0] - early[0], end[1] - early[1], end[2] - early[2], drafts, requests, failures)
