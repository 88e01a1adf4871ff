# A copy of service/yulelight/safety/flash.py, made by scripts/share.
"""Counting flashes: when light turns, and how far it may move when its turns are used up.

WCAG 2.3.1 allows at most three general flashes in any one second; a flash is a pair of opposing changes of relative
luminance by a tenth or more of the most there can be. Luminance is emitted light, not a level: what a level emits,
``physics`` says.

Invariant: in whatever is emitted, no window of one second holds more than ``MAX_TURNS`` turns, a turn being the moment
at which the light has moved by ``TURN`` against its last direction; but dark may come at any moment, and is one more.
A window that begins in the middle of a movement sees that one, too: so there are 2 · FLASHES + 1 changes at most, which
are FLASHES pairs. The service keeps it for windows of ``SPAN``, which is a little longer: so a proper show passes a
node unchanged, whose clock and whose moments differ a little, and which keeps it for ``WINDOW``.

How: when the turns of the last second are used up, the light may go on in its direction but come back by no more than
``HOLD`` (< ``TURN``). Staying as it is never is a turn, so a frame that holds always exists.
"""

import math
from typing import NamedTuple

FLASHES = 3
"""In any second. The only place where this is said."""
WINDOW = 1.0
"""Seconds, as WCAG counts."""
SPAN = 1.1
"""Seconds, as whoever plans a show counts."""
MAX_TURNS = 2 * FLASHES - 1
TURN = 0.09
"""Share of the full light; below a tenth, so that no rounding makes an uncounted change a counted one."""
HOLD = 0.08


class Field(NamedTuple):
    """The past of one quantity of light, 0..1, as far as the limit depends on it. Immutable."""

    extreme: float = 0.0
    """Where it was farthest in its present direction."""
    direction: int = -1
    """+1 rising, -1 falling; a house starts dark, as if it had fallen there."""
    turns: tuple[float, ...] = ()
    """Seconds of the last turns, oldest first."""

    def room(self, now: float, window: float = SPAN) -> int:
        """How many turns may still be made at ``now``."""
        made = 0
        for time in reversed(self.turns):
            if now - time > window:
                break
            made += 1
        return MAX_TURNS - made

    def bounds(self, now: float, window: float = SPAN) -> tuple[float, float]:
        """Lowest and highest light that may be emitted at ``now``."""
        turns = self.turns
        if len(turns) < MAX_TURNS or now - turns[-MAX_TURNS] > window:
            return -math.inf, math.inf
        if self.direction > 0:
            return self.extreme - HOLD, math.inf
        return -math.inf, self.extreme + HOLD

    def emit(self, light: float, now: float, turn: float = TURN) -> "Field":
        """The past after ``light`` was emitted at ``now``; times never go back. Itself, where it says no more."""
        extreme, direction, turns = self
        move = light - extreme
        if direction * move > 0:
            return Field(light, direction, turns)
        if -turn < move < turn:
            return self
        return Field(light, -direction, (*turns, now)[-MAX_TURNS - 1 :])

    def allows(self, after: "Field", now: float, window: float = SPAN) -> bool:
        """Whether ``after``, which ``emit`` made of this one at ``now``, keeps the limit."""
        turns = self.turns
        return after.turns is turns or len(turns) < MAX_TURNS or now - turns[-MAX_TURNS] > window
