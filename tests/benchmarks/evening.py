"""A long evening and a season of nights with power cuts, on a simulated clock: what grows, what drifts, what is lost.

The whole service but sound and network runs on an event loop that waits for nothing (evening_house.py). An evening of
YULELIGHT_BENCH_HOURS (12) plays a playlist by its schedule; what could grow is counted every ten minutes, from
the second hour to the last. A season is YULELIGHT_BENCH_NIGHTS (24) nights with a show of twenty minutes; in each the
power fails three times at random moments (the process is gone, as by kill -9), for up to two minutes. The sound is that
of a card whose crystal is 50 ppm slow: the arithmetic that the player's callback does, without a card. At last, the
service plays for YULELIGHT_BENCH_MINUTES (60; 0: not at all) in real time, with its mosquitto.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import soundfile

from tests.benchmarks.aims import Report
from tests.benchmarks.evening_real import real_time
from tests.benchmarks.songs import carol
from tests.brokers import free_port
from yulelight.audio.schedule import SampleClock
from yulelight.dsp.spectrum import RATE

HOURS = float(os.environ.get("YULELIGHT_BENCH_HOURS", "12"))
MINUTES = float(os.environ.get("YULELIGHT_BENCH_MINUTES", "60"))
NIGHTS = int(os.environ.get("YULELIGHT_BENCH_NIGHTS", "24"))
SONGS = 6
CUTS = 3
FIRST = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
SHOW = timedelta(minutes=20)
BEFORE = timedelta(minutes=1)
SEED = 1225
BUFFER = 1024
CRYSTAL = 50e-6
"""By how much the sound card of ``sound`` is slow: a usual crystal's tolerance."""

_CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//evening//EN
BEGIN:VEVENT
UID:show
DTSTAMP:20261101T000000Z
SUMMARY:Carols
DTSTART:{start:%Y%m%dT%H%M%SZ}
DTEND:{end:%Y%m%dT%H%M%SZ}
X-YULELIGHT-FINISH:cut
RRULE:FREQ=DAILY
END:VEVENT
END:VCALENDAR
"""


@dataclass(frozen=True)
class House:
    """A data folder with songs and a daily show, and what its service does from a moment on."""

    data: Path

    def furnish(self, start: datetime, length: timedelta, count: int = SONGS) -> None:
        """``count`` songs of a minute and more, a playlist, the calendar; all shows rendered."""
        (songs := self.data / "songs").mkdir(parents=True)
        (lists := self.data / "playlists").mkdir()
        sound = carol(150)
        for number in range(count):
            part = sound[number * 7 * RATE : (number * 7 + 61 + 3 * number) * RATE]
            soundfile.write(songs / f"song {number}.flac", part, RATE)
        names = "\n".join(str(songs / f"song {number}.flac") for number in range(count))
        (lists / "Carols.m3u8").write_text(f"#EXTM3U\n{names}\n")
        calendar = _CALENDAR.format(start=start, end=start + length)
        (self.data / "schedule.ics").write_text(calendar.replace("\n", "\r\n"))
        self.run(start, timedelta())

    def run(
        self, start: datetime, length: timedelta, every: float = 600.0, cut: float | None = None
    ) -> list[dict[str, Any]]:
        """What a service said that ran from ``start`` on, until the power failed after ``cut`` seconds, if it did."""
        numbers = [start.timestamp(), length.total_seconds(), every, *([] if cut is None else [cut])]
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.evening_house", str(self.data), *map(str, numbers)],
            env={**os.environ, "YULELIGHT_BENCH_PORT": str(free_port())},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode != (0 if cut is None else 9):
            raise RuntimeError(f"the service ended with {done.returncode}")
        return [json.loads(line) for line in done.stdout.splitlines()]


def growth(report: Report, said: list[dict[str, Any]]) -> None:
    """From the first sample that is an hour old, or the first, to the last."""
    samples = [line for line in said if "sample" in line]
    old = [line for line in samples if line["at"] - said[0]["at"] >= 3600] or samples
    first, last = old[0]["sample"], old[-1]["sample"]
    hours = max((old[-1]["at"] - old[0]["at"]) / 3600, 0.25)
    limits = {"memory, MB": 1.0, "open files": 1.0, "threads": 1.0, "tasks": 1.0, "timers": 1.0,
        "objects, thousands": 1.0, "log, kB": 20.0,
              "files in the data folder": 0.5, "shows, kB": 1.0}  # fmt: skip
    for name, value in last.items():
        if name in limits:
            report.aim(f"{name}: more an hour", (value - first[name]) / hours, most=limits[name])
        report.figure(f"{name}: at the end", value)
    light = samples[-1]["light"]
    report.aim("longest gap between frames, from song to song, too, ms", light["gap, ms"], most=100)
    report.aim("frames beside those of the song, ms, most", light["off beat, ms"], most=5)


def drift(report: Report, said: list[dict[str, Any]]) -> None:
    """How much later songs begin than the sum of those before says."""
    songs = [line for line in said if line.get("what") == "playing"]
    lags = [b["at"] - b["position"] - (a["at"] - a["position"]) - a["length"] for a, b in pairwise(songs)]
    hours = (songs[-1]["at"] - songs[0]["at"]) / 3600
    report.figure("songs played", len(songs))
    report.aim("drift of the songs' beginnings, ms an hour", 1e3 * abs(sum(lags)) / hours, most=5)
    report.figure("largest gap or overlap of two songs, ms", 1e3 * max(map(abs, lags)))


def sound(report: Report) -> None:
    """An hour on a sound card whose crystal is wrong, as quartz is: how far the sound is from the light."""
    for name, minutes in (("songs of four minutes", 4), ("one recording of an hour", 60)):
        errors: list[float] = []
        for _ in range(60 // minutes):
            clock = SampleClock(0.0, RATE)
            for number in range(round(minutes * 60 * RATE / BUFFER)):
                at = number * BUFFER / RATE * (1 + CRYSTAL)
                silence, skip = clock.place(at, BUFFER)
                clock.advance(BUFFER - silence, skip, skip)
                errors.append(clock.position / RATE - (at + BUFFER / RATE))
        half = len(errors) // 2
        drifted = sum(errors[half:]) / (len(errors) - half) - sum(errors[:half]) / half
        report.aim(f"{name}: sound away from light, most, ms", 1e3 * max(map(abs, errors)), most=25)
        report.aim(f"{name}: more in the second half hour, ms", 1e3 * abs(drifted), most=5)


@dataclass
class Season:
    """What became of the nights."""

    cuts: int = 0
    late: float = 0.0
    """Longest time from the power's return, or the show's beginning, to music, s."""
    jump: float = 0.0
    """Most that the song after a cut went on beside where it had been, s."""
    dark: int = 0
    """Starts after which nothing played."""
    outside: int = 0
    """Times at which a song began outside the show."""


def night(
    house: House, start: datetime, length: timedelta, chance: random.Random, season: Season, cuts: int = CUTS
) -> None:
    """One night: from a minute before the show of ``length`` until a minute after it."""
    now, over = start - BEFORE, start + length + BEFORE
    moments = sorted(chance.uniform(30, (over - now).total_seconds() - 60) for _ in range(cuts))
    whole, last = now, None
    for moment in [*moments, None]:
        until = None if moment is None else (whole + timedelta(seconds=moment) - now).total_seconds()
        if until is not None and until < 1:
            continue
        said = house.run(now, over - now, 60.0, until)
        songs = [line for line in said if line.get("what") == "playing"]
        begins, ends = max(now, start), start + length
        end = over if until is None else now + timedelta(seconds=until)
        if begins < ends and (min(end, ends) - begins).total_seconds() > 20:
            if not songs:
                season.dark += 1
            else:
                season.late = max(season.late, songs[0]["at"] - begins.timestamp())
                if last is not None and songs[0]["song"] == last["song"]:
                    was = last["position"] + last["until"] - last["at"]
                    season.jump = max(season.jump, abs(songs[0]["position"] - was))
        season.outside += sum(
            not start.timestamp() - 1 <= line["at"] <= ends.timestamp() + 1 for line in songs
        )
        if until is None:
            return
        season.cuts += 1
        playing = [line for line in said if "what" in line][-1:]
        goes_on = playing and playing[0]["what"] == "playing"
        last = {**playing[0], "until": end.timestamp()} if goes_on else None
        now = end + timedelta(seconds=chance.uniform(5, 120))
        if now >= over:
            return


def nights(report: Report, folder: Path) -> None:
    """The season."""
    house, chance, season = House(folder), random.Random(SEED), Season()
    house.furnish(FIRST, SHOW)
    for number in range(NIGHTS):
        night(house, FIRST + timedelta(days=number), SHOW, chance, season)
    report.figure("season: nights", NIGHTS)
    report.figure("season: power cuts", season.cuts)
    report.aim("season: starts after which nothing played", season.dark, most=0)
    report.aim("season: songs begun outside the show", season.outside, most=0)
    report.aim("season: music again after, s", season.late, most=10, unit="s")
    report.figure("season: songs gone on with, furthest from where they were, s", season.jump)
    left = [path for path in folder.rglob("*") if path.is_file() and path.suffix == ".tmp"]
    report.aim("season: half-written files left", len(left), most=0)


def run() -> Report:
    """The evening, then the season."""
    report = Report("evening")
    with tempfile.TemporaryDirectory() as name:
        house = House(Path(name) / "evening")
        house.furnish(FIRST, timedelta(hours=HOURS))
        said = house.run(FIRST - BEFORE, timedelta(hours=HOURS))
        growth(report, said)
        drift(report, said)
        sound(report)
        shutil.rmtree(house.data)
        nights(report, Path(name) / "season")
        if MINUTES:
            (real := Path(name) / "real").mkdir()
            real_time(report, real, MINUTES)
    report.figure("load of the machine", os.getloadavg()[0])
    return report
