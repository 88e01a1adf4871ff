"""Quality of an encoder on songs: figures for its levels alone, before a look is applied, and for its voice head.

Definitions, all for one song: how much of the spectrum can be reconstructed from the levels (``encoder/decoder.py``);
onsets and beats compared with the moments at which the levels rise; rank correlation of the distances of seconds in
sound and in levels; how independent the channels are; and how well they detect singing.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

import librosa
import mir_eval
import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import pdist

from yulelight.dsp.samples import Floats
from yulelight.dsp.spectrum import FRAME_RATE
from yulelight.encoder.decoder import Decoder, scaled_mel, sounding
from yulelight.encoder.model import Encoded
from yulelight.lab.evaluation import switching
from yulelight.lab.evaluation.arrays import Array, standard
from yulelight.lab.evaluation.meaning import structure
from yulelight.lab.evaluation.reference import HOP, RATE, Reference
from yulelight.lab.evaluation.vocals import Phrases, joined

ONSET_WINDOW = 0.07
BEAT_WIDTH = 0.05
"""Seconds; standard deviation of the Gaussian tolerance between a peak and its beat."""
SHIFTS = 40
"""Number of circular shifts of the peaks whose mean score is the chance level."""
PEAK = 0.1
"""A peak stands out from its surroundings by this share of the song's largest."""
BLOCK, FOLDS = 10.0, 5


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one model, for a song or as the mean of several; NaN where undefined."""

    explained_variance: float
    onset_f: float
    beat_gain: float
    structure: float
    correlation: float
    rank: float
    vocal_auc: float
    head_auc: float = float("nan")
    """How well the voice head tells frames of sung phrases from the others."""
    head_correlation: float = float("nan")

    def as_json(self) -> dict[str, float | None]:
        """Rounded to four places, null for none."""
        return {name: None if np.isnan(value) else round(value, 4) for name, value in asdict(self).items()}


def judge(
    encoded: Encoded,
    magnitudes: Floats,
    reference: Reference,
    phrases: Phrases | None,
    decoder: Decoder | None,
) -> Figures:
    """The figures of what was ``encoded`` of a song of ``magnitudes`` (n, 513)."""
    levels = encoded.levels
    head = head_figures(encoded.voice, phrases or ())
    part = sounding(magnitudes)
    times = peak_times(levels)
    return Figures(
        explained_variance=(
            decoder.explained(levels[part], scaled_mel(magnitudes[part])) if decoder else float("nan")
        ),
        onset_f=_onset_f(reference.onsets, times),
        beat_gain=beat_gain(reference.beats, times, len(levels) / FRAME_RATE),
        structure=alike(levels, reference.character),
        correlation=switching.correlation(levels),
        rank=switching.used_channels(levels),
        vocal_auc=float("nan") if phrases is None else vocal_auc(levels, phrases),
        head_auc=head[0],
        head_correlation=head[1],
    )


def mean(all_figures: Sequence[Figures]) -> Figures:
    """The mean of each figure over the songs that have it."""
    means = {}
    for field in fields(Figures):
        values = np.array([getattr(one, field.name) for one in all_figures], np.float64)
        values = values[~np.isnan(values)]
        means[field.name] = float(values.mean()) if len(values) else float("nan")
    return Figures(**means)


def peak_times(levels: Floats) -> Array:
    """Times in seconds at which the levels (n, 8) rise most: peaks of the sum of all increases."""
    rising = np.maximum(np.diff(levels, axis=0, prepend=levels[:1]), 0).sum(1)
    if not rising.any():
        return np.empty(0)
    around, wait = int(0.1 * FRAME_RATE), int(0.03 * FRAME_RATE)
    peaks = librosa.util.peak_pick(
        rising / rising.max(),
        pre_max=wait,
        post_max=1,
        pre_avg=around,
        post_avg=around + 1,
        delta=PEAK,
        wait=wait,
    )
    return np.asarray(peaks / FRAME_RATE, np.float64)


def _onset_f(onsets: Array, times: Array) -> float:
    return float(mir_eval.onset.f_measure(onsets, times, window=ONSET_WINDOW)[0]) if len(times) else 0.0


def beat_gain(beats: Array, times: Array, seconds: float) -> float:
    """How much nearer the beats are to the peaks than to circularly shifted peaks."""
    if not len(beats) or not len(times) or seconds <= 2:
        return 0.0

    def near(peaks: Array) -> float:
        distance = np.abs(beats[:, None] - peaks).min(axis=1)
        return float(np.exp(-np.square(distance / BEAT_WIDTH) / 2).mean())

    shifts = np.random.default_rng(0).uniform(1, seconds - 1, SHIFTS)
    return near(times) - float(np.mean([near((times + shift) % seconds) for shift in shifts]))


def alike(levels: Floats, character: Array) -> float:
    """Rank correlation of the distances of any two seconds in levels and in timbre and harmony."""
    seconds = min(int(len(levels) / FRAME_RATE), int(len(character) * HOP / RATE))
    if seconds < 3:
        return float("nan")
    return structure(
        pdist(standard(_seconds(character, RATE / HOP, seconds))),
        pdist(standard(_seconds(levels, FRAME_RATE, seconds))),
    )


def _seconds(values: np.ndarray, rate: float, seconds: int) -> Array:
    return np.array([values[int(s * rate) : int((s + 1) * rate)].mean(0) for s in range(seconds)], np.float64)


def vocal_auc(levels: Floats, phrases: Phrases) -> float:
    """AUC of detecting singing by logistic regression on the levels of a frame, cross-validated over ten-second blocks.

    NaN if there is no singing, or only singing.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score

    sung = _sung(len(levels), phrases)
    seen = standard(levels)
    fold = (np.arange(len(levels)) / FRAME_RATE // BLOCK).astype(int) % FOLDS
    guess = np.zeros(len(levels))
    for k in range(FOLDS):
        test = fold == k
        if not test.any() or len(set(sung[~test])) < 2:
            return float("nan")
        # Neighbouring frames are nearly equal; every third is enough.
        learnt = LogisticRegression().fit(seen[~test][::3], sung[~test][::3])
        guess[test] = learnt.decision_function(seen[test])
    return float(roc_auc_score(sung, guess))


def head_figures(voice: Floats, phrases: Phrases) -> tuple[float, float]:
    """AUC and correlation of a voice head's answer (n, 1) with sung phrases, which short gaps do not interrupt.

    NaN without a head (n, 0), without singing, or with nothing else.
    """
    from sklearn.metrics import roc_auc_score

    sung = _sung(len(voice), joined(phrases))
    if not voice.shape[1] or len(set(sung.tolist())) < 2:
        return float("nan"), float("nan")
    told = voice[:, 0]
    moves = told.std() > 0
    return float(roc_auc_score(sung, told)), float(np.corrcoef(told, sung)[0, 1]) if moves else 0.0


def _sung(frames: int, phrases: Phrases) -> npt.NDArray[np.int_]:
    """(frames,): 1 while somebody sings."""
    sung = np.zeros(frames, np.int_)
    for start, end in phrases:
        sung[int(start * FRAME_RATE) : int(end * FRAME_RATE) + 1] = 1
    return sung
