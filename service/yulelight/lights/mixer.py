"""The lights actor: merges idle scene, show, people, all on and blackout, keeps the limits, emits packets.

It answers for what the house shows. Frames of a song leave ahead of their time in small batches; when a
person intervenes, the frames still under way are replaced by a packet that starts now, and the memory of
the limits is taken back to that moment, so that the limits hold for what really shows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from yulelight.actors import Actor, Broadcast
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
from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.lights.emitter import Emitter
from yulelight.lights.led import Led
from yulelight.lights.messages import (
    DARK,
    EVERY,
    Describe,
    EndShow,
    FollowShow,
    ForgetNext,
    Hold,
    LedFrames,
    LightsMessage,
    LiveFrame,
    LiveFrames,
    Standing,
    StartLive,
    StartShow,
)
from yulelight.lights.owners import Owners
from yulelight.lights.pan import steered
from yulelight.lights.playing import Playing
from yulelight.safety.frame import LightFrame
from yulelight.safety.limits import Light, Limits

TICK = 0.05
"""Seconds between two looks while light changes by itself: limits hold it back, or a channel blinks."""
BATCH = 0.1
"""Seconds of a song in one packet, and between two looks while nothing changes by itself."""
SLIDE = 0.05
"""Seconds by which the start of the show that plays may move without a seam; more is a jump."""

EVEN = 5e-5
"""Seconds by which frames of one packet may differ from their own moments."""

NOTICE = 0.1
"""Seconds by which an intervention is announced to several nodes while others are fresh."""
SETTLED = 1.1
"""Seconds after which an intervention is no longer fresh."""


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
        self._channels, self._clock = channels, clock
        self._look_ahead = look_ahead
        self._standing = standing or Standing()
        self._places, self._steers = places, any(places)
        self._show: Playing | Led | None = None
        self._following: Playing | None = None
        self._still = DARK
        self._owners = Owners()
        self._intervened = float("-inf")
        self._emitter = Emitter(packets, clock, limits or Limits.even(CHANNELS), sessions)

    async def started(self) -> None:
        self._emitter.open()
        self._say_channels()
        self._tick()
        self.every(self._pace, None)

    async def stopped(self) -> None:
        self._standing = Standing(blackout=True)
        self._interrupt(new_session=True)

    async def receive(self, message: LightsMessage) -> object:
        match message:
            case None:
                self._tick()
            case LiveFrames(frames):
                self._live(frames)
            case LedFrames():
                self._lead(message)
            case StartShow(show, start, channels):
                self._start(Playing(show, start, channels or EVERY))
            case FollowShow(show, start, channels):
                self._follow(Playing(show, start, channels or EVERY))
            case ForgetNext():
                if self._following is not None:
                    self._following = None
                    self._interrupt()
            case StartLive(channels):
                self._show, self._following, self._still = None, None, DARK
                self._begin(channels or EVERY)
            case Hold():
                self._still = self._source(self._clock())
                self._show, self._following = None, None
                self._interrupt(new_session=True)
            case EndShow():
                self._show, self._following, self._still = None, None, DARK
                self._owners.end()
                self._interrupt(new_session=True)
                self._say_channels()
            case SetChannel() | ReleaseChannel():
                self._owners.control(message)
                self._interrupt()
                self._say_channel(message.channel)
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
                self._owners.identify(channel, self._clock())
                self._interrupt()
        return None

    # --- intents ---------------------------------------------------------------------------------------

    def _start(self, playing: Playing) -> None:
        self._promote(self._clock())
        now = self._show
        alike = isinstance(now, Playing) and (now.show is playing.show and now.channels == playing.channels)
        if isinstance(now, Playing) and alike and abs(now.start - playing.start) <= SLIDE:
            self._show = playing
            return
        self._show, self._following = playing, None
        self._begin(playing.channels)

    def _follow(self, playing: Playing) -> None:
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
            if following.channels != self._owners.cast:
                self._owners.cast = following.channels
                self._say_channels()

    def _begin(self, channels: frozenset[int]) -> None:
        self._owners.begin(channels)
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
        limits = self._emitter.limits
        if lights != limits.lights:
            self._emitter.limits = Limits(lights, CHANNELS, limits.cap)
            # What is under way was held to another house's limits.
            self._interrupt()

    def _say_channels(self) -> None:
        for channel in range(1, CHANNELS + 1):
            self._say_channel(channel)

    def _say_channel(self, channel: int) -> None:
        self._channels.publish(self._channel(channel))

    def _channel(self, channel: int) -> ChannelState:
        return self._owners.state(channel, self._standing.idle)

    # --- frames ----------------------------------------------------------------------------------------

    def _playing(self, at: float) -> Playing | Led | None:
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
        playing, cast = self._playing(at), self._owners.cast
        if playing is not None and cast:
            cast = playing.channels
        return self._owners.merged(self._source(at) if cast else DARK, cast, self._standing, at)

    def _put(self, at: float) -> LightFrame:
        return self._emitter.put(self._wanted(at), at, blackout=self._standing.blackout)

    def _interrupt(self, *, new_session: bool = False) -> None:
        """Something changed: take back what is under way and start again from now."""
        now = self._clock()
        at = now + self._notice(now)
        self._emitter.take_back(at)
        if new_session:
            self._emitter.renew()
        self._emitter.send([self._put(at)], at, 1.0)
        self._tick()

    def _notice(self, now: float) -> float:
        """Seconds until an intervention takes effect.

        "Now" reaches every node a little late, and each by an amount of its own. Once is no harm; but when
        interventions follow each other, nodes would differ in what they showed when, and so in what they may show:
        then each is announced in time for all of them to act on it at the same moment. Darkness never waits.
        """
        again, self._intervened = now - self._intervened < SETTLED, now
        several = len({light.node for light in self._emitter.limits.lights}) > 1
        return NOTICE if again and several and not self._standing.blackout else 0.0

    def _pace(self) -> float:
        now = self._clock()
        if self._show is not None or self._standing.blackout:
            return BATCH
        calm = self._emitter.shows == self._wanted(now) and not self._owners.blinks(now)
        return BATCH if calm else TICK

    def _tick(self) -> None:
        now, emitter = self._clock(), self._emitter
        self._promote(now)
        self._ahead(now)
        shown, due = emitter.shows, emitter.due
        still = not isinstance(self._show, Playing)
        unsettled = still and not self._standing.blackout and shown != self._wanted(now)
        if unsettled and emitter.last <= now:
            frame = self._put(now)
            if due or frame != shown:  # what is over the power budget never settles
                emitter.send([frame], now, 1.0)
        elif due:
            emitter.send([shown], max(now, emitter.last), 1.0)

    def _ahead(self, now: float) -> None:
        """Sends the song's frames up to the look-ahead, and the next song's where it begins within it."""
        until, following = now + self._look_ahead, self._following
        if self._show is not None:
            last = until if following is None else min(until, following.start - 1e-6)
            self._emit(self._show, now, last)
        if following is not None:
            self._emit(following, now, until)

    def _emit(self, playing: Playing | Led, now: float, until: float) -> None:
        if isinstance(playing, Led):
            for times, interval in playing.due(self._emitter.last, until):
                self._emitter.send([self._put(at) for at in times], times[0], interval)
            return
        times = playing.times(max(self._emitter.last, now), until)
        if times:
            frames = [self._put(at) for at in times]
            interval = 1 / playing.show.rate
            beats = playing.beats(times[0], times[-1] + interval)
            self._emitter.send(frames, times[0], interval, beats)

    def _lead(self, run: LedFrames) -> None:
        """Another service sends frames; the first begin its show here."""
        now, led = self._clock(), self._show
        if not isinstance(led, Led) or led.channels != run.channels:
            led = Led(run.channels, before=self._standing.idle)
            led.add(run, now)
            self._show, self._following = led, None
            self._begin(run.channels)
            return
        first = led.add(run, now)
        if first <= self._emitter.last:
            self._emitter.take_back(first - 1e-6)
        self._tick()

    def _live(self, frames: Sequence[LiveFrame]) -> None:
        """Sends the stream's frames, those that follow each other evenly in one packet."""
        if not self._owners.cast or self._show is not None:
            return
        packet: list[LightFrame] = []
        begin = 0.0
        for item in frames:
            self._still = steered(item.frame, item.pan, self._places) if self._steers else item.frame
            at = max(item.at, self._emitter.last)  # an intervention that was announced comes first
            if packet and abs(at - begin - len(packet) / FRAME_RATE) > EVEN:
                self._emitter.send(packet, begin, _interval(packet))
                packet = []
            begin = begin if packet else at
            packet.append(self._put(at))
        if packet:
            self._emitter.send(packet, begin, _interval(packet))


def _interval(packet: Sequence[LightFrame]) -> float:
    """Of a live packet, in seconds. When a frame follows that is alone is not known."""
    return 1 / FRAME_RATE if len(packet) > 1 else 1.0
