"""Controls the process that reads tags and covers (yulelight.library.reading)."""

import json
import logging
import os
import re
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from yulelight.audio.covers import MAX_COVER_BYTES, Cover, cover
from yulelight.audio.song_name import from_name
from yulelight.audio.tags import Tags, tags
from yulelight.core.errors import AudioError

log = logging.getLogger(__name__)

TIMEOUT = 20.0
"""Seconds permitted per file."""
IDLE_TIMEOUT = 15.0
"""Seconds after which an idle process is ended."""
_COLOUR = re.compile("#[0-9a-f]{6}")
_MAX_LINE = 65536
"""Maximum bytes of a line of an answer."""


class FileReader(Protocol):
    """Reads the tags and the cover of a song. Blocking; never raises."""

    def tags(self, path: Path) -> Tags:
        """See yulelight.audio.tags.tags."""

    def cover(self, song: Path, beside: Path | None = None) -> Cover | None:
        """See yulelight.audio.covers.cover."""

    def colours(self, song: Path, beside: Path | None = None) -> tuple[str, ...]:
        """The colours of that cover, see yulelight.audio.cover_colours."""


class DirectReader:
    """Reads in this process, for trusted files."""

    def tags(self, path: Path) -> Tags:
        """See FileReader."""
        return tags(path)

    def cover(self, song: Path, beside: Path | None = None) -> Cover | None:
        """See FileReader."""
        return cover(song, beside)

    def colours(self, song: Path, beside: Path | None = None) -> tuple[str, ...]:
        """See FileReader."""
        from yulelight.audio.cover_colours import cover_colours

        found = cover(song, beside)
        return cover_colours(found.data) if found else ()


class ProcessReader:
    """Reads tags and covers in a separate process, started on demand.

    Blocking; thread-safe. If a file takes too long or crashes the process, its file name is used instead, and the
    next file gets a new process.
    """

    def __init__(self, patience: float = TIMEOUT, idle: float = IDLE_TIMEOUT) -> None:
        self._patience, self._idle = patience, idle
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def tags(self, path: Path) -> Tags:
        """See FileReader."""
        with self._lock:
            try:
                answer, _ = self._ask({"tags": os.fspath(path)})
                return Tags(**answer["tags"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                self._end()
                log.warning("%r is shown by its file name: its tags cannot be read (%s)", str(path), error)
                artist, title = from_name(path)
                return Tags(title, artist)
            finally:
                self._rest()

    def cover(self, song: Path, beside: Path | None = None) -> Cover | None:
        """See FileReader."""
        with self._lock:
            try:
                asked = {"cover": os.fspath(song), "beside": os.fspath(beside) if beside else None}
                answer, picture = self._ask(asked)
                return Cover(picture, answer["type"]) if picture else None
            except (OSError, ValueError, KeyError, TypeError) as error:
                self._end()
                log.warning("the cover of %r cannot be read (%s)", str(song), error)
                return None
            finally:
                self._rest()

    def colours(self, song: Path, beside: Path | None = None) -> tuple[str, ...]:
        """See FileReader."""
        with self._lock:
            try:
                asked = {"colours": os.fspath(song), "beside": os.fspath(beside) if beside else None}
                answer, _ = self._ask(asked)
                return tuple(code for code in map(str, answer["colours"]) if _COLOUR.fullmatch(code))
            except (OSError, ValueError, KeyError, TypeError) as error:
                self._end()
                log.warning("the colours of %r cannot be read (%s)", str(song), error)
                return ()
            finally:
                self._rest()

    def check(self, path: Path) -> None:
        """Raises AudioError if the file is not music or cannot be opened within the limits."""
        with self._lock:
            try:
                answer, _ = self._ask({"check": os.fspath(path)})
                problem = str(answer["problem"])
            except (OSError, ValueError, KeyError, TypeError) as error:
                self._end()
                problem = f"{path.name} cannot be read ({error}); try another copy or another format."
            finally:
                self._rest()
        if problem:
            raise AudioError(problem)

    def close(self) -> None:
        """Ends the process, if there is one. The next request starts another."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._end()

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        until = time.monotonic() + self._patience
        process = self._process or self._start()
        assert process.stdin is not None
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
        data = b""
        while b"\n" not in data:
            if len(data) > _MAX_LINE:
                raise ValueError("the answer cannot be read")
            data += self._read(process, until)
        line, _, picture = data.partition(b"\n")
        answer = json.loads(line)
        size = answer.get("size", 0)
        if not 0 <= size <= MAX_COVER_BYTES:
            raise ValueError("the answer cannot be read")
        parts = [picture]
        while (missing := size - sum(map(len, parts))) > 0:
            parts.append(self._read(process, until, missing))
        return answer, b"".join(parts)

    def _read(self, process: subprocess.Popen[bytes], until: float, most: int = _MAX_LINE) -> bytes:
        assert process.stdout is not None
        descriptor = process.stdout.fileno()
        if not select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError(f"it takes more than {self._patience:g} s")
        data = os.read(descriptor, max(1, min(most, 1 << 20)))
        if not data:
            raise ConnectionError("it ends the program that reads it")
        return data

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "yulelight.library.reading"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl-C in a terminal is handled by the service
        )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(1.0)
        except (
            subprocess.TimeoutExpired
        ):  # it is blocked by a disk that does not respond, and ends when that does
            log.debug("a tag reader cannot be ended yet")

    def _rest(self) -> None:
        """Ends the process some time after the last request."""
        self._asked = time.monotonic()
        if self._timer is None and self._process is not None:
            self._timer = self._later(self._idle)

    def _later(self, seconds: float) -> threading.Timer:
        timer = threading.Timer(seconds, self._look)
        timer.daemon = True
        timer.start()
        return timer

    def _look(self) -> None:
        with self._lock:
            left = self._asked + self._idle - time.monotonic()
            if left > 0:
                self._timer = self._later(left)
            else:
                self._timer = None
                self._end()
