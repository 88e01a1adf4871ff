"""Renders a song immediately, in a separate process that can fail without affecting the service."""

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
    """Renders ``job`` and returns the answer of ``worker.work``; cancelling it ends the process. Raises AudioError,
    or another YulelightError if nothing can be rendered at all.
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
    """Renders a show without storing it. Raises like ``render_into``."""
    with tempfile.TemporaryDirectory(prefix="yulelight-") as folder:
        heard = progress or (lambda seconds: None)
        answer = await render_into(Path(folder), song, encoder, plan, progress=heard, content=content)
        if not answer["file"]:
            raise AudioError(f"there is no room in {folder} for a show: {answer['full']}")
        return Show.load(Path(folder, answer["file"]))
