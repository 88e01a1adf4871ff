"""The lights actor: merges idle scene, show, people, all on and blackout, keeps the limits, emits packets.

It answers for what the house shows. Frames of a song leave ahead of their time in small batches; when a
person intervenes, the frames still under way are replaced by a packet that starts now, and the memory of
the limits is taken back to that moment, so that the limits hold for what really shows.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from yulelight.actors import Actor, Broadcast
from yulelight.core.errors import CommandError
from yulelight.core.messages import (
    CHANNELS,
    AllOn,
    Blackout,
    ChannelState,
    GetChannels,
    Identify,
    Packet,
    ReleaseChannel,
    SetChannel,
)
from yulelight.lights.pan import steered
from yulelight.safety.limiter import LightFrame, LimiterState, black_out, limit
from yulelight.safety.limits import Light, Limits
from yulelight.show.pan import STEPS
from yulelight.show.show import Show

TICK = 0.05
HEARTBEAT = 0.5
"""Seconds after which a steady house is told again that it is led."""
DARK: LightFrame = (bytes(CHANNELS), (False,) * CHANNELS)
BRIGHT: LightFrame = (bytes([255]) * CHANNELS, (True,) * CHANNELS)
EVERY = frozenset(range(1, CHANNELS + 1))
SLIDE = 0.05
"""Seconds by which the start of the show that plays may move without a seam; more is a jump."""
BLINK = 1.0
"""Seconds from one blink of ``Identify`` to the next."""
BLINKS = 3


@dataclass(frozen=True, slots=True)
class StartShow:
    """Show ``show`` with its first frame at ``start``; replaces whatever shows. Said again, it changes nothing.

    The same show with a start a little earlier or later goes on without a seam. Channels that take no part stay as
    idle as they were.
    """

    show: Show
    start: float
    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class FollowShow:
    """As StartShow, but what shows now goes on until ``start``."""

    show: Show
    start: float
    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class ForgetNext:
    """Nothing follows the show after all."""


@dataclass(frozen=True, slots=True)
class StartLive:
    """A stream begins: its frames follow as LiveFrame."""

    channels: frozenset[int] = EVERY


@dataclass(frozen=True, slots=True)
class LiveFrame:
    """One frame of the stream, to show at ``at``."""

    frame: LightFrame
    at: float
    pan: float = 0.0
    """Where the sound is, from -1 (left) to 1 (right)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep showing the frame that shows now."""


@dataclass(frozen=True, slots=True)
class EndShow:
    """The show is over: the lights go back to how people left them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds whatever plays. Said again and again, so that lights that were restarted keep to it."""

    blackout: bool = False
    all_on: bool = False
    brightness: float = 1.0
    """0..1, of everything but ``all_on``."""
    idle: LightFrame = DARK
    """What shows where no show and no person has a channel."""


@dataclass(frozen=True, slots=True)
class Describe:
    """What hangs on the channels, as far as it is known now. Said again, it changes nothing."""

    lights: tuple[Light, ...]


LightsMessage = (
    StartShow
    | FollowShow
    | ForgetNext
    | StartLive
    | LiveFrame
    | Hold
    | EndShow
    | Standing
    | Describe
    | SetChannel
    | ReleaseChannel
    | GetChannels
    | Blackout
    | AllOn
    | Identify
    | None
)


NOTICE = 0.1
"""Seconds by which an intervention is announced to several nodes while others are fresh."""
SETTLED = 1.1
"""Seconds after which an intervention is no longer fresh."""


@dataclass(frozen=True, slots=True)
class _Manual:
    on: bool = False
    brightness: int = 255

    @property
    def state(self) -> tuple[int, bool]:
        return (self.brightness, True) if self.on else (0, False)


@dataclass(frozen=True, slots=True)
class _Playing:
    """A show on its way."""

    show: Show
    start: float
    channels: frozenset[int]

    def frame(self, at: float) -> LightFrame:
        k = self._index(at)
        if not 0 <= k < len(self.show.levels):
            return DARK
        return self.show.levels[k].tobytes(), tuple(self.show.switched[k].tolist())

    def pan(self, at: float) -> float:
        """Where the sound is at ``at``, from -1 (left) to 1 (right)."""
        k = self._index(at)
        return self.show.pan[k].item() / STEPS if 0 <= k < len(self.show.pan) else 0.0

    def _index(self, at: float) -> int:
        return round((at - self.start) * self.show.rate)

    def times(self, after: float, until: float) -> list[float]:
        """The moments of its frames after ``after`` and not after ``until``."""
        rate, frames = self.show.rate, len(self.show.levels)
        first = max(0, int((after - self.start) * rate + 1e-6) + 1)
        last = min(frames - 1, int((until - self.start) * rate))
        return [self.start + k / rate for k in range(first, last + 1)]


class Lights(Actor[LightsMessage]):
    """See the module. ``clock`` is the service's monotonic clock in seconds, ``limits`` what the house can take.

    ``places``: where each channel hangs, from -1 (left) to 1 (right); 0 does not lean to any side. ``standing`` holds
    until somebody says another.
    """

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
        standing: Standing | None = None,
        places: Sequence[float] = (0.0,) * CHANNELS,
    ) -> None:
        self._packets, self._channels, self._clock = packets, channels, clock
        self._look_ahead = look_ahead
        self._limits = limits or Limits.even(CHANNELS)
        self._standing = standing or Standing()
        self._places, self._steers = places, any(places)
        self._show: _Playing | None = None
        self._following: _Playing | None = None
        self._still = DARK
        self._cast: frozenset[int] = frozenset()
        """Channels that the show has, but for those in ``_taken``."""
        self._idle: dict[int, _Manual] = {}
        self._taken: dict[int, _Manual] = {}
        self._blinking: tuple[frozenset[int], float] = (frozenset(), 0.0)
        self._sessions = sessions
        self._session = next(sessions) & 0xFFFFFFFF
        self._sequence = count()
        self._history: deque[tuple[float, LimiterState]] = deque(maxlen=1024)
        self._heartbeat = 0.0
        self._intervened = float("-inf")

    async def started(self) -> None:
        self._history.append((self._clock(), LimiterState.dark(CHANNELS)))
        self._say_channels()
        self._tick()
        self.every(TICK, None)

    async def stopped(self) -> None:
        self._standing = Standing(blackout=True)
        self._interrupt(new_session=True)

    async def receive(self, message: LightsMessage) -> object:
        match message:
            case None:
                self._tick()
            case LiveFrame(frame, at, pan):
                self._live(steered(frame, pan, self._places) if self._steers else frame, at)
            case StartShow(show, start, channels):
                self._start(_Playing(show, start, channels or EVERY))
            case FollowShow(show, start, channels):
                self._follow(_Playing(show, start, channels or EVERY))
            case ForgetNext():
                if self._following is not None:
                    self._following = None
                    self._interrupt()
            case StartLive(channels):
                self._show, self._following, self._still = None, None, DARK
                self._begin(channels or EVERY)
            case Hold():
                now = self._clock()
                self._still = self._source(now)
                self._show, self._following = None, None
                self._interrupt(new_session=True)
            case EndShow():
                self._show, self._following, self._still = None, None, DARK
                self._cast, self._taken = frozenset(), {}
                self._interrupt(new_session=True)
                self._say_channels()
            case SetChannel() | ReleaseChannel():
                self._control(message)
            case GetChannels():
                return tuple(self._channel(n) for n in range(1, CHANNELS + 1))
            case Describe(lights):
                self._describe(lights)
            case Standing():
                self._stand(message)
            case Blackout(on):
                self._stand(replace(self._standing, blackout=on))
            case AllOn(on):
                self._stand(replace(self._standing, all_on=on))
            case Identify(channel):
                self._identify(channel)
        return None

    # --- intents ---------------------------------------------------------------------------------------

    def _start(self, playing: _Playing) -> None:
        self._promote(self._clock())
        now = self._show
        alike = now is not None and now.show is playing.show and now.channels == playing.channels
        if now is not None and alike and abs(now.start - playing.start) <= SLIDE:
            self._show = playing
            return
        self._show, self._following = playing, None
        self._begin(playing.channels)

    def _follow(self, playing: _Playing) -> None:
        """Nothing is taken back: the frames to come are not under way yet, or the house is about to change anyway."""
        self._promote(self._clock())
        if self._show is None:
            self._start(playing)
        elif playing not in (self._show, self._following):
            self._following = playing
            self._interrupt()

    def _promote(self, now: float) -> None:
        following = self._following
        if following is not None and now >= following.start:
            self._show, self._following = following, None
            if following.channels != self._cast:
                self._cast = following.channels
                self._say_channels()

    def _begin(self, channels: frozenset[int]) -> None:
        """A show takes its channels, but a person who took one over during this show keeps it over a seek."""
        if not self._cast:
            self._taken = {}
        self._cast = channels
        self._interrupt(new_session=True)
        self._say_channels()

    def _stand(self, standing: Standing) -> None:
        if standing != self._standing:
            idle_changed = standing.idle != self._standing.idle
            self._standing = standing
            self._interrupt()
            if idle_changed:
                self._say_channels()

    def _describe(self, lights: tuple[Light, ...]) -> None:
        if lights != self._limits.lights:
            self._limits = Limits(lights, CHANNELS, self._limits.cap)
            # What is under way was held to another house's limits.
            self._interrupt()

    def _control(self, message: SetChannel | ReleaseChannel) -> None:
        channel = message.channel
        _check(channel)
        manual = self._taken if channel in self._cast else self._idle
        if isinstance(message, SetChannel):
            before = manual.get(channel) or self._idle.get(channel) or _Manual()
            brightness = before.brightness if message.brightness is None else message.brightness
            manual[channel] = _Manual(message.on and brightness > 0, max(1, min(255, brightness)))
        else:
            manual.pop(channel, None)
        self._interrupt()
        self._say_channel(channel)

    def _identify(self, channel: int | None) -> None:
        if channel is not None:
            _check(channel)
        self._blinking = (EVERY if channel is None else frozenset({channel}), self._clock())
        self._interrupt()

    def _say_channels(self) -> None:
        for channel in range(1, CHANNELS + 1):
            self._say_channel(channel)

    def _say_channel(self, channel: int) -> None:
        self._channels.publish(self._channel(channel))

    def _channel(self, channel: int) -> ChannelState:
        if channel in self._cast and channel not in self._taken:
            return ChannelState(channel, True, 255, "show")
        manual = (self._taken if channel in self._cast else self._idle).get(channel)
        if manual is None:
            level, on = (part[channel - 1] for part in self._standing.idle)
            return ChannelState(channel, bool(on), level or 255)
        return ChannelState(channel, manual.on, manual.brightness)

    # --- frames ----------------------------------------------------------------------------------------

    def _playing(self, at: float) -> _Playing | None:
        following = self._following
        return following if following is not None and at >= following.start - 1e-6 else self._show

    def _source(self, at: float) -> LightFrame:
        """What the show itself wants at ``at``, before people and blackout."""
        playing = self._playing(at)
        if playing is None:
            return self._still
        frame = playing.frame(at)
        return steered(frame, playing.pan(at), self._places) if self._steers else frame

    def _wanted(self, at: float) -> LightFrame:
        standing = self._standing
        if standing.all_on:
            return BRIGHT
        playing = self._playing(at)
        cast = playing.channels if playing is not None and self._cast else self._cast
        shown, idle = self._source(at) if cast else DARK, standing.idle
        merged = []
        for n in range(1, CHANNELS + 1):
            manual = (self._taken if n in cast else self._idle).get(n)
            frame = shown if n in cast else idle
            merged.append(manual.state if manual else (frame[0][n - 1], frame[1][n - 1]))
        if standing.brightness < 1:
            dim = standing.brightness
            merged = [(round(level * dim), lit and dim > 0) for level, lit in merged]
        blinking, since = self._blinking
        if since <= at < since + BLINKS * BLINK:
            lit = (at - since) % BLINK < BLINK / 2
            merged = [((255 * lit, lit) if n in blinking else state) for n, state in enumerate(merged, 1)]
        return bytes(level for level, _ in merged), tuple(lit for _, lit in merged)

    def _put(self, wanted: LightFrame, at: float) -> LightFrame:
        last = self._history[-1][1]
        dark = self._standing.blackout
        output = black_out(last, at) if dark else limit(last, *wanted, self._limits, at)
        self._history.append((at, output))
        return output.frame()

    def _interrupt(self, *, new_session: bool = False) -> None:
        """Something changed: take back what is under way and start again from now."""
        now = self._clock()
        at = now + self._notice(now)
        while len(self._history) > 1 and self._history[-1][0] > at:
            self._history.pop()
        if new_session:
            self._session = next(self._sessions) & 0xFFFFFFFF
            self._sequence = count()
        self._send([self._put(self._wanted(at), at)], at, 1.0)
        self._tick()

    def _notice(self, now: float) -> float:
        """Seconds until an intervention takes effect.

        "Now" reaches every node a little late, and each by an amount of its own. Once is no harm; but when
        interventions follow each other, nodes would differ in what they showed when, and so in what they may show:
        then each is announced in time for all of them to act on it at the same moment. Darkness never waits.
        """
        again, self._intervened = now - self._intervened < SETTLED, now
        several = len({light.node for light in self._limits.lights}) > 1
        return NOTICE if again and several and not self._standing.blackout else 0.0

    def _tick(self) -> None:
        now = self._clock()
        self._promote(now)
        self._ahead(now)
        wanted = self._wanted(now)
        shown, due = self._history[-1][1].frame(), now - self._heartbeat >= HEARTBEAT
        unsettled = self._show is None and not self._standing.blackout and shown != wanted
        if unsettled and not self._under_way(now):
            frame = self._put(wanted, now)
            if due or frame != shown:  # what is over the power budget never settles
                self._send([frame], now, 1.0)
        elif due:
            at, output = self._history[-1]
            self._send([output.frame()], max(now, at), 1.0)

    def _under_way(self, now: float) -> bool:
        return self._history[-1][0] > now

    def _ahead(self, now: float) -> None:
        """Sends the song's frames up to the look-ahead, and the next song's where it begins within it."""
        until, following = now + self._look_ahead, self._following
        if self._show is not None:
            last = until if following is None else min(until, following.start - 1e-6)
            self._emit(self._show, now, last)
        if following is not None:
            self._emit(following, now, until)

    def _emit(self, playing: _Playing, now: float, until: float) -> None:
        times = playing.times(max(self._history[-1][0], now), until)
        if times:
            frames = [self._put(self._wanted(t), t) for t in times]
            self._send(frames, times[0], 1 / playing.show.rate)

    def _live(self, frame: LightFrame, at: float) -> None:
        if not self._cast or self._show is not None:
            return
        self._still = frame
        at = max(at, self._history[-1][0])  # an intervention that was announced comes first
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


def _check(channel: int) -> None:
    if not 1 <= channel <= CHANNELS:
        raise CommandError(f"there is no channel {channel}; channels are 1 to {CHANNELS}")
