"""The lights actor: merges show, manual control and blackout, keeps the limits, emits packets.

It answers for what the house shows. Frames of a song leave ahead of their time in small batches; when a
person intervenes, the frames still under way are replaced by a packet that starts now, and the memory of
the limits is taken back to that moment, so that the limits hold for what really shows.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from yulelight.actors import Actor, Broadcast
from yulelight.errors import CommandError
from yulelight.messages import (
    CHANNELS,
    Blackout,
    ChannelState,
    GetChannels,
    Packet,
    ReleaseChannel,
    SetChannel,
)
from yulelight.show.output import LightFrame, Limits, Output, black_out, put_out
from yulelight.show.show import Show

TICK = 0.05
HEARTBEAT = 0.5
"""Seconds after which a steady house is told again that it is led."""
DARK: LightFrame = (bytes(CHANNELS), (False,) * CHANNELS)


@dataclass(frozen=True, slots=True)
class StartShow:
    """Show ``show`` with its first frame at ``start``; replaces whatever shows. Said again, it changes nothing."""

    show: Show
    start: float


@dataclass(frozen=True, slots=True)
class StartLive:
    """A stream begins: its frames follow as LiveFrame."""


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame of the stream, to show at ``at``."""

    frame: LightFrame
    at: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep showing the frame that shows now."""


@dataclass(frozen=True, slots=True)
class EndShow:
    """The show is over: the lights go back to how people left them."""


LightsMessage = (
    StartShow
    | StartLive
    | LiveFrame
    | Hold
    | EndShow
    | SetChannel
    | ReleaseChannel
    | GetChannels
    | Blackout
    | None
)


@dataclass(frozen=True, slots=True)
class _Manual:
    on: bool = False
    brightness: int = 255

    @property
    def state(self) -> tuple[int, bool]:
        return (self.brightness, True) if self.on else (0, False)


class Lights(Actor[LightsMessage]):
    """See the module. ``clock`` is the service's monotonic clock in seconds, ``limits`` what the house can take."""

    capacity = 256

    def __init__(
        self,
        packets: Broadcast[Packet],
        channels: Broadcast[ChannelState],
        clock: Callable[[], float],
        *,
        look_ahead: float = 0.6,
        limits: Limits | None = None,
        sessions: Iterator[int],
    ) -> None:
        self._packets, self._channels, self._clock = packets, channels, clock
        self._look_ahead = look_ahead
        self._limits = limits or Limits.even(CHANNELS)
        self._show: Show | None = None
        self._start = 0.0
        self._still = DARK
        self._in_show = False
        self._idle = {n: _Manual() for n in range(1, CHANNELS + 1)}
        self._taken: dict[int, _Manual] = {}
        self._blackout = False
        self._sessions = sessions
        self._session = next(sessions) & 0xFFFFFFFF
        self._sequence = count()
        self._next = 0
        self._history: deque[tuple[float, Output]] = deque(maxlen=1024)
        self._heartbeat = 0.0

    async def started(self) -> None:
        self._history.append((self._clock(), Output.dark(CHANNELS)))
        self._say_channels()
        self._tick()
        self.every(TICK, None)

    async def stopped(self) -> None:
        self._blackout = True
        self._interrupt(new_session=True)

    async def receive(self, message: LightsMessage) -> object:
        match message:
            case None:
                self._tick()
            case LiveFrame(frame, at):
                self._live(frame, at)
            case StartShow(show, start):
                if (show, start) != (self._show, self._start):
                    self._show, self._start = show, start
                    self._begin()
            case StartLive():
                self._show, self._still = None, DARK
                self._begin()
            case Hold():
                self._still = self._source(self._clock())
                self._show = None
                self._interrupt(new_session=True)
            case EndShow():
                self._show, self._in_show, self._taken = None, False, {}
                self._still = DARK
                self._interrupt(new_session=True)
                self._say_channels()
            case SetChannel() | ReleaseChannel():
                self._control(message)
            case GetChannels():
                return tuple(self._channel(n) for n in range(1, CHANNELS + 1))
            case Blackout(on):
                self._blackout = on
                self._interrupt()
        return None

    # --- intents ---------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """A show takes all channels, but a person who took one over during this show keeps it over a seek."""
        if not self._in_show:
            self._in_show, self._taken = True, {}
        self._interrupt(new_session=True)
        self._say_channels()

    def _control(self, message: SetChannel | ReleaseChannel) -> None:
        channel = message.channel
        if not 1 <= channel <= CHANNELS:
            raise CommandError(f"there is no channel {channel}; channels are 1 to {CHANNELS}")
        manual = self._taken if self._in_show else self._idle
        if isinstance(message, SetChannel):
            before = manual.get(channel, self._idle[channel])
            brightness = before.brightness if message.brightness is None else message.brightness
            manual[channel] = _Manual(message.on and brightness > 0, max(1, min(255, brightness)))
        elif self._in_show:
            self._taken.pop(channel, None)
        else:
            self._idle[channel] = _Manual()
        self._interrupt()
        self._say_channel(channel)

    def _say_channels(self) -> None:
        for channel in range(1, CHANNELS + 1):
            self._say_channel(channel)

    def _say_channel(self, channel: int) -> None:
        self._channels.publish(self._channel(channel))

    def _channel(self, channel: int) -> ChannelState:
        if self._in_show and channel not in self._taken:
            return ChannelState(channel, True, 255, "show")
        manual = (self._taken if self._in_show else self._idle)[channel]
        return ChannelState(channel, manual.on, manual.brightness)

    # --- frames ----------------------------------------------------------------------------------------

    def _source(self, at: float) -> LightFrame:
        """What the show itself wants at ``at``, before people and blackout."""
        if self._show is None:
            return self._still
        k = round((at - self._start) * self._show.rate)
        if not 0 <= k < len(self._show.levels):
            return DARK
        return self._show.levels[k].tobytes(), tuple(self._show.switched[k].tolist())

    def _wanted(self, at: float) -> LightFrame:
        if self._in_show:
            levels, on = self._source(at)
            manual = self._taken
        else:
            levels, on = DARK
            manual = self._idle
        if not manual:
            return levels, on
        merged = [
            manual[n].state if n in manual else (level, lit)
            for n, (level, lit) in enumerate(zip(levels, on, strict=True), 1)
        ]
        return bytes(level for level, _ in merged), tuple(lit for _, lit in merged)

    def _put(self, wanted: LightFrame, at: float) -> LightFrame:
        last = self._history[-1][1]
        if self._blackout:
            output = black_out(last, at)
        else:
            output = put_out(last, [x / 255 for x in wanted[0]], wanted[1], self._limits, at)
        self._history.append((at, output))
        return output.frame()

    def _interrupt(self, *, new_session: bool = False) -> None:
        """Something changed: take back what is under way and start again from now."""
        now = self._clock()
        while len(self._history) > 1 and self._history[-1][0] > now:
            self._history.pop()
        if new_session:
            self._session = next(self._sessions) & 0xFFFFFFFF
            self._sequence = count()
        self._next = 0
        if self._show is not None:
            self._next = max(0, int((now - self._start) * self._show.rate) + 1)
        self._send([self._put(self._wanted(now), now)], now, 1.0)
        self._tick()

    def _tick(self) -> None:
        now = self._clock()
        if self._show is not None:
            self._ahead(self._show, now)
        wanted = self._wanted(now)
        shown, due = self._history[-1][1].frame(), now - self._heartbeat >= HEARTBEAT
        unsettled = self._show is None and not self._blackout and shown != wanted
        if unsettled and not self._live_under_way(now):
            frame = self._put(wanted, now)
            if due or frame != shown:  # what is over the power budget never settles
                self._send([frame], now, 1.0)
        elif due:
            at, output = self._history[-1]
            self._send([output.frame()], max(now, at), 1.0)

    def _live_under_way(self, now: float) -> bool:
        return self._history[-1][0] > now

    def _ahead(self, show: Show, now: float) -> None:
        """Sends the song's frames up to the look-ahead."""
        until = min(len(show.levels), int((now + self._look_ahead - self._start) * show.rate) + 1)
        if until <= self._next:
            return
        times = [self._start + k / show.rate for k in range(self._next, until)]
        self._send([self._put(self._wanted(t), t) for t in times], times[0], 1 / show.rate)
        self._next = until

    def _live(self, frame: LightFrame, at: float) -> None:
        if not self._in_show or self._show is not None:
            return
        self._still = frame
        self._send([self._put(self._wanted(at), at)], at, 1.0)

    def _send(self, frames: list[LightFrame], at: float, interval: float) -> None:
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
