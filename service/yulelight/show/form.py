"""Sections of live sound with look-ahead. Sections that have been reported are final."""

import numpy as np

from yulelight.analysis.sections import WINDOW, boundaries
from yulelight.show.heard import Heard
from yulelight.show.rhythm import joined

AGAIN = 0.5
"""Seconds between two analyses."""
GUESSED = 8.0
"""Seconds for which the music is taken to go on as it is known ahead."""


class Form:
    """Frames at which sections begin, except the first."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self.sections: list[int] = []
        self._looked = 0

    def look(self, heard: Heard, since: int) -> None:
        """Looks again at what begins from frame ``since`` on."""
        if heard.count - self._looked < AGAIN * self._rate:
            return
        self._looked = heard.count
        ahead, guessed = max(1, heard.count - since), round(GUESSED * self._rate)
        codes = np.resize(heard.codes[-ahead:], (guessed, heard.codes.shape[1]))
        loudness = np.resize(heard.loudness[-ahead:], guessed)
        starts = boundaries(
            np.concatenate([heard.codes, codes]),
            self._rate,
            loudness=np.concatenate([heard.loudness, loudness]),
        )
        found = [heard.first + round(start * self._rate) for start in starts if start > 0]
        found = [frame for frame in found if frame < heard.count]
        self.sections = joined(self.sections, found, since, heard.first, WINDOW * self._rate)
