"""Rate limits for packets from clients, so that a flood does not delay the frames of the show."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class TokenBucket:
    """A token bucket: ``rate`` packets per second sustained, ``burst`` at once."""

    rate: float
    burst: float
    _level: float = field(init=False)
    _last: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._level = self.burst

    def wait(self, now: float, count: float = 1.0) -> float:
        """Takes ``count`` tokens; returns the seconds to wait before the packets are processed."""
        passed = 0.0 if self._last is None else now - self._last
        self._last = now
        self._level = min(self.burst, self._level + passed * self.rate) - count
        return max(0.0, -self._level / self.rate)


@dataclass(frozen=True, slots=True)
class ClientRate:
    """The rate limit of one client, and the shared limit of all."""

    own: TokenBucket
    shared: TokenBucket

    async def take(self, count: float = 1.0) -> None:
        """Waits until ``count`` more packets may be processed."""
        now = asyncio.get_running_loop().time()
        # One after the other, so that packets of a client that is still waiting do not count for the others yet.
        if seconds := self.own.wait(now, count):
            await asyncio.sleep(seconds)
            now = asyncio.get_running_loop().time()
        if seconds := self.shared.wait(now, count):
            await asyncio.sleep(seconds)
