"""Where a song is: the arithmetic of playing, pausing, seeking and catching up on a clock that others read."""

from dataclasses import dataclass

SLEW = 0.02
"""How much faster or slower than its clock a song may go while it catches up: nobody sees it."""
JUMP = 2.0
"""Seconds beyond which catching up would take too long."""
CLOSE = 0.02
"""Seconds that are not worth a correction."""


@dataclass(frozen=True, slots=True)
class Transport:
    """A song's position. All times are seconds; ``now`` is any monotonic clock's, always the same one's.

    While playing, ``anchor`` is the moment at which position 0 was or would have been, were there no correction;
    while paused, ``paused_at`` is the position. From ``since`` on the position moves by ``owed``, at most by SLEW
    a second.
    """

    anchor: float = 0.0
    paused_at: float | None = 0.0
    owed: float = 0.0
    since: float = 0.0

    def position(self, now: float) -> float:
        """Seconds into the song; never negative, though a song may start a little in the future."""
        return max(0.0, now - self.origin(now)) if self.paused_at is None else self.paused_at

    def origin(self, now: float) -> float:
        """While playing: the moment at which position 0 would have been, as it looks at ``now``."""
        most = SLEW * max(0.0, now - self.since)
        return self.anchor - max(-most, min(most, self.owed))

    def play(self, now: float, lead: float = 0.0) -> "Transport":
        """Goes on from the present position, ``lead`` seconds after ``now``."""
        return Transport(now + lead - self.position(now), None)

    def pause(self, now: float) -> "Transport":
        """Stays where it is."""
        return Transport(0.0, self.position(now))

    def seek(self, position: float) -> "Transport":
        """Paused at ``position``."""
        return Transport(0.0, max(0.0, position))

    def follow(self, position: float, now: float) -> "Transport":
        """Goes to ``position``, where another clock says the sound is; smoothly unless it is far. While playing."""
        error = position - self.position(now)
        if abs(error) > JUMP:
            return Transport(now - position, None)
        if abs(error) < CLOSE:
            error = 0.0
        return Transport(self.origin(now), None, error, now)
