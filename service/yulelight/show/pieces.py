"""Songs of any length in bounded memory: what is heard is gathered, and mapped to light piece by piece.

A song of up to twice ``PIECE`` is one piece. A longer one is cut at quiet moments, each piece is analysed and tuned by
itself, and the lights go on from one to the next as the limits allow.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from yulelight.analysis.bars import bars
from yulelight.analysis.beats import beats
from yulelight.analysis.sections import boundaries
from yulelight.dsp.onsets import peaks, strength
from yulelight.dsp.pan import HELD, pan
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.encoder.meaning import Meaning
from yulelight.encoder.sparse import Sparse
from yulelight.safety.state import LimiterState
from yulelight.show.envelope import smooth
from yulelight.show.look import Look
from yulelight.show.mapping import Music, map_piece
from yulelight.show.pan import in_steps
from yulelight.show.voice import of_song

PIECE = round(600 * FRAME_RATE)
"""Frames; ten minutes."""
AUDIBLE = -60.0
"""dBFS."""
_QUIET = 0.5
"""Seconds whose loudness decides where to cut."""


@dataclass(frozen=True, slots=True)
class Frames:
    """What is known of n frames: codes (n, channels), loudness (n,), power of bands (n, bands), sides (n, 2), and how
    bright the voice is (n, 1), which is (n, 0) where nobody sings or nothing tells.
    """

    codes: Floats
    loudness: Floats
    power: Floats
    sides: Floats
    voice: Floats

    def __len__(self) -> int:
        return len(self.codes)

    def part(self, start: int, end: int | None = None) -> "Frames":
        """A copy of some of them, so that the others can be let go."""
        return Frames(
            self.codes[start:end].copy(),
            self.loudness[start:end].copy(),
            self.power[start:end].copy(),
            self.sides[start:end].copy(),
            self.voice[start:end].copy(),
        )


def joined(parts: list[Frames]) -> Frames:
    """One after the other."""
    return Frames(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.loudness for part in parts]),
        np.concatenate([part.power for part in parts]),
        np.concatenate([part.sides for part in parts]),
        np.concatenate([part.voice for part in parts]),
    )


@dataclass(slots=True)
class Pieces:
    """Takes frames as they come; afterwards, the lists hold the pieces of the show."""

    look: Look
    rest: Floats
    """The codes of silence (channels,)."""
    piece: int = PIECE
    sparse: Sparse | None = None
    meaning: Meaning | None = None
    voice_channel: int = 0
    """These: as of ``mapping.Music``."""
    guessed: bool = False
    """The voice is what a model's head says, from which it is to be decided whether anybody sings."""
    levels: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    switched: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    pan: list[npt.NDArray[np.int8]] = field(default_factory=list)
    loudness: list[Floats] = field(default_factory=list)
    sections: list[float] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)
    downbeats: list[float] = field(default_factory=list)
    _held: list[Frames] = field(default_factory=list)
    _count: int = 0
    _done: int = 0
    _output: LimiterState | None = None

    def push(self, frames: Frames) -> None:
        """The next frames. Maps a piece when there is enough for two."""
        self._held.append(frames)
        self._count += len(frames)
        if self._count >= 2 * self.piece:
            held = joined(self._held)
            at = quiet_moment(held.loudness, self.piece)
            self._held = [held.part(at)]
            self._count -= at
            self._map(held.part(0, at))

    def finish(self) -> None:
        """The song is over: maps what is left."""
        held, self._held = joined(self._held), []
        self._map(held)

    def _map(self, heard: Frames) -> None:
        start = self._done / FRAME_RATE
        flux = strength(heard.power)
        beat = beats(flux, FRAME_RATE)
        bar = bars(beat, flux)
        sections = boundaries(heard.codes, FRAME_RATE, loudness=heard.loudness)
        music = Music(
            heard.codes,
            heard.loudness,
            tuple(peaks(flux)),
            tuple(beat),
            FRAME_RATE,
            self.rest,
            tuple(bar),
            tuple(round(moment * FRAME_RATE) for moment in sections if moment > 0),
            heard.power,
            self.sparse,
            self._voice(heard),
            self.voice_channel,
            self.meaning,
        )
        before = self._output or LimiterState.dark(heard.codes.shape[1])
        levels, switched, self._output = map_piece(music, self.look, before, start)
        self.levels.append(levels)
        self.switched.append(switched)
        self.pan.append(in_steps(pan(smooth(heard.sides, HELD * FRAME_RATE))))
        self.loudness.append(heard.loudness)
        self.sections += [start + moment for moment in sections]
        self.beats += [start + frame / FRAME_RATE for frame in beat]
        self.downbeats += [start + frame / FRAME_RATE for frame in bar]
        self._done += len(heard)

    def _voice(self, heard: Frames) -> Floats | None:
        if not heard.voice.shape[1]:
            return None
        if self.guessed:
            return of_song(heard.voice[:, 0], heard.loudness > AUDIBLE, FRAME_RATE)
        return heard.voice[:, 0]


def quiet_moment(loudness: Floats, around: int) -> int:
    """The frame at which it is quietest, no further than a quarter of ``around`` from it. ``loudness`` (n,) in dBFS."""
    first, last = around - around // 4, around + around // 4
    heard = smooth(loudness[first:last, None], _QUIET * FRAME_RATE)[:, 0]
    return first + int(np.argmin(heard))
