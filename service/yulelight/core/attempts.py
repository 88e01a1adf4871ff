"""Limits how often an address may attempt something, with bounded memory."""

from collections import OrderedDict

from yulelight.core.address import network_of

MAX_ADDRESSES = 1024


class TooManyAttempts(Exception):  # noqa: N818
    """Too many attempts from this address. ``retry_after``: seconds until the next one is permitted."""

    def __init__(self, what: str, retry_after: int) -> None:
        super().__init__(f"{what}; try again in {retry_after} s")
        self.retry_after = retry_after


class Attempts:
    """Permits ``limit`` attempts per address in ``window`` seconds; ``what`` is the text of the error.

    IPv6 addresses count by their /64, within which a client can choose addresses freely. At most ``MAX_ADDRESSES``
    are remembered; the oldest are forgotten first.
    """

    def __init__(self, limit: int, window: float, what: str) -> None:
        self._limit, self._window, self._what = limit, window, what
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def __len__(self) -> int:
        """The number of addresses that are remembered."""
        return len(self._counts)

    def check(self, address: str | None, now: float) -> None:
        """Raises TooManyAttempts if the address has used up its attempts."""
        started, count = self._count(address, now)
        if count >= self._limit:
            raise TooManyAttempts(self._what, max(1, round(self._window - (now - started))))

    def add(self, address: str | None, now: float) -> None:
        """Counts one more attempt."""
        started, count = self._count(address, now)
        key = network_of(address)
        self._counts[key] = (started, count + 1)
        self._counts.move_to_end(key)
        while len(self._counts) > MAX_ADDRESSES:
            self._counts.popitem(last=False)

    def forgive(self, address: str | None) -> None:
        """Forgets the attempts of this address."""
        self._counts.pop(network_of(address), None)

    def _count(self, address: str | None, now: float) -> tuple[float, int]:
        started, count = self._counts.get(network_of(address), (now, 0))
        return (now, 0) if now - started >= self._window else (started, count)
