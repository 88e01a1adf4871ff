"""When lights may come on in a song that is known in advance."""

from bisect import bisect_left
from collections.abc import Sequence


def events(first: Sequence[int], second: Sequence[int], near: float, apart: float) -> list[int]:
    """Frames at which lights may come on: the ``first``, and the ``second`` that have none ``near``, in order.

    Onsets and beats, say, or sections and bars. Those closer than ``apart`` frames to the last are left out.
    """
    alone = [b for b in second if not _any_within(first, b, near)]
    found: list[int] = []
    for frame in sorted([*first, *alone]):
        if not found or frame - found[-1] >= apart:
            found.append(frame)
    return found


def _any_within(ordered: Sequence[int], frame: int, reach: float) -> bool:
    place = bisect_left(ordered, frame - reach)
    return place < len(ordered) and ordered[place] <= frame + reach
