"""Makes the light follow the stereo position: dimmed lights on the side of the sound get brighter, others darker."""

from collections.abc import Sequence

from yulelight.safety.frame import LightFrame

LEAN = 0.5
"""Share by which a light at the edge gets brighter or darker if the sound is fully on one side."""


def steered(frame: LightFrame, pan: float, places: Sequence[float]) -> LightFrame:
    """``frame`` shifted to ``pan``; it and ``places`` (one per channel) range from -1 (left) to 1 (right).

    States of relays are unchanged.
    """
    levels, on = frame
    leaning = (
        min(255, round(level * (1 + LEAN * pan * place))) for level, place in zip(levels, places, strict=True)
    )
    return bytes(leaning), on
