"""The light follows the sound across the house: dimmed lights lean to the side that the music comes from."""

from collections.abc import Sequence

from yulelight.safety.limiter import LightFrame

LEAN = 0.5
"""Share by which a light at the very edge is brighter or darker while the sound is wholly on one side."""


def steered(frame: LightFrame, pan: float, places: Sequence[float]) -> LightFrame:
    """``frame`` leaning to ``pan``; both that and ``places``, one a channel, go from -1 (left) to 1 (right).

    Switched states stay: a relay is on or off.
    """
    levels, on = frame
    leaning = (
        min(255, round(level * (1 + LEAN * pan * place))) for level, place in zip(levels, places, strict=True)
    )
    return bytes(leaning), on
