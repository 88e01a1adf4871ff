"""Scores every system on every song; each song is analysed once for all systems."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yulelight.core.errors import AudioError
from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import RATE
from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.meaning import cross, told_apart
from yulelight.lab.evaluation.reference import HOP as REFERENCE_HOP
from yulelight.lab.evaluation.reference import RATE as REFERENCE_SAMPLES
from yulelight.lab.evaluation.reference import Reference, hear
from yulelight.lab.evaluation.scorecard import Score, mean, score
from yulelight.lab.evaluation.systems import Lights, System, samples_of
from yulelight.lab.evaluation.vocals import read_vocals

REFERENCE_RATE = REFERENCE_SAMPLES / REFERENCE_HOP
SHORTEST = 1.0
"""Seconds of a song that can be scored."""


@dataclass(frozen=True)
class Result:
    """Scores by system, then by the song's file name."""

    scores: dict[str, dict[str, Score]]
    unread: dict[str, str]
    """Songs that could not be read, with the reason."""

    def means(self) -> dict[str, Score]:
        """Each system's mean over its songs."""
        return {system: mean(list(songs.values())) for system, songs in self.scores.items()}


@dataclass(frozen=True, eq=False)
class Shown:
    """One song with the shows of all systems, for pictures."""

    song: Path
    samples: Floats
    reference: Reference
    lights: dict[str, Lights]


def evaluate(
    songs: Sequence[Path],
    systems: Mapping[str, System],
    *,
    progress: Callable[[Path, str], None] = lambda song, doing: None,
    shown: Callable[[Shown], None] = lambda shown: None,
) -> Result:
    """Scores ``systems`` on ``songs``. Songs that cannot be read are left out; raises AudioError if none can.

    ``progress`` is called with the current step, ``shown`` with each song once all systems have rendered it.
    """
    result = Result({name: {} for name in systems}, {})
    told: dict[str, dict[str, Told]] = {name: {} for name in systems}
    for song in songs:
        try:
            progress(song, "listening")
            samples = samples_of(song)
            if len(samples) < SHORTEST * RATE:
                raise AudioError(f"{song.name} lasts less than a second: there is nothing to score.")
            with warnings.catch_warnings(action="ignore"):  # of what silence divides by
                reference, phrases = hear(song), read_vocals(song)
        except AudioError as error:
            result.unread[str(song)] = str(error)
            continue
        lights: dict[str, Lights] = {}
        for name, system in systems.items():
            progress(song, name)
            lights[name] = made = system(song, samples)
            known = result.scores[name]
            with warnings.catch_warnings(action="ignore"):
                key = song.name if song.name not in known else str(song)
                known[key] = score(
                    reference, made.levels, made.switched, made.rate, phrases, sections=made.sections
                )
                told[name][key] = tuple(
                    told_apart(reference.mel, REFERENCE_RATE, lights, made.rate)
                    for lights in (made.levels, made.on)
                )
        shown(Shown(song, samples, reference, lights))
    for name, songs_told in told.items():
        _cross(result.scores[name], songs_told)
    if len(result.unread) == len(songs):
        raise AudioError(next(iter(result.unread.values()), "no song to evaluate; name at least one"))
    return result


Told = tuple[tuple[Array, Array], ...]
"""``told_apart`` of levels and of on/off states."""


def _cross(scores: dict[str, Score], told: Mapping[str, Told]) -> None:
    """Fills in the figures that need all songs."""
    levels, states = (cross([one[kind] for one in told.values()]) for kind in (0, 1))
    for key, first, second in zip(told, levels, states, strict=True):
        scores[key] = replace(scores[key], cross=first, sw_cross=second)
