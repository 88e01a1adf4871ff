"""Emits frames: applies the limits, numbers packets, and revokes frames that have not been shown yet."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from yulelight.actors import Broadcast
from yulelight.core.messages import CHANNELS, Packet
from yulelight.safety.frame import LightFrame
from yulelight.safety.limiter import limit
from yulelight.safety.limits import Limits
from yulelight.safety.state import LimiterState, black_out

HEARTBEAT = 0.5
"""Seconds after which a heartbeat is sent if nothing changes."""


class Emitter:
    """Publishes packets, and keeps the history of what was and will be shown. ``clock``: monotonic seconds."""

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
        """Starts with all lights dark."""
        self._history.append((self._clock(), LimiterState.dark(CHANNELS)))

    @property
    def last(self) -> float:
        """The time of the last frame added."""
        return self._history[-1][0]

    @property
    def shows(self) -> LightFrame:
        """The last frame added."""
        return self._history[-1][1].frame()

    @property
    def due(self) -> bool:
        """Whether a heartbeat is due."""
        return self._clock() - self._heartbeat >= HEARTBEAT

    def renew(self) -> None:
        """Starts a new session: nodes discard frames of the old one."""
        self._session = next(self._sessions) & 0xFFFFFFFF
        self._sequence = count()

    def take_back(self, now: float) -> None:
        """Revokes frames after ``now``, also in the history of the limits."""
        while len(self._history) > 1 and self._history[-1][0] > now:
            self._history.pop()

    def put(self, wanted: LightFrame, at: float, *, blackout: bool) -> LightFrame:
        """Adds a frame for ``at`` and returns it within the limits."""
        last = self._history[-1][1]
        output = black_out(last, at) if blackout else limit(last, *wanted, self.limits, at)
        self._history.append((at, output))
        return output.frame()

    def send(self, frames: list[LightFrame], at: float, interval: float, beats: Sequence[float] = ()) -> None:
        """Publishes added frames, the first for ``at``, at intervals of ``interval``, with the ``beats`` among them."""
        self._heartbeat = self._clock()
        self._packets.publish(
            Packet(
                self._session,
                next(self._sequence),
                round(at * 1e6),
                round(interval * 1e6),
                tuple(levels for levels, _ in frames),
                tuple(on for _, on in frames),
                tuple(round(beat * 1e6) for beat in beats),
            )
        )
