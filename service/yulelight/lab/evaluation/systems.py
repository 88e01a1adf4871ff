"""The evaluated systems by name: anything that turns a song into lights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.audio.decode import blocks
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.encoder.model import Encoder
from yulelight.lab.evaluation.baselines import Baseline
from yulelight.lab.evaluation.controls import Control, replaced
from yulelight.lights.house import in_house
from yulelight.safety.limits import Limits
from yulelight.show.live import live_show
from yulelight.show.look import Look
from yulelight.show.render import render


@dataclass(frozen=True, eq=False)
class Lights:
    """What a system shows for a song: levels (frames, channels), uint8 or 0..1, at ``rate`` frames a second."""

    levels: npt.NDArray[Any]
    rate: float
    switched: npt.NDArray[np.bool_] | None = None
    """On/off states (frames, channels); None for a system without its own."""
    sections: tuple[float, ...] | None = None
    """Start times in seconds, if the system knows sections."""

    @property
    def on(self) -> npt.NDArray[np.bool_]:
        """The on/off states: its own, or on above half level."""
        if self.switched is not None:
            return self.switched
        half = 127 if self.levels.dtype.kind == "u" else 0.5
        return np.asarray(self.levels > half, np.bool_)


DEFAULT_LOOK = "lively"
"""Default of a show."""

System = Callable[[Path, Floats], Lights]
"""Computes the lights of a song file; the (n, 2) samples at 44.1 kHz save reading it again."""


def samples_of(song: Path) -> Floats:
    """(n, 2) at 44.1 kHz; raises AudioError."""
    return np.concatenate(list(blocks(song)))


def of_look(
    encoder: Encoder, look: Look, limits: Limits | None = None, places: Sequence[float] = ()
) -> System:
    """Yulelight itself, with one look; in a house of these ``limits``, whose channels hang at ``places``."""

    def system(song: Path, _: Floats) -> Lights:
        show = render(song, encoder, look)
        if limits:
            show = in_house(show, limits, places)
        return Lights(show.levels, show.rate, show.switched, show.sections)

    return system


def of_live(encoder: Encoder, look: Look, look_ahead: float = 0.0) -> System:
    """Yulelight's live path, which receives the song as a stream, ``look_ahead`` seconds in advance."""

    def system(_: Path, samples: Floats) -> Lights:
        blocks = iter(np.array_split(samples, max(1, len(samples) // RATE)))
        show = live_show(blocks, encoder, look, look_ahead)
        return Lights(show.levels, show.rate, show.switched, show.sections or None)

    return system


def of_control(encoder: Encoder, look: Look, control: Control) -> System:
    """Yulelight with one look and control codes."""

    def system(song: Path, samples: Floats) -> Lights:
        show = render(song, replaced(encoder, control, samples), look)
        return Lights(show.levels, show.rate, show.switched, show.sections)

    return system


def of_baseline(baseline: Baseline) -> System:
    """Another way from music to light."""

    def system(_: Path, samples: Floats) -> Lights:
        return Lights(*baseline(samples))

    return system


def systems(
    encoder: Encoder,
    looks: Mapping[str, Look],
    baselines: Mapping[str, Baseline],
    *,
    controls: Mapping[str, Control] | None = None,
    limits: Limits | None = None,
    places: Sequence[float] = (),
    live: Mapping[str, Look] | None = None,
) -> dict[str, System]:
    """All of them by name, baselines first; ``live`` names the looks whose live path is also scored.

    ``controls`` use the first look.
    """
    first = next(iter(looks.values()))
    return (
        {name: of_baseline(one) for name, one in baselines.items()}
        | {name: of_control(encoder, first, one) for name, one in (controls or {}).items()}
        | {name: of_look(encoder, look, limits, places) for name, look in looks.items()}
        | {f"{name}, live": of_live(encoder, look) for name, look in (live or {}).items()}
    )
