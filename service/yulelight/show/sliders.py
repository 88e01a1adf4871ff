"""The four sliders of a look of one's own, each from -1 to 1: how far it departs from the look that it is based on.

0 leaves the look as it is. What each moves (see yulelight.show.look for the numbers):

- ``drama``: how much more light louder music gets: ``swell`` (dimmed) and ``climb`` (switched);
- ``calm``: how slowly and how rarely light changes: ``smooth``, ``release``, ``attack``, ``apart``, ``minimum`` and
  ``reluctance``; beyond 0.5 also ``events``, one step from notes over beats to bars, or back;
- ``contrast``: how far apart bright and dark are: ``vivid`` (dimmed) and ``lit`` (switched);
- ``voice``: ``voice``.
"""

from dataclasses import dataclass, replace
from typing import Literal

from yulelight.show.look import Look

EVENTS: tuple[Literal["onsets", "beats", "bars"], ...] = ("onsets", "beats", "bars")
STEP = 0.5
"""From this much calm on, another kind of events."""
SLOWER = 6.0
"""How much longer times are with full calm, or shorter with none."""
SLOWEST = 10.0
"""Seconds: no time gets longer than this."""
SHORTEST = 0.1
"""Seconds: shorter pulses are hardly visible."""


@dataclass(frozen=True, slots=True)
class Sliders:
    """From -1 to 1 each."""

    drama: float = 0.0
    calm: float = 0.0
    contrast: float = 0.0
    voice: float = 0.0


def adjusted(look: Look, sliders: Sliders) -> Look:
    """``look`` with the sliders moved. Every number grows or falls with its slider."""
    drama, calm, contrast = sliders.drama, sliders.calm, sliders.contrast
    slower, more = SLOWER**calm, max(calm, 0.0)
    return replace(
        look,
        swell=look.swell + 0.6 * drama,
        climb=look.climb + drama,
        smooth=_time(look.smooth * slower),
        release=_time(look.release * slower + 0.5 * more),
        attack=_time(look.attack * slower + 0.25 * more),
        apart=_pulse(look.apart * slower),
        minimum=(_pulse(look.minimum[0] * slower), _pulse(look.minimum[1] * slower)),
        reluctance=look.reluctance + 0.03 * calm,
        events=_events(look, calm),
        vivid=look.vivid + (1.0 if contrast > 0 else 0.6) * contrast,
        lit=look.lit * 0.4**contrast,
        voice=min(1.0, max(-1.0, look.voice + sliders.voice)),
    )


def _time(seconds: float) -> float:
    return min(SLOWEST, round(seconds, 3))


def _pulse(seconds: float) -> float:
    return max(SHORTEST, _time(seconds))


def _events(look: Look, calm: float) -> Literal["onsets", "beats", "bars"]:
    step = 1 if calm > STEP else -1 if calm < -STEP else 0
    return EVENTS[min(len(EVENTS) - 1, max(0, EVENTS.index(look.events) + step))]
