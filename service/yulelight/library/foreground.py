"""A song rendered now, ahead of everything else, in a process that may fail without the service."""

import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from yulelight.core.errors import AudioError
from yulelight.encoder.model import Encoder
from yulelight.library.renderer import Renderer, WorkerLostError
from yulelight.library.shows import Plan
from yulelight.library.worker import Job
from yulelight.show.show import Show

Progress = Callable[[float], None]


async def render_into(
    folder: Path, song: Path, encoder: Encoder, plan: Plan, *, progress: Progress, content: str = ""
) -> dict[str, Any]:
    """What ``worker.work`` answers; cancelling it ends the process. Raises AudioError, and another YulelightError when
    nothing can be rendered at all.
    """
    job = Job(str(song), content, str(encoder.path), asdict(plan.look), plan.gain, str(folder))
    renderer = Renderer(at_once=True)
    try:
        return await renderer.render(job, progress)
    except WorkerLostError as error:
        raise AudioError(f"{song.name}: {error}") from error
    finally:
        await renderer.close()


async def render_apart(
    song: Path, encoder: Encoder, plan: Plan, *, progress: Progress | None = None, content: str = ""
) -> Show:
    """The show alone, kept nowhere. Raises as ``render_into``."""
    with tempfile.TemporaryDirectory(prefix="yulelight-") as folder:
        heard = progress or (lambda seconds: None)
        answer = await render_into(Path(folder), song, encoder, plan, progress=heard, content=content)
        if not answer["file"]:
            raise AudioError(f"there is no room in {folder} for a show: {answer['full']}")
        return Show.load(Path(folder, answer["file"]))
