"""Where a song is: the arithmetic of playing, pausing and seeking on a clock that others read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transport:
    """A song's position. All times are seconds; ``now`` is any monotonic clock's, always the same one's.

    While playing, ``anchor`` is the moment at which position 0 was or would have been; while paused, ``paused_at``
    is the position.
    """

    anchor: float = 0.0
    paused_at: float | None = 0.0

    def position(self, now: float) -> float:
        """Seconds into the song; never negative, though a song may start a little in the future."""
        return max(0.0, now - self.anchor) if self.paused_at is None else self.paused_at

    def play(self, now: float, lead: float = 0.0) -> "Transport":
        """Goes on from the present position, ``lead`` seconds after ``now``."""
        return Transport(now + lead - self.position(now), None)

    def pause(self, now: float) -> "Transport":
        """Stays where it is."""
        return Transport(0.0, self.position(now))

    def seek(self, position: float) -> "Transport":
        """Paused at ``position``."""
        return Transport(0.0, max(0.0, position))
