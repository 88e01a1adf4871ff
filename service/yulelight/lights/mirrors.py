"""Lights elsewhere that follow channels, such as Home Assistant's, as far as their owner reports them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

EXPIRES = 90.0
"""Seconds after its last report for which an owner's lights are listed."""
MAX_OWNERS = 8


@dataclass(frozen=True, slots=True)
class Mirror:
    """Lights that follow a channel."""

    name: str
    channel: int
    dims: tuple[bool, ...]
    """For each of them, whether it dims; otherwise it is switched."""
    problem: str = ""


class Mirrors:
    """What was reported last. Times are seconds of any monotonic clock."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[float, tuple[Mirror, ...]]] = {}

    def tell(self, owner: str, mirrors: Sequence[Mirror], now: float) -> None:
        """All mirrors of an owner, which replace its earlier ones. Beyond ``MAX_OWNERS``, the oldest is dropped."""
        self._told.pop(owner, None)
        self._told[owner] = now, tuple(mirrors)
        while len(self._told) > MAX_OWNERS:
            del self._told[next(iter(self._told))]

    def all(self, now: float) -> list[Mirror]:
        """The mirrors of owners that reported lately."""
        return [mirror for at, mirrors in self._told.values() if now - at <= EXPIRES for mirror in mirrors]
