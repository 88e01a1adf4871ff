"""What is really put out: the last stage keeps minimum times and the flash limit, whatever is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

from yulelight.show.flash import Field, limit_levels, limit_switched

LightFrame = tuple[bytes, tuple[bool, ...]]
"""One frame: a byte of level and an on/off state for each channel."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the lights can take. Times in seconds; ``weights`` are shares of the light and sum to 1."""

    weights: tuple[float, ...]
    min_on: float = 0.1
    min_off: float = 0.1

    @classmethod
    def even(cls, channels: int, minimum: tuple[float, float] = (0.1, 0.1)) -> "Limits":
        """Channels that all shed the same light."""
        return cls((1.0 / channels,) * channels, *minimum)


@dataclass(frozen=True, slots=True)
class Output:
    """The frame last put out, and all of the past that the limits depend on."""

    levels: tuple[float, ...]
    """0..1, one a channel."""
    on: tuple[bool, ...]
    since: tuple[float, ...]
    """Seconds at which each channel last switched."""
    dimmed: Field
    """Field of the levels: what a house of dimmers shows."""
    switched: Field
    """Field of the on/off states: what a house of relays shows."""

    @classmethod
    def dark(cls, channels: int) -> "Output":
        """All off, since ever."""
        never = (float("-inf"),) * channels
        return cls((0.0,) * channels, (False,) * channels, never, Field(), Field())

    def frame(self) -> LightFrame:
        """The frame as it goes out."""
        return bytes([int(255 * x + 0.5) for x in self.levels]), self.on


def put_out(last: Output, levels: Sequence[float], on: Sequence[bool], limits: Limits, now: float) -> Output:
    """What may show at ``now`` seconds when ``levels`` (0..1) and states ``on`` are wanted.

    Every limit holds changes back and none hastens one, so each keeps what the one before it ensured.
    """
    dimmed, shown = limit_levels(last.dimmed, levels, limits.weights, now)
    if tuple(on) == last.on:
        switched = last.switched.emit(last.switched.level, now)
        return Output(tuple(shown), last.on, last.since, dimmed, switched)
    settled = [
        lit if now - since < (limits.min_on if lit else limits.min_off) else want
        for lit, since, want in zip(last.on, last.since, on, strict=True)
    ]
    switched, lit_now = limit_switched(
        last.switched, last.on, settled, levels=levels, weights=limits.weights, now=now
    )
    since = tuple(s if a == b else now for s, a, b in zip(last.since, last.on, lit_now, strict=True))
    return Output(tuple(shown), lit_now, since, dimmed, switched)


def black_out(last: Output, now: float) -> Output:
    """Dark at once: the one change that no limit may delay. Coming back is limited as ever."""
    channels = len(last.levels)
    since = tuple(now if lit else s for lit, s in zip(last.on, last.since, strict=True))
    return Output(
        (0.0,) * channels,
        (False,) * channels,
        since,
        last.dimmed.emit(0.0, now),
        last.switched.emit(0.0, now),
    )
