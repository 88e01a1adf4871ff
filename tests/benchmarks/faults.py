"""What the service and a node stand: kills, stops, crowds, floods, bad input and a long evening.

Everything is real: `yulelight serve` with mosquitto as its child, a light node with its dead man's switch, and the
stand-in for pigpiod that notes when each pin changes. A show repeats while one of them after the other is killed
(`kill -9`), stopped for a moment or for longer than the deadline, or started again, at random moments; after each the
lights have to move again. Crowds are connections on which half a packet is said; the service may open 1,024 files.
Floods are six clients with the password that publish as fast as they can. The corpus is made from a seed
(`tests/faults/corpus.py`). Environment variables: YULELIGHT_BENCH_KILLS (200), YULELIGHT_BENCH_INPUTS of each kind
(40), YULELIGHT_BENCH_SECONDS of the evening (60; 900 for the long one).
"""

import asyncio
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.aims import Report
from tests.faults import crowds
from tests.faults.feeding import feed, feed_settings
from tests.faults.house import House, until
from tests.faults.kills import ACTIONS, DARK, Evening, orphans, song
from tests.faults.soak import soak

KILLS = int(os.environ.get("YULELIGHT_BENCH_KILLS", "200"))
INPUTS = int(os.environ.get("YULELIGHT_BENCH_INPUTS", "40"))
SECONDS = float(os.environ.get("YULELIGHT_BENCH_SECONDS", "60"))
STRANGERS = 1100
_SEED = 12


def killing(report: Report, count: int = KILLS) -> None:
    """Faults of every process in one evening."""
    chance = random.Random(_SEED)
    with tempfile.TemporaryDirectory() as folder:
        with Evening(Path(folder), seed=_SEED) as evening:
            for number in range(count):
                evening.act(ACTIONS[number] if number < len(ACTIONS) else chance.choice(ACTIONS))
            outcome, identity = evening.outcome, evening.house.identity
            outcome.ended = max(outcome.ended, evening.house.end())
            tracebacks = len(evening.house.complaints())
            evening.house.start()
            same = evening.house.identity == identity
        left = orphans(Path(folder))
    report.aim(f"kills and stops, of {count} survived", outcome.recovered, least=count)
    report.aim(
        "dark after any of them, worst, s", max(outcome.dark.values(), default=0.0), most=DARK, unit="s"
    )
    report.aim("light again, worst, s", outcome.back, most=30, unit="s")
    report.aim("SIGTERM to the end, worst, s", outcome.ended, most=15, unit="s")
    report.aim("tracebacks in the log", tracebacks, most=0)
    report.aim("identity kept", int(same), least=1)
    report.aim("processes left behind", len(left), most=0)
    for trouble in outcome.troubles:
        print("trouble:", trouble)


@contextmanager
def playing(program: str = "auto", files: int | None = None) -> Iterator[House]:
    """A service that plays."""
    with tempfile.TemporaryDirectory() as folder:
        music = Path(folder) / "music"
        music.mkdir()
        for number in range(2):
            song(music / f"song {number}.flac", seed=number)
        with House(Path(folder), music=[music], program=program, files=files) as house:
            house.start()
            until(lambda: len(house.call("GET", "/api/v1/songs")[1]["songs"]) >= 2)
            house.control("repeat", mode="all")
            house.control("play")
            until(lambda: house.call("GET", "/api/v1/status")[1]["state"] == "playing")
            yield house


async def crowding(report: Report, house: House, name: str, seconds: float) -> None:
    """Frames in a flood, strangers at the ports, and guesses."""
    quiet = await crowds.frames(house, seconds)
    async with crowds.flood(house, 6):
        loud = await crowds.frames(house, seconds)
    report.aim(f"{name}: frames in a flood / without", loud / quiet, least=0.9)
    noticed = await crowds.strangers(house, STRANGERS, seconds)
    report.aim(f"{name}: {STRANGERS} silent connections, requests failed", noticed.failures, most=0)
    report.aim(f"{name}: API and MQTT answer meanwhile, worst, s", max(noticed.answers), most=5, unit="s")
    report.aim(f"{name}: files open, most", noticed.files, most=512)
    report.aim(f"{name}: log, kB a minute", noticed.log / 1000, most=20, unit="kB")
    status, answer = await asyncio.to_thread(house.control, "next")
    report.aim(f"{name}: the next song plays", int(status == 200 and not answer["message"]), least=1)
    tried, let_in = await crowds.guesses(house, seconds / 2)
    report.figure(f"{name}: passwords guessed", tried)
    report.aim(f"{name}: then even the right one is refused for a while", 1 - let_in, least=1)


def feeding(report: Report, count: int = INPUTS) -> None:
    """The corpus."""
    with playing() as house:
        settings = feed_settings(house, _SEED, 5 * count)
        fed = feed(house, _SEED, count)
    report.figure("bad media, calendars, lists and settings", fed.inputs + settings.inputs)
    report.aim("of these ended in an error of the program", len(fed.broken) + len(settings.broken), most=0)
    report.aim("others wait meanwhile, worst, s", fed.slowest, most=5, unit="s")
    report.aim("memory meanwhile, MB", fed.memory, most=500, unit="MB")
    for each in fed.broken + settings.broken:
        print("broken:", each)


def lasting(report: Report, seconds: float = SECONDS) -> None:
    """A long evening."""
    with playing() as house:
        left = soak(house, seconds, _SEED)
    report.figure("evening, s", seconds)
    report.figure("evening: requests", left.requests)
    report.aim("evening: requests failed", left.failures, most=0)
    report.aim("evening: memory grown, MB", left.memory, most=20, unit="MB")
    report.aim("evening: open files grown", left.files, most=8)
    report.aim("evening: threads grown", left.threads, most=4)
    report.aim("evening: unfinished files left", left.drafts, most=0)


def run() -> Report:
    """All of it; with the usual 200 kills it takes half an hour."""
    report = Report("faults")
    for program in ("mosquitto", "python"):
        with playing(program, files=1024) as house:
            asyncio.run(crowding(report, house, program, 8.0))
    feeding(report)
    lasting(report)
    killing(report)
    return report
