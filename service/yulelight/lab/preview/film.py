"""A song and its show as a film."""

import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from yulelight.audio.decode import Decoder
from yulelight.audio.tags import tags
from yulelight.core.errors import UsageError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.lab.preview.compose import Compositor
from yulelight.lab.preview.exposure import exposures
from yulelight.lab.preview.scene import draw
from yulelight.lab.preview.title import card, fades
from yulelight.lab.preview.writer import Writer
from yulelight.show.show import Show

SMALL = (640, 360)
"""A smaller size, which takes a third of the time."""
_BATCH = 8
"""Frames mixed at once."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a song to film, and how. ``seconds`` None: to the end."""

    start: float = 0.0
    seconds: float | None = None
    switched: bool | tuple[bool, ...] = False
    """Whether to show relay states instead of dimmer levels: for all channels, or for each."""
    size: tuple[int, int] = (1280, 720)
    """Width and height, even; the scene is 16 : 9."""
    fps: int = 30


def check(song: Path, output: Path) -> None:
    """Raises UsageError if no film can be written to the file; called before any work is done."""
    if output.suffix.lower() != ".mp4":
        raise UsageError(f"a preview is an .mp4 file; call it {output.with_suffix('.mp4').name} with -o")
    if not output.parent.is_dir():
        raise UsageError(f"there is no folder {output.parent}; make it, or choose another place with -o")
    if output.exists() and song.exists() and output.samefile(song):
        raise UsageError(f"{output} is the song itself; choose another name with -o")
    if output.is_dir():
        raise UsageError(f"{output} is a folder; choose another name with -o")


def film(
    song: Path,
    show: Show,
    output: Path,
    cut: Cut | None = None,
    progress: Callable[[float], None] | None = None,
) -> float:
    """Writes the film of ``song`` and ``show`` to ``output`` (.mp4) atomically; returns its length in seconds.

    Frame k of the film belongs to ``cut.start + k / fps`` seconds of the song, and the sound starts with frame 0.
    ``progress`` is called with the seconds done; an exception from it ends the work. Raises UsageError and
    AudioError. Blocking.
    """
    check(song, output)
    cut = cut or Cut()
    length = min(show.duration - cut.start, math.inf if cut.seconds is None else cut.seconds)
    if not length > 0:
        raise UsageError(
            f"nothing is left to show: the song lasts {show.duration:.0f} s; choose an earlier start"
        )
    count = math.ceil(length * cut.fps)
    try:
        with tempfile.TemporaryDirectory(prefix=".yulelight-", dir=output.parent) as folder:
            part = Path(folder) / output.name
            _write(song, show, part, cut, count=count, progress=progress)
            part.replace(output)
    except (OSError, av.FFmpegError) as error:
        reason = error.strerror or str(error)
        raise UsageError(f"cannot write {output}: {reason}; choose another place with -o") from error
    return count / cut.fps


def _write(
    song: Path, show: Show, path: Path, cut: Cut, *, count: int, progress: Callable[[float], None] | None
) -> None:
    scene, named = draw(cut.size), tags(song)
    layers = np.concatenate((scene.layers, card(cut.size, named.title, named.artist)[None]))
    light = exposures(show, cut.start, count, cut.fps, cut.switched)
    title = np.repeat(fades(count, cut.fps)[:, None, None], 3, axis=2)
    light = np.concatenate((light, title), axis=1)
    compositor = Compositor(scene.night, layers, _BATCH)
    del scene, layers
    samples = round(count / cut.fps * RATE)
    with Decoder(song) as decoder, Writer(path, cut.size, cut.fps) as writer:
        sound, heard = cutting(iter(decoder), round(cut.start * RATE), samples), 0
        for first in range(0, count, _BATCH):
            pictures = compositor.frames(light[first : first + _BATCH])
            for k in range(pictures.shape[1]):
                writer.picture(pictures[:, k])
            done = first + pictures.shape[1]
            while heard < done / cut.fps * RATE and (block := next(sound, None)) is not None:
                writer.sound(block)
                heard += len(block)
            if progress:
                progress(done / cut.fps)


def cutting(blocks: Iterator[Floats], skip: int, count: int) -> Iterator[Floats]:
    """The samples ``skip`` to ``skip + count`` of a stream of blocks; padded with silence."""
    for block in blocks:
        rest = block[skip : skip + count]
        skip = max(0, skip - len(block))
        count -= len(rest)
        if len(rest):
            yield rest
        if not count:
            return
    if count:
        yield np.zeros((count, 2), np.float32)
