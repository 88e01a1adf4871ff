"""How fast packets are taken from clients, so that a flood of one leaves the frames of the show their time."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class TokenBucket:
    """A token bucket: ``rate`` packets a second in the long run, ``burst`` at once."""

    rate: float
    burst: float
    _level: float = field(init=False)
    _last: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._level = self.burst

    def wait(self, now: float, count: float = 1.0) -> float:
        """Takes ``count`` packets; seconds to wait before they are handled. Who comes next waits behind them."""
        passed = 0.0 if self._last is None else now - self._last
        self._last = now
        self._level = min(self.burst, self._level + passed * self.rate) - count
        return max(0.0, -self._level / self.rate)


@dataclass(frozen=True, slots=True)
class ClientRate:
    """The pace of one client, within the one of all."""

    own: TokenBucket
    shared: TokenBucket

    async def take(self, count: float = 1.0) -> None:
        """Waits until ``count`` more packets may be handled."""
        now = asyncio.get_running_loop().time()
        # In turns: those of a client that already waits do not count for the others yet.
        if seconds := self.own.wait(now, count):
            await asyncio.sleep(seconds)
            now = asyncio.get_running_loop().time()
        if seconds := self.shared.wait(now, count):
            await asyncio.sleep(seconds)
