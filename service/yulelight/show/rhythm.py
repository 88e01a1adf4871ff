"""Onsets, beats and bars of live sound with look-ahead. Those that have been reported are final."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from yulelight.analysis.bars import BEATS, bars
from yulelight.analysis.beats import beats
from yulelight.dsp.onsets import peaks
from yulelight.show.heard import Heard

AGAIN = 0.5
"""Seconds after which the beat is looked for again."""
LISTENED = 24.0
"""Seconds in which it is looked for."""
EVEN = 0.6
"""Shortest step to the next beat, in beats."""


class Rhythm:
    """Frames at which notes, beats and bars begin. Those before the frame that ``look`` was told stay."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self.onsets: list[int] = []
        self.beats: list[int] = []
        self.bars: list[int] = []
        self._looked = 0

    def look(self, heard: Heard, since: int) -> None:
        """Looks again at what begins from frame ``since`` on."""
        strength = heard.flux / heard.top
        begin = max(0, since - heard.first - round(self._rate))
        found = [heard.first + begin + k for k in peaks(strength[begin:])]
        self.onsets = joined(self.onsets, found, since, heard.first)
        if heard.count - self._looked >= AGAIN * self._rate:
            self._looked = heard.count
            self._beat(heard, since)

    def _beat(self, heard: Heard, since: int) -> None:
        begin = max(0, len(heard.flux) - round(LISTENED * self._rate))
        listened = heard.flux[begin:]
        chain = beats(listened, self._rate)
        if len(chain) < BEATS:
            self.beats, self.bars = (
                joined(self.beats, [], since, heard.first),
                joined(self.bars, [], since, heard.first),
            )
            return
        period = float(np.median(np.diff(chain)))
        # The chain ends at the last strong note; the beat goes on.
        while chain[-1] + period < len(listened) + AGAIN * self._rate:
            chain.append(round(chain[-1] + period))
        first = heard.first + begin
        told = bars([b for b in chain if b < len(listened)], listened)
        while told and told[-1] + BEATS * period < chain[-1] + 1:
            told.append(_nearest(chain, told[-1] + BEATS * period))
        self.beats = joined(self.beats, [first + b for b in chain], since, heard.first, EVEN * period)
        self.bars = joined(self.bars, [first + b for b in told], since, heard.first, EVEN * BEATS * period)


def _nearest(chain: Sequence[int], at: float) -> int:
    return min(chain, key=lambda beat: abs(beat - at))


def joined(told: list[int], found: list[int], since: int, first: int, apart: float = 1.0) -> list[int]:
    """Those ``told`` that lie between ``first`` and ``since``, and those ``found`` from then on."""
    kept = told[bisect_left(told, first) : bisect_left(told, since)]
    last = kept[-1] if kept else -apart
    return kept + [frame for frame in found if frame >= since and frame - last >= apart]
