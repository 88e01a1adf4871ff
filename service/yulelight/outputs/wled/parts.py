"""The default assignment of a WLED device's LEDs to channels. Pure."""

from collections.abc import Sequence

from yulelight.core.messages import CHANNELS
from yulelight.outputs.pixels import Effect, Range, evenly
from yulelight.outputs.wled.answers import Device, Segment
from yulelight.safety.colour import Colour


def reach(device: Device) -> int:
    """The number of LEDs that a stream sets."""
    live = _live(device)
    return device.info.leds.count if live is None else _clipped(live, device.info.leds.count)[1]


def parted(device: Device, colours: Sequence[Colour], effect: Effect = "dim") -> tuple[Range, ...]:
    """Segment i shows channel i, starting again with the first channel after the last; colours are repeated as needed.

    A strip with a single segment is divided evenly, and so is a panel, whose segments are rectangles. LEDs in several
    segments belong to the first; LEDs that the device does not have are ignored.
    """
    count = reach(device)
    segments = [_clipped(one, count) for one in sorted(device.state.seg, key=lambda one: one.id)]
    segments = [(start, length) for start, length in segments if length]
    whole = device.info.leds.matrix is not None or _live(device) is not None or len(segments) < 2
    if whole:
        return evenly(count, range(1, CHANNELS + 1), colours, effect)
    found: list[Range] = []
    taken: set[int] = set()
    for index, (start, length) in enumerate(segments):
        free = [led for led in range(start, start + length) if led not in taken]
        if free and free[-1] - free[0] == len(free) - 1:
            taken.update(free)
            colour = colours[index % len(colours)]
            found.append(Range(1 + index % CHANNELS, free[0], len(free), colour, effect))
    return tuple(found)


def _live(device: Device) -> Segment | None:
    """The only segment that shows streams ("use main segment only")."""
    return next((one for one in device.state.seg if one.id == device.info.liveseg), None)


def _clipped(segment: Segment, count: int) -> tuple[int, int]:
    """First LED and number of existing LEDs."""
    start, stop = min(segment.start, count), min(segment.stop, count)
    return start, max(0, stop - start)
