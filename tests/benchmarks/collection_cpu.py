"""What many songs cost the processor, apart from reading files: seconds of it, whatever else the machine does."""

import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.aims import Report
from tests.benchmarks.library import shows
from yulelight.audio.tags import Tags
from yulelight.library import index
from yulelight.library.index import Known, Stamp
from yulelight.library.search import search
from yulelight.library.survey import survey

IN_A_FOLDER = 20


def remembered(folder: Path, count: int) -> None:
    """``count`` files without sound in ``folder``/music, and an index that knows tags and content of each."""
    known: dict[Path, Known] = {}
    for number in range(count):
        path = folder / "music" / f"album {number // IN_A_FOLDER:04d}" / f"{number:05d}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        status = path.stat()
        tags = Tags(
            f"Silent Night {number:05d}",
            f"Singer {number % 100:02d}",
            f"Album {number // IN_A_FOLDER:04d}",
            180.0,
        )
        known[path] = Known(Stamp(status.st_mtime_ns, status.st_size), tags, f"{number:032x}")
    (folder / "index").mkdir()
    index.save(folder / "index" / "songs.json", known)


def seconds(work: Callable[[], object]) -> float:
    """Of the processor."""
    began = time.process_time()
    work()
    return time.process_time() - began


def resident() -> float:
    """Memory of this process, MB."""
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1e3


def processor(report: Report, folder: Path, count: int) -> None:
    """A start with ``count`` known songs, a search, and a count of what is rendered."""
    remembered(folder, count)
    before, made = resident(), shows(folder)
    made.cache.open()
    report.figure("processor: start with all songs known, s", seconds(made.library.scan))
    report.figure("memory of a song, kB", 1e3 * (resident() - before) / count)
    songs = made.library.songs()
    made.dress(songs[0])  # checks the model, once
    report.figure("processor: search, s", seconds(lambda: search(made.library.songs(), "silent 4")))

    def counted() -> None:
        made.refresh()
        survey(made.library.songs(), lambda found: made.dress(found).plan, made.cache)

    report.figure("processor: count of what is rendered, s", seconds(counted))
