"""The library: how many songs a minute are scanned and rendered, and how soon 5,000 songs are there after a restart.

Songs are a minute of the carol as MP3, each with tags and a length of its own, so that no two are alike.
"""

import asyncio
import os
import shutil
import tempfile
import time
from pathlib import Path

import mutagen
import numpy as np
import soundfile

from tests.benchmarks import gap, schedule_start
from tests.benchmarks.aims import Report
from tests.benchmarks.songs import carol
from yulelight.actors import Broadcast, Supervisor
from yulelight.dsp.spectrum import RATE
from yulelight.library.cache import ShowCache, name_of
from yulelight.library.librarian import Librarian, LibraryState
from yulelight.library.show_source import LibraryShows, StyleCatalogue
from yulelight.library.songs import Library
from yulelight.library.survey import survey
from yulelight.library.user_settings import UserSettings
from yulelight.show.look import LOOKS

SECONDS = 60
MANY = 5000
RENDERED = 24


def song(folder: Path) -> Path:
    """The MP3 that all are copies of."""
    path = folder / "song.mp3"
    soundfile.write(path, np.clip(carol(SECONDS), -1, 1), RATE, format="MP3")
    return path


def fill(folder: Path, original: Path, count: int) -> None:
    """``count`` songs in folders of fifty."""
    data = original.read_bytes()
    for number in range(count):
        path = folder / f"album {number // 50:03d}" / f"{number:05d}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data[: len(data) - number % 1000])
        tagged = mutagen.File(path, easy=True)
        tagged["title"], tagged["artist"], tagged["album"] = (
            f"Song {number}",
            f"Singer {number % 90}",
            "Album",
        )
        tagged.save()


def shows(folder: Path) -> LibraryShows:
    """A library of ``folder``/music that keeps what it learns in ``folder``."""
    library = Library([folder / "music"], (), folder / "index" / "songs.json")
    cache = ShowCache(folder / "shows", 10**12)
    return LibraryShows(
        library,
        user_settings=UserSettings(folder / "library.json"),
        cache=cache,
        styles=StyleCatalogue(LOOKS),
        model="mel",
        look="lively",
    )


def start(folder: Path) -> float:
    """Seconds until a new process would know all songs and which of them are rendered."""
    begun = time.perf_counter()
    made = shows(folder)
    made.cache.open()
    songs = made.library.scan()
    made.refresh()
    survey(songs, lambda found: made.dress(found).plan, made.cache)
    made.library.save()
    return time.perf_counter() - begun


def pretend(folder: Path) -> None:
    """As if every song had been rendered: its content known, an empty show for each."""
    made = shows(folder)
    made.cache.open()
    for number, found in enumerate(made.library.scan()):
        content = f"{number:032x}"
        made.library.note(found, content=content)
        (made.cache.folder / name_of(content, made.dress(found).plan.key())).write_bytes(b"show")
    made.library.save()


async def render(folder: Path, workers: int) -> float:
    """Seconds in which the librarian renders all songs of ``folder``, its own start included."""
    states: Broadcast[LibraryState] = Broadcast()
    begun = time.perf_counter()
    async with Supervisor() as supervisor:
        with states.subscribe(1) as news:
            supervisor.start(
                lambda: Librarian(shows(folder), states, workers=workers, settle=0.0), "librarian"
            )
            async for state in news:
                if state.songs and state.rendered == state.songs:
                    break
        return time.perf_counter() - begun


def run() -> Report:
    """Scans 5,000 songs, starts again with them, renders some; then what other benchmarks measure of a show."""
    report = Report("library")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        original = song(folder)
        fill(folder / "music", original, MANY)
        report.figure("songs scanned for the first time per minute", 60 * MANY / start(folder))
        pretend(folder)
        report.aim(
            "restart with 5,000 songs, seconds", min(start(folder) for _ in range(3)), most=2, unit="s"
        )
        shutil.rmtree(folder / "music")
        fill(folder / "music", original, RENDERED)
        for workers in (1, 2):
            for kept in ("shows", "index"):
                shutil.rmtree(folder / kept, ignore_errors=True)
            took = asyncio.run(render(folder, workers))
            report.figure(f"songs of a minute rendered per minute, {workers} at a time", 60 * RENDERED / took)
    gap.aims(report)
    schedule_start.aims(report)
    return report
