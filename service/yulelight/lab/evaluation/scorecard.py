"""The figures of a show for its song, and the mean over songs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from yulelight.lab.evaluation import meaning, switching, timing
from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.drama import drama, moments
from yulelight.lab.evaluation.flashes import flashes, worst_channel
from yulelight.lab.evaluation.reference import HOP, RATE, Reference
from yulelight.lab.evaluation.sections import boundary_match, heard_boundaries
from yulelight.lab.evaluation.vocals import Phrases, joined
from yulelight.lab.evaluation.vocals import vocals as vocal_match

WORST = (
    "field_flashes",
    "switched_flashes",
    "channel_flashes",
    "switched_channel_flashes",
    "light_flashes",
    "channel_light_flashes",
)
"""Of these, the worst value of all songs counts, not the mean."""
GAMMA = 2.2
"""Dimmed lamps emit the level to this power."""


@dataclass(frozen=True, slots=True)
class Score:
    """Every figure of a show. NaN where a figure is undefined. ``sw_`` is of the on/off states."""

    dead: float
    """Channels on for less than 2 % of the song."""
    stuck: float
    """Channels on for more than 98 %."""
    on_min: float
    on_max: float
    """Smallest and largest share of the song for which a channel is on."""
    toggles: float
    """Changes of state a second and channel."""
    short_pulses: float
    """Share of pulses under 100 ms."""
    correlation: float
    """Mean absolute correlation of pairs of channels."""
    used_channels: float
    """Participation ratio of the levels, 1 to 8."""
    field_flashes: float
    """Most flashes in a second of the mean level."""
    switched_flashes: float
    """The same of the share of channels that are on."""
    channel_flashes: float
    """Most flashes in a second of any single channel's level."""
    switched_channel_flashes: float
    """The same of any single channel's on/off state."""
    onset_p: float
    onset_r: float
    onset_f: float
    """Lights going on against onsets, within 70 ms."""
    beat_recall: float
    """Share of beats with a light going on within 70 ms."""
    lag_ms: float
    """By how much the lights lag (+) or lead (-)."""
    light_flashes: float
    """Most flashes in a second of the house's emitted light: dimmers follow a gamma of 2.2."""
    channel_light_flashes: float
    """The same of any single dimmed channel."""
    vocals: float
    """Correlation of sung syllables with their best channel."""
    voice: float
    """Correlation of sung phrases with their best channel: a light may stay on through a word."""
    sw_voice: float
    faith: float
    """Share of the song's mel spectrum that the lights explain."""
    structure: float
    """Rank correlation of how seconds differ in sound and in light."""
    repeat: float
    """AUC with which the similarity of light identifies repeated music."""
    sw_faith: float
    sw_structure: float
    sw_repeat: float
    sections: float
    """Sections of the show; NaN for a system that has none."""
    section_f_half: float
    """F-measure of section boundaries within 0.5 s of the reference."""
    section_f_three: float
    """The same within 3 s."""
    on: float
    dark: float
    contrast: float
    rests: float
    frozen: float
    still: float
    pause: float
    climax: float
    span: float
    dynamics: float
    """These ten: ``drama.Drama``."""
    moments: float
    """Share of the sudden changes of loudness that have a section near."""
    cross: float = float("nan")
    """Variance of the sound explained by a regression trained on the other songs; filled in once all songs are
    scored."""
    sw_cross: float = float("nan")


