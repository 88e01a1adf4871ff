"""The position of a song: arithmetic for playing, pausing, seeking and following an external clock."""

from dataclasses import dataclass

SLEW = 0.02
"""Maximum relative speed difference while catching up, which is not visible."""
JUMP = 2.0
"""Seconds of difference beyond which the position jumps."""
CLOSE = 0.02
"""Seconds of difference below which nothing is corrected."""


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
        """The position in seconds; never negative, although a song may start slightly in the future."""
        return max(0.0, now - self.origin(now)) if self.paused_at is None else self.paused_at

    def origin(self, now: float) -> float:
        """While playing: the time of position 0, extrapolated from ``now``."""
        most = SLEW * max(0.0, now - self.since)
        return self.anchor - max(-most, min(most, self.owed))

    def play(self, now: float, lead: float = 0.0) -> "Transport":
        """Plays from the present position, starting ``lead`` seconds after ``now``."""
        return Transport(now + lead - self.position(now), None)

    def pause(self, now: float) -> "Transport":
        """Pauses at the present position."""
        return Transport(0.0, self.position(now))

    def seek(self, position: float) -> "Transport":
        """Paused at ``position``."""
        return Transport(0.0, max(0.0, position))

    def follow(self, position: float, now: float) -> "Transport":
        """While playing: moves to ``position``, smoothly unless the difference is large."""
        error = position - self.position(now)
        if abs(error) > JUMP:
            return Transport(now - position, None)
        if abs(error) < CLOSE:
            error = 0.0
        return Transport(self.origin(now), None, error, now)
