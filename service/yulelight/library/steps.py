"""Steps before and after a playlist's songs: light scenes and announcements, and their text formats."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from yulelight.core.errors import UsageError
from yulelight.core.messages import CHANNELS

MAX_STEPS = 50
"""Steps before or after a show."""

MAX_SECONDS = 3600.0
"""Maximum duration of a scene in seconds."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Constant light for ``seconds``: all off, all on, or a level 0..255 for each channel."""

    scene: Literal["off", "on"] | tuple[int, ...]
    seconds: float

    @property
    def levels(self) -> tuple[int, ...]:
        """A level 0..255 for each channel."""
        if isinstance(self.scene, tuple):
            return self.scene
        return (255 if self.scene == "on" else 0,) * CHANNELS


@dataclass(frozen=True, slots=True)
class Announcement:
    """A recording from the library, by its song id; the lights follow it like music."""

    song: str


Step = Scene | Announcement


def parse_step(value: object) -> Step:
    """``{"scene": "off"|"on"|[8 levels], "seconds": s}`` or ``{"announce": song id}``. Raises UsageError."""
    if isinstance(value, Mapping) and value.keys() == {"announce"}:
        song = value["announce"]
        if isinstance(song, str) and 0 < len(song) <= 64 and song.isprintable():
            return Announcement(song)
        raise UsageError('"announce" must be a song id from /api/v1/songs')
    if isinstance(value, Mapping) and value.keys() == {"scene", "seconds"}:
        return Scene(_scene(value["scene"]), _seconds(value["seconds"]))
    raise UsageError('a step is {"scene": "off", "on" or 8 levels, "seconds": s} or {"announce": song id}')


def parse_steps(name: str, value: object) -> tuple[Step, ...]:
    """A JSON list of steps. Raises UsageError naming ``name``."""
    if not isinstance(value, list) or len(value) > MAX_STEPS:
        raise UsageError(f'"{name}" must be a list of at most {MAX_STEPS} steps')
    return tuple(parse_step(step) for step in value)


def step_json(step: Step) -> dict[str, Any]:
    """The inverse of ``parse_step``."""
    if isinstance(step, Announcement):
        return {"announce": step.song}
    scene = list(step.scene) if isinstance(step.scene, tuple) else step.scene
    return {"scene": scene, "seconds": step.seconds}


def read_step(text: str) -> Step:
    """Parses a step from a playlist file. Raises UsageError."""
    try:
        return parse_step(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"this is not a step: {error}") from None


def write_step(step: Step) -> str:
    """The inverse of ``read_step``, on one line."""
    return json.dumps(step_json(step))


def _scene(value: object) -> Literal["off", "on"] | tuple[int, ...]:
    if value == "off":
        return "off"
    if value == "on":
        return "on"
    if isinstance(value, list) and len(value) == CHANNELS:
        levels = tuple(level for level in value if type(level) is int and 0 <= level <= 255)
        if len(levels) == CHANNELS:
            return levels
    raise UsageError(f'"scene" must be "off", "on" or {CHANNELS} whole numbers from 0 to 255')


def _seconds(value: object) -> float:
    # An integer may be too large for a float; comparing it is safe.
    if type(value) in (int, float) and 0 <= value <= MAX_SECONDS and math.isfinite(value):  # type: ignore[operator,arg-type]
        return float(value)  # type: ignore[arg-type]
    raise UsageError(f'"seconds" must be a number from 0 to {MAX_SECONDS:g}')