def score(
    reference: Reference,
    levels: npt.NDArray[Any],
    switched: npt.NDArray[np.bool_] | None,
    rate: float,
    vocals: Phrases | None = None,
    *,
    sections: Sequence[float] | None = None,
) -> Score:
    """The figures of a show: ``levels`` (frames, channels) uint8 or 0..1 at ``rate`` frames a second.

    ``switched`` (frames, channels) are the states of on/off channels; without them a channel is on above half level,
    lightshowpi's own rule. ``vocals`` are start and end of sung notes, ``sections`` the starts of the show's sections,
    both in seconds. Pure; some tenths of a second for a song. Raises ValueError for shapes that do not fit.
    """
    light = np.asarray(levels, np.float64)
    if light.ndim != 2 or not light.size:
        raise ValueError(
            f"levels have the shape {light.shape}, must be (frames, channels), at least one of each"
        )
    if levels.dtype.kind in "ui":
        light = light / 255
    on = light > 0.5 if switched is None else np.asarray(switched, np.bool_)
    if on.shape != light.shape:
        raise ValueError(f"switched has the shape {on.shape}, must be that of levels, {light.shape}")
    share = switching.on_share(on)
    starts = timing.switch_on_times(on, rate)
    precision, recall, f = timing.onset_match(reference.onsets, starts)
    lag = timing.lag(light, rate, reference.envelope_times, reference.envelope)
    faith, structure, repeat = _meaning(reference, light, rate)
    sw_faith, sw_structure, sw_repeat = _meaning(reference, on.astype(np.float64), rate)
    half, three = _sections(reference, sections)
    emitted = light**GAMMA
    seen = drama(reference.rms, RATE / HOP, light, on, rate)
    return Score(
        dead=float(switching.dead(on)),
        stuck=float(switching.stuck(on)),
        on_min=float(share.min()),
        on_max=float(share.max()),
        toggles=switching.toggles(on, rate),
        short_pulses=switching.short_pulses(on, rate),
        correlation=switching.correlation(light),
        used_channels=switching.used_channels(light),
        field_flashes=float(flashes(light.mean(1), rate)),
        switched_flashes=float(flashes(on.mean(1), rate)),
        channel_flashes=float(worst_channel(light, rate)),
        switched_channel_flashes=float(worst_channel(on, rate)),
        onset_p=precision,
        onset_r=recall,
        onset_f=f,
        beat_recall=timing.beat_recall(reference.beats, starts),
        lag_ms=1000 * lag,
        light_flashes=float(flashes(emitted.mean(1), rate)),
        channel_light_flashes=float(worst_channel(emitted, rate)),
        vocals=float("nan") if vocals is None else vocal_match(light, rate, vocals),
        voice=float("nan") if vocals is None else vocal_match(light, rate, joined(vocals)),
        sw_voice=float("nan") if vocals is None else vocal_match(on.astype(np.float64), rate, joined(vocals)),
        faith=faith,
        structure=structure,
        repeat=repeat,
        sw_faith=sw_faith,
        sw_structure=sw_structure,
        sw_repeat=sw_repeat,
        sections=float("nan") if sections is None else float(len(sections)),
        section_f_half=half,
        section_f_three=three,
        moments=float("nan") if sections is None else moments(reference.rms, RATE / HOP, sections),
        **asdict(seen),
    )


def mean(scores: Sequence[Score]) -> Score:
    """The mean over songs of each figure, without the songs that have none; for flashes, the maximum."""
    return Score(**{field.name: _mean(field.name, scores) for field in fields(Score)})


def _mean(name: str, scores: Sequence[Score]) -> float:
    values = np.array([getattr(one, name) for one in scores], np.float64)
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan")
    return float(values.max() if name in WORST else values.mean())


def _meaning(reference: Reference, light: Array, rate: float) -> tuple[float, float, float]:
    """Faith, structure and repeat over what song and show have in common."""
    times = meaning.steps(min(len(light) / rate, reference.seconds))
    if len(times) < 2:
        return float("nan"), float("nan"), float("nan")
    seconds = max(0, int(times[-1]) - 1)
    heard, seen = reference.distances(seconds), meaning.light_distances(light, rate, seconds)
    return (
        meaning.faith(reference.stepped[: len(times)], meaning.stepped(light, rate, times)),
        meaning.structure(heard, seen),
        meaning.repeat(heard, seen),
    )


def _sections(reference: Reference, starts: Sequence[float] | None) -> tuple[float, float]:
    if starts is None:
        return float("nan"), float("nan")
    heard = heard_boundaries(reference.character, RATE / HOP)
    shown = np.array([start for start in starts if start > 0], np.float64)
    return boundary_match(heard, shown, 0.5), boundary_match(heard, shown, 3.0)
