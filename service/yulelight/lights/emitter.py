"""Frames on their way out: held to the limits, numbered, and taken back when the house changes its mind."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import count

from yulelight.actors import Broadcast
from yulelight.core.messages import CHANNELS, Packet
from yulelight.safety.limiter import LightFrame, LimiterState, black_out, limit
from yulelight.safety.limits import Limits

HEARTBEAT = 0.5
"""Seconds after which a steady house is told again that it is led."""


class Emitter:
    """Publishes packets, and remembers what every light showed and will show. ``clock``: seconds, monotonic."""

    def __init__(
        self,
        packets: Broadcast[Packet],
        clock: Callable[[], float],
        limits: Limits,
        sessions: Iterator[int],
    ) -> None:
        self.limits = limits
        self._packets, self._clock, self._sessions = packets, clock, sessions
        self._history: deque[tuple[float, LimiterState]] = deque(maxlen=1024)
        self._heartbeat = 0.0
        self.renew()

    def open(self) -> None:
        """All is dark now."""
        self._history.append((self._clock(), LimiterState.dark(CHANNELS)))

    @property
    def last(self) -> float:
        """The moment of the last frame that was put."""
        return self._history[-1][0]

    @property
    def shows(self) -> LightFrame:
        """The last frame that was put."""
        return self._history[-1][1].frame()

    @property
    def due(self) -> bool:
        """Whether it is time for a heartbeat."""
        return self._clock() - self._heartbeat >= HEARTBEAT

    def renew(self) -> None:
        """A new session begins: nodes forget what they hold of the old one."""
        self._session = next(self._sessions) & 0xFFFFFFFF
        self._sequence = count()

    def take_back(self, now: float) -> None:
        """Frames after ``now`` will not show: the limits forget them, too."""
        while len(self._history) > 1 and self._history[-1][0] > now:
            self._history.pop()

    def put(self, wanted: LightFrame, at: float, *, blackout: bool) -> LightFrame:
        """What shows at ``at`` within the limits, after the frames that were put before."""
        last = self._history[-1][1]
        output = black_out(last, at) if blackout else limit(last, *wanted, self.limits, at)
        self._history.append((at, output))
        return output.frame()

    def send(self, frames: list[LightFrame], at: float, interval: float) -> None:
        """Publishes frames that were put, the first for ``at``, each ``interval`` after the one before."""
        self._heartbeat = self._clock()
        self._packets.publish(
            Packet(
                self._session,
                next(self._sequence),
                round(at * 1e6),
                round(interval * 1e6),
                tuple(levels for levels, _ in frames),
                tuple(on for _, on in frames),
            )
        )
