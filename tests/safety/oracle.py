"""Flashes as WCAG 2.3.1 defines them, counted in emitted light; written from its text, for tests and benchmarks.

"A flash is a pair of opposing changes in relative luminance of 10% or more of the maximum relative luminance where the
relative luminance of the darker image is below 0.80"; content is safe with "no more than three general flashes within
any one-second period". A pair of opposing changes is an increase followed by a decrease, or a decrease followed by an
increase.

Light is a step function: ``light[k]`` (0..1, 1 is everything at full) shows from ``times[k]`` (seconds) until the next.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from numpy.typing import NDArray

Series = Sequence[float] | NDArray[Any]


def flashes(times: Series, light: Series) -> int:
    """Most flashes in any second."""
    return worst(times, light)[0]


def worst(times: Series, light: Series) -> tuple[int, float]:
    """Most flashes in any second, and when the first such second begins."""
    steps = [k for k in range(len(light)) if k == 0 or light[k] != light[k - 1]]
    found, at = 0, times[0] if len(times) else 0.0
    last = 0
    for number, first in enumerate(steps):
        # A second that begins with this step in force; half-open, but for rounding of the times.
        last = max(last, number)
        while last + 1 < len(steps) and times[steps[last + 1]] < times[first] + 1.0 - 1e-9:
            last += 1
        if last - number < 2 * (found + 1):
            continue
        count = changes(light[k] for k in steps[number : last + 1]) // 2
        if count > found:
            found, at = count, times[first]
    return found, at


def changes(light: Iterable[float]) -> int:
    """Opposing changes of a tenth or more, one after the other, the darker of each below 0.80."""
    count, rising = 0, 0
    low = high = None
    for value in light:
        if low is None or high is None:
            low = high = value
            continue
        low, high = min(low, value), max(high, value)
        fell = high - value >= 0.1 - 1e-9 and value < 0.80
        rose = value - low >= 0.1 - 1e-9 and low < 0.80
        if fell and rising >= 0:
            count, rising, low, high = count + 1, -1, value, value
        elif rose and rising <= 0:
            count, rising, low, high = count + 1, 1, value, value
        elif rising > 0:
            low = high
        elif rising < 0:
            high = low
    return count


def luminance(level: float, gamma: float = 2.2, least: float = 0.0) -> float:
    """The light of a dimmer at ``level`` (0..255) that is a power of it, and begins at ``least``."""
    return 0.0 if level <= 0 else least + (1.0 - least) * (level / 255.0) ** gamma
