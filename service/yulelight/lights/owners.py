"""Which channel is controlled by the show, by a person, or by nobody, and the resulting frame. Pure."""

from dataclasses import dataclass

from yulelight.core.errors import CommandError
from yulelight.core.messages import CHANNELS, ChannelState, ReleaseChannel, SetChannel
from yulelight.lights.messages import DARK, EVERY, Standing
from yulelight.safety.frame import LightFrame

BRIGHT: LightFrame = (bytes([255]) * CHANNELS, (True,) * CHANNELS)
BLINK = 1.0
"""Seconds between two blinks of ``Identify``."""
BLINKS = 3


@dataclass(frozen=True, slots=True)
class _Manual:
    """The manual setting of a channel."""

    on: bool = False
    brightness: int = 255

    @property
    def state(self) -> tuple[int, bool]:
        return (self.brightness, True) if self.on else (0, False)


class Owners:
    """The channels of the show, and manual settings, which last until the end of the show during which they were
    made.
    """

    def __init__(self) -> None:
        self.cast: frozenset[int] = frozenset()
        """Channels of the show, including those taken over by a person; empty without a show."""
        self._idle: dict[int, _Manual] = {}
        self._taken: dict[int, _Manual] = {}
        self._blinking: tuple[frozenset[int], float] = (frozenset(), 0.0)

    def begin(self, channels: frozenset[int]) -> None:
        """The show takes its channels; those taken over manually during the same show stay so after a seek."""
        if not self.cast:
            self._taken = {}
        self.cast = channels

    def end(self) -> None:
        """The show releases its channels."""
        self.cast, self._taken = frozenset(), {}

    def control(self, message: SetChannel | ReleaseChannel) -> None:
        """Sets or releases a channel manually. Raises CommandError for an unknown channel."""
        channel = message.channel
        _check(channel)
        manual = self._taken if channel in self.cast else self._idle
        if isinstance(message, SetChannel):
            before = manual.get(channel) or self._idle.get(channel) or _Manual()
            brightness = before.brightness if message.brightness is None else message.brightness
            manual[channel] = _Manual(message.on and brightness > 0, max(1, min(255, brightness)))
        else:
            manual.pop(channel, None)

    def identify(self, channel: int | None, now: float) -> None:
        """Starts blinking a channel, or all. Raises CommandError for an unknown channel."""
        if channel is not None:
            _check(channel)
        self._blinking = (EVERY if channel is None else frozenset({channel}), now)

    def blinks(self, now: float) -> bool:
        """Whether a channel blinks at ``now``."""
        return now < self._blinking[1] + BLINKS * BLINK and bool(self._blinking[0])

    def state(self, channel: int, idle: LightFrame) -> ChannelState:
        """The state of ``channel``; ``idle`` applies if nobody controls it."""
        if channel in self.cast and channel not in self._taken:
            return ChannelState(channel, True, 255, "show")
        manual = (self._taken if channel in self.cast else self._idle).get(channel)
        if manual is None:
            level, on = (part[channel - 1] for part in idle)
            return ChannelState(channel, bool(on), level or 255)
        return ChannelState(channel, manual.on, manual.brightness)

    def merged(self, shown: LightFrame, cast: frozenset[int], standing: Standing, at: float) -> LightFrame:
        """The frame at ``at`` if the show has the channels ``cast`` and requests ``shown``, without blackout."""
        if standing.all_on:
            return BRIGHT
        shown, idle = shown if cast else DARK, standing.idle
        merged = []
        for n in range(1, CHANNELS + 1):
            manual = (self._taken if n in cast else self._idle).get(n)
            frame = shown if n in cast else idle
            merged.append(manual.state if manual else (frame[0][n - 1], frame[1][n - 1]))
        if standing.brightness < 1:
            dim = standing.brightness
            merged = [(round(level * dim), lit and dim > 0) for level, lit in merged]
        blinking, since = self._blinking
        if since <= at and self.blinks(at):
            lit = (at - since) % BLINK < BLINK / 2
            merged = [((255 * lit, lit) if n in blinking else state) for n, state in enumerate(merged, 1)]
        return bytes(level for level, _ in merged), tuple(lit for _, lit in merged)


def _check(channel: int) -> None:
    """Raises CommandError for an unknown channel."""
    if not 1 <= channel <= CHANNELS:
        raise CommandError(f"there is no channel {channel}; channels are 1 to {CHANNELS}")
