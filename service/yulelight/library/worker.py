"""A process that renders songs one after the other, at the lowest priority: `python -m yulelight.library.worker`.

With ``--at-once`` it keeps normal priority. It is a separate process so that a playing show never waits for it, and
so that a file that crashes a decoder or fills memory affects only the worker. Jobs arrive as JSON lines on standard
input, results are written to standard output. It ends at the end of its input, even in the middle of a song.
"""

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from yulelight.core.confine import confine
from yulelight.core.errors import AudioError, YulelightError
from yulelight.encoder.model import Encoder, load
from yulelight.library.cache import name_of, store
from yulelight.library.content import content_key
from yulelight.library.shows import Plan
from yulelight.show.look import Look
from yulelight.show.render import render
from yulelight.show.show import Show

MEMORY = 2_000_000_000
"""Memory limit in bytes. A song of any length needs about 300 MB, and twice that if voices are separated."""
FOREGROUND = "--at-once"
REPORT_INTERVAL = 0.5
"""Seconds between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Job:
    """A song to render into the cache's folder. Paths are strings, so that it can be written as JSON."""

    song: str
    content: str
    """Empty if it is not known yet."""
    model: str
    look: dict[str, Any]
    gain: float
    folder: str

    def line(self) -> bytes:
        """The job as a line for the worker."""
        return json.dumps(asdict(self)).encode() + b"\n"


def work(job: Job, encoder: Encoder, say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Renders ``job``; returns {"content", "file", "seconds"}, and "warnings" if the song is damaged or truncated.

    If the show could not be stored, "file" is empty and "full" contains the reason. Raises YulelightError if the song
    cannot be rendered.
    """
    told = 0.0

    def progress(seconds: float) -> None:
        nonlocal told
        if time.monotonic() - told >= REPORT_INTERVAL:
            told = time.monotonic()
            say({"progress": round(seconds, 1)})

    song, look = Path(job.song), look_of(job.look)
    content = job.content or content_key(song)
    name = name_of(content, Plan(encoder.mark, look, job.gain).key())
    path = Path(job.folder, name)
    with contextlib.suppress(OSError, ValueError):
        return {"content": content, "file": name, "seconds": Show.load(path).duration}
    show = render(song, encoder, look, progress, job.gain)
    answer = {"content": content, "file": name, "seconds": show.duration, "warnings": show.warnings}
    try:
        store(path, show)
    except OSError as error:
        return answer | {"file": "", "full": error.strerror or str(error)}
    return answer


def look_of(values: dict[str, Any]) -> Look:
    """Restores a look from JSON, where tuples have become lists."""
    made: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Look(**made)


def main() -> None:
    """Processes jobs until the input ends."""
    if FOREGROUND not in sys.argv[1:]:
        _step_back()
    confine(MEMORY)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(jobs,), daemon=True).start()
    encoders: dict[str, Encoder] = {}
    _say({"ready": True})
    while True:
        job = Job(**json.loads(jobs.get()))
        try:
            encoder = encoders.get(job.model)
            if encoder is None:
                encoders = {job.model: (encoder := load(Path(job.model)))}
            _say(work(job, encoder, _say))
        except MemoryError:
            name = Path(job.song).name
            why = f"{name} needs more than {MEMORY // 1_000_000} MB of memory; cut it into shorter files."
            _say({"error": why, "song": True})
        except YulelightError as error:
            _say({"error": str(error), "song": isinstance(error, AudioError)})
        except OSError as error:
            _say(
                {
                    "error": f"{Path(job.song).name} cannot be read: {error.strerror}; copy it again.",
                    "song": True,
                }
            )


def _listen(jobs: "SimpleQueue[bytes]") -> None:
    for line in sys.stdin.buffer:
        jobs.put(line)
    # The service has ended, perhaps killed: the song is no longer needed, and the cache tolerates a sudden end.
    os._exit(0)


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _step_back() -> None:
    """Sets the lowest priority for processor and disk."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(19)
    with contextlib.suppress(OSError, AttributeError):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    with contextlib.suppress(Exception):  # not supported here, or psutil is missing
        import psutil

        psutil.Process().ionice(psutil.IOPRIO_CLASS_IDLE)


if __name__ == "__main__":
    main()
