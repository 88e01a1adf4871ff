"""A process that reads tags and covers of untrusted files: `python -m yulelight.library.reading`.

Input: JSON lines {"tags": path}, {"check": path}, {"cover": path, "beside": path or null}, or the same with "colours".
Output: {"tags": {…}}, {"problem": reason}, {"type": …, "size": n} followed by n bytes of picture, or {"colours": […]}.
It ends at the end of its input.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from yulelight.audio.covers import Cover, cover
from yulelight.audio.tags import tags
from yulelight.core.confine import confine
from yulelight.core.errors import AudioError

MEMORY = 300_000_000
"""Memory limit in bytes: some compressed tags unpack to gigabytes."""


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until the end of the input."""
    for line in requests:
        request: dict[str, Any] = json.loads(line)
        picture = b""
        if "tags" in request:
            answer: dict[str, Any] = {"tags": asdict(tags(Path(request["tags"])))}
        elif "check" in request:
            answer = {"problem": _problem(Path(request["check"]))}
        elif "colours" in request:
            answer = {"colours": _colours(Path(request["colours"]), request["beside"])}
        else:
            found = _cover(Path(request["cover"]), request["beside"])
            picture = found.data if found else b""
            answer = {"type": found.media_type if found else "", "size": len(picture)}
        answers.write(json.dumps(answer).encode() + b"\n" + picture)
        answers.flush()


def _cover(song: Path, beside: str | None) -> Cover | None:
    return cover(song, Path(beside) if beside else None)


def _colours(song: Path, beside: str | None) -> tuple[str, ...]:
    # Imported only here: what decodes pictures takes as long to load as tags take to read.
    from yulelight.audio.cover_colours import cover_colours

    found = _cover(song, beside)
    return cover_colours(found.data) if found else ()


def _problem(path: Path) -> str:
    from yulelight.audio.decode import probe

    try:
        probe(path)
    except AudioError as error:
        return str(error)
    return ""


if __name__ == "__main__":
    confine(MEMORY)
    # Output printed by libraries must not mix with the answers.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, out)
