"""FSEQ v2, the sequence files of the Falcon Player, xLights and ESPixelStick. Uncompressed, which all of them read.

Layout (little-endian), after the description that comes with the Falcon Player, ``docs/FSEQ_Sequence_File_Format.txt``:
a header of 32 bytes, one sparse range (first channel and count, three bytes each), headers of variable length (media
file, producer), zeros up to a multiple of four, and then the frames, one byte for each channel of the range.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from yulelight.core import storage
from yulelight.core.errors import UsageError
from yulelight.safety.colour import lamp_colour
from yulelight.safety.physics import GAMMA, emitted
from yulelight.show.palettes import FADE, assigned
from yulelight.show.show import Show

_HEADER = 32
_CHUNK = 1 << 20
"""Bytes of frames that are written at once."""
MAX_CHANNEL = 1 << 23
"""The highest channel of the Falcon Player."""
MAX_BYTES = 1 << 30
"""Maximum bytes of a sequence: an hour of 7,000 channels at 40 frames a second."""
STEPS = (25, 50)
"""Frame intervals in milliseconds that every player supports."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The destination of a show in the other program: ``count`` of its channels from ``first`` (1 is the lowest) on.

    They are divided evenly among the show's channels, in order. ``switched``: on and off only, for relays.
    ``gamma``: exponent applied to levels; 1 if the controller corrects gamma itself. ``colours``: a palette (see
    ``show.palettes``); then they are pixels of red, green and blue, which are divided instead.
    """

    first: int = 1
    count: int = 8
    step: int = 25
    switched: bool = False
    gamma: float = GAMMA
    colours: tuple[str, ...] = ()

    @property
    def slots(self) -> int:
        """Channels of the other program for each of what is divided."""
        return 3 if self.colours else 1

    def check(self, channels: int) -> None:
        """Raises UsageError if a show of ``channels`` channels cannot be mapped like this."""
        last = self.first + self.count - 1
        if not 1 <= self.first <= last <= MAX_CHANNEL:
            raise UsageError(f"channels {self.first}-{last}: they are numbered from 1 to {MAX_CHANNEL}")
        if self.count % self.slots:
            raise UsageError(
                f"channels {self.first}-{last} are {self.count}; pixels of a palette have three each, red, green, blue"
            )
        if self.count < channels * self.slots:
            raise UsageError(
                f"channels {self.first}-{last} are {self.count}; a show has {channels}, "
                f"so name {channels * self.slots} or more"
            )
        if self.step not in STEPS:
            raise UsageError(f"a step is {' or '.join(map(str, STEPS))} milliseconds, not {self.step}")


def save(path: Path, show: Show, wiring: Wiring, *, media: str, producer: str, identifier: int) -> int:
    """Writes ``show`` as a sequence; the number of its frames.

    ``media``: the song's file name as the player knows it, ``identifier``: 64 bits that tell this file from others.
    The file is written atomically. Raises UsageError, also if it would be too large.
    """
    wiring.check(show.levels.shape[1])
    frames = _frames(show, wiring.step)
    if len(frames) * wiring.count > MAX_BYTES:
        raise UsageError(
            f"{path.name} would have {len(frames)} frames of {wiring.count} channels, which is too large; "
            "name fewer channels, or take a step of 50 ms"
        )
    parts = [header(len(frames), wiring, media=media, producer=producer, identifier=identifier)]
    storage.save(path, b"".join((*parts, *_data(show, frames, wiring))))
    return len(frames)


def header(frames: int, wiring: Wiring, *, media: str, producer: str, identifier: int) -> bytes:
    """Everything before the frames."""
    ranges = (wiring.first - 1).to_bytes(3, "little") + wiring.count.to_bytes(3, "little")
    variable = _variable(b"mf", media) + _variable(b"sp", producer)
    fixed = _HEADER + len(ranges)
    data = -(-(fixed + len(variable)) // 4) * 4
    fields = (
        (b"PSEQ", None),
        (data, 2),
        (0, 1),  # minor and major version
        (2, 1),
        (fixed, 2),
        (wiring.count, 4),
        (frames, 4),
        (wiring.step, 1),
        (0, 1),  # flags
        (0, 1),  # not compressed, so there are no blocks
        (0, 1),
        (1, 1),  # one sparse range
        (0, 1),
        (identifier & (1 << 64) - 1, 8),
    )
    packed = b"".join(
        value if isinstance(value, bytes) else value.to_bytes(size or 0, "little") for value, size in fields
    )
    return (packed + ranges + variable).ljust(data, b"\0")


def _variable(code: bytes, text: str) -> bytes:
    data = text.encode()[:1000] + b"\0"
    return (4 + len(data)).to_bytes(2, "little") + code + data


def _frames(show: Show, step: int) -> npt.NDArray[np.intp]:
    """For each frame of the sequence, the show's frame at its middle, so that onsets are early as often as late."""
    count = int(show.duration * 1000 / step)
    middles = (np.arange(count) + 0.5) * step / 1000
    return np.minimum(np.round(middles * show.rate).astype(np.intp), len(show.levels) - 1)


def _data(show: Show, frames: npt.NDArray[np.intp], wiring: Wiring) -> Iterator[bytes]:
    channels = show.levels.shape[1]
    light = np.array(emitted(wiring.gamma))
    table = np.round(255 * light).astype(np.uint8)
    edges = np.round(np.linspace(0, wiring.count // wiring.slots, channels + 1)).astype(int)
    source: Sequence[int] = np.repeat(np.arange(channels), np.diff(edges)).tolist()
    at_once = max(1, _CHUNK // wiring.count)
    for begin in range(0, len(frames), at_once):
        part = frames[begin : begin + at_once]
        if wiring.colours:
            lit = show.switched[part].astype(float) if wiring.switched else light[show.levels[part]]
            pixels = np.round(lit[:, :, None] * _colours(show, part, wiring.colours)).astype(np.uint8)
            yield pixels[:, source].tobytes()
            continue
        values = (
            np.where(show.switched[part], 255, 0).astype(np.uint8)
            if wiring.switched
            else table[show.levels[part]]
        )
        yield values[:, source].tobytes()


def _colours(show: Show, frames: npt.NDArray[np.intp], palette: Sequence[str]) -> npt.NDArray[np.float64]:
    """(frames, channels, 3): the colour of each channel, which fades to that of a section from its start on."""
    channels, moments = show.levels.shape[1], frames / show.rate
    starts = np.array(sorted({0.0, *show.sections}))
    lamps = np.array(
        [
            [lamp_colour(code) for code in assigned(palette, number, channels)]
            for number in range(len(starts))
        ],
        float,
    )
    now = np.searchsorted(starts, moments, side="right") - 1
    part = np.clip((moments - starts[now]) / FADE, 0, 1)[:, None, None]
    faded: npt.NDArray[np.float64] = lamps[np.maximum(now - 1, 0)] * (1 - part) + lamps[now] * part
    return faded
