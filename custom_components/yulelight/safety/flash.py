# A copy of service/yulelight/safety/flash.py, made by scripts/share.
"""Counts flashes, and says how far the light may move once the permitted number has been reached.

WCAG 2.3.1 allows at most three general flashes in any one second. A flash is a pair of opposing changes in relative
luminance of 10 % or more of the maximum. Luminance is emitted light, not a level: ``physics`` gives what a level emits.

A *transition* is the moment at which the light has moved by ``TRANSITION`` against its previous direction.

Invariant: no window of one second contains more than ``MAX_TRANSITIONS`` transitions of the emitted light, with one
exception: darkness may come at any moment and may add one. A window that begins in the middle of a movement contains
that movement, too, so there are at most 2 · FLASHES + 1 changes, which make FLASHES pairs. The service keeps the limit
for windows of ``PLANNING_WINDOW``, nodes for the slightly shorter ``WINDOW``: a valid show thus passes through a node
unchanged although clocks and delivery times differ a little.

Method: once the transitions of the last second are used up, the light may continue in its direction but reverse by no
more than ``MAX_REVERSAL`` (< ``TRANSITION``). Keeping the light as it is never makes a transition, so a frame that
keeps the limit always exists.
"""

import math
from typing import NamedTuple

FLASHES = 3
"""Permitted flashes in any second. This is the only definition."""
WINDOW = 1.0
"""Seconds, as in WCAG."""
PLANNING_WINDOW = 1.1
"""Seconds, for whoever plans a show."""
MAX_TRANSITIONS = 2 * FLASHES - 1
TRANSITION = 0.09
"""Share of the full light; below a tenth, so that rounding cannot turn an uncounted change into a counted one."""
MAX_REVERSAL = 0.08


class LuminanceHistory(NamedTuple):
    """The history of one quantity of light, 0..1, as far as the limit depends on it. Immutable."""

    extreme: float = 0.0
    """The farthest value in the present direction."""
    direction: int = -1
    """+1 rising, -1 falling; the initial state is dark, as if the light had fallen."""
    transitions: tuple[float, ...] = ()
    """Times of the last transitions in seconds, oldest first."""

    def room(self, now: float, window: float = PLANNING_WINDOW) -> int:
        """The number of transitions still permitted at ``now``."""
        made = 0
        for time in reversed(self.transitions):
            if now - time > window:
                break
            made += 1
        return MAX_TRANSITIONS - made

    def bounds(self, now: float, window: float = PLANNING_WINDOW) -> tuple[float, float]:
        """Lowest and highest light that may be emitted at ``now``."""
        transitions = self.transitions
        if len(transitions) < MAX_TRANSITIONS or now - transitions[-MAX_TRANSITIONS] > window:
            return -math.inf, math.inf
        if self.direction > 0:
            return self.extreme - MAX_REVERSAL, math.inf
        return -math.inf, self.extreme + MAX_REVERSAL

    def emit(self, light: float, now: float, threshold: float = TRANSITION) -> "LuminanceHistory":
        """The history after ``light`` was emitted at ``now``; times never decrease. Returns itself when nothing
        changes.
        """
        extreme, direction, transitions = self
        move = light - extreme
        if direction * move > 0:
            return LuminanceHistory(light, direction, transitions)
        if -threshold < move < threshold:
            return self
        return LuminanceHistory(light, -direction, (*transitions, now)[-MAX_TRANSITIONS - 1 :])

    def allows(self, after: "LuminanceHistory", now: float, window: float = PLANNING_WINDOW) -> bool:
        """Whether ``after``, which ``emit`` made of this one at ``now``, keeps the limit."""
        transitions = self.transitions
        return (
            after.transitions is transitions
            or len(transitions) < MAX_TRANSITIONS
            or now - transitions[-MAX_TRANSITIONS] > window
        )
