"""Trains the mapping of a model's codes to levels (``encoder/sparse.py``) that are dark half of the time.

One small network for all songs is trained together with a linear readout of the mel spectrum from the levels of the
last half second, as in ``evaluation/meaning.cross``. The loss is the error of this readout plus penalties for levels
that are too seldom dark, move too little within two seconds, differ too little between loud and quiet music, are
correlated, are not dark in silence, or swing faster, alone or together, than the flash limit permits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from yulelight.core.messages import CHANNELS
from yulelight.dsp.samples import Floats
from yulelight.encoder.sparse import Average, Sparse

RATE = 44100 / 1024
"""Frames a second: every other one of an encoder's."""
UNITS = 32
STEPS = (0, 4, 9, 13, 17, 22)
"""Delays, in frames, of the light in the readout: half a second in tenths."""
EPOCHS = 80
READ, DARK, CONTRAST, SPAN, ALONE, SILENT, FAST, USED, SOFT = 12.0, 2.5, 4.0, 5.0, 1.0, 0.3, 20.0, 0.12, 0.02
"""Weights of the parts of the loss; SOFT penalizes levels that are only on or off."""
DARK_GOAL, CONTRAST_GOAL, SPAN_GOAL, CORRELATION_GOAL = 0.49, 0.45, 0.18, 0.25
SLOW = 0.35
"""Seconds; light that differs from its mean over them by more than SWING may have to be reduced."""
SWING = 0.035, 0.03
"""For a lamp's light, and for the house's, which counts twice."""
LENGTH = 60.0
"""Seconds of a song in each step."""
UNDER = 0.2
"""Levels below this are dark."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A song at RATE: ``codes`` (n, channels), ``mel`` (n, bands) and ``loudness`` (n,) in dB."""

    codes: Floats
    mel: Floats
    loudness: Floats

    @property
    def heard(self) -> npt.NDArray[np.bool_]:
        """(n,): no more than 60 dB quieter than its loudest moment."""
        return np.asarray(self.loudness > self.loudness.max() - 60)


class _Network(nn.Module):  # type: ignore[misc,unused-ignore]
    def __init__(self, bands: int) -> None:
        super().__init__()
        self.into = nn.Linear(CHANNELS, UNITS)
        self.out = nn.Linear(UNITS, CHANNELS)
        self.direct = nn.Linear(CHANNELS, CHANNELS, bias=False)
        self.reading = nn.Linear(CHANNELS * len(STEPS), bands, bias=False)
        with torch.no_grad():
            self.direct.weight.copy_(1.5 * torch.eye(CHANNELS))
            self.out.bias.fill_(-1.5)
            self.out.weight.normal_(0, 0.15)
            self.into.weight.normal_(0, 0.3)
            self.into.bias.fill_(-0.3)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        """Levels before the sigmoid."""
        made: torch.Tensor = self.direct(codes) + self.out(torch.relu(self.into(codes)))
        return made


def fit(
    lessons: Sequence[Lesson],
    rest: Floats,
    *,
    epochs: int = EPOCHS,
    progress: Callable[[int], None] = lambda epoch: None,
) -> Sparse:
    """The network for ``lessons``; ``rest`` (channels,) are the codes of silence.

    ``progress`` is called after each epoch. Deterministic on one machine.
    """
    torch.manual_seed(0)
    order = np.random.default_rng(0)
    blank = _blank(lessons)
    averages = [blank.average(lesson.codes[lesson.heard]) for lesson in lessons]
    songs = [_tensors(lesson, one, rest) for lesson, one in zip(lessons, averages, strict=True)]
    unit = float(np.mean([song[0].std(0).mean() for song in songs]))
    network = _Network(lessons[0].mel.shape[1])
    rates = [6e-3, 2e-2]
    groups = [
        {"params": [p for name, p in network.named_parameters() if not name.startswith("reading")]},
        {"params": network.reading.parameters()},
    ]
    optimiser = torch.optim.Adam(groups, lr=rates[0])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=epochs * len(songs))
    for epoch in range(epochs):
        for k in order.permutation(len(songs)):
            codes, mel, loud, silence = songs[k]
            first = int(order.integers(0, max(1, len(codes) - round(LENGTH * RATE) + 1)))
            some = slice(first, first + round(LENGTH * RATE))
            scale = float(order.uniform(0.93, 1.07)) / unit
            loss = _loss(network, codes[some] * scale, mel[some], loud[some], silence / unit)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        progress(epoch)
    usual = np.mean([[*one.mean, one.square] for one in averages], axis=0)
    return Sparse(
        _array(network.direct.weight.T.contiguous()) / np.float32(unit),
        _array(network.out.bias),
        _array(network.into.weight.T.contiguous()) / np.float32(unit),
        _array(network.into.bias),
        _array(network.out.weight.T.contiguous()),
        blank.spread,
        usual.astype(np.float32),
    )


def _blank(lessons: Sequence[Lesson]) -> Sparse:
    """A new network, initialized with the scale of the decoded spectrum."""
    codes = np.concatenate([lesson.codes[lesson.heard] for lesson in lessons])
    sound = np.concatenate([lesson.mel[lesson.heard] for lesson in lessons])
    known = np.c_[codes, np.ones(len(codes))]
    decode = np.linalg.lstsq(known, (sound - sound.mean()) / 100, rcond=None)[0]
    none = np.zeros((CHANNELS, CHANNELS), np.float32)
    spread = (decode @ decode.T / sound.shape[1]).astype(np.float32)
    return Sparse(none, none[0], none, none[0], none, spread, np.ones(CHANNELS + 1, np.float32))


def _array(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.detach().numpy(), np.float32)


def _tensors(lesson: Lesson, average: Average, rest: Floats) -> tuple[torch.Tensor, ...]:
    """Codes minus their mean, the smoothed spectrum, loudness, and the codes of silence (1, channels)."""
    even = _smooth(
        torch.from_numpy(np.asarray(lesson.mel / lesson.mel[lesson.heard].std(), np.float32)), 0.15
    )
    size = np.sqrt(average.square)
    return (
        torch.from_numpy(np.asarray((lesson.codes - average.mean) / size, np.float32)),
        2 * even,
        torch.from_numpy(np.asarray(lesson.loudness, np.float32)),
        torch.from_numpy(np.asarray((rest - average.mean)[None] / size, np.float32)),
    )


def _smooth(values: torch.Tensor, seconds: float) -> torch.Tensor:
    """Each column of (n, k) averaged under a Hann window; the ends hold."""
    size = 2 * round(seconds * RATE / 2) + 1
    window = torch.hann_window(size + 2, periodic=False)[1:-1]
    padded = F.pad(values.T[:, None], (size // 2, size // 2), mode="replicate")
    return F.conv1d(padded, (window / window.sum())[None, None])[:, 0].T


def _loss(
    network: _Network, codes: torch.Tensor, mel: torch.Tensor, loud: torch.Tensor, silence: torch.Tensor
) -> torch.Tensor:
    logits = network(codes)
    even = _smooth(torch.sigmoid(logits), 0.15)
    about = even - even.mean(0)
    read = network.reading(torch.cat([torch.roll(about, back, 0) for back in STEPS], dim=1))
    dark = torch.sigmoid((UNDER - even) / 0.04).mean(0)
    unused = F.relu(0.25 - dark).sum() + F.relu(dark - 0.8).sum() + F.relu(0.12 - even.mean(0)).sum()
    standard = about / (even.std(0) + 0.02)
    alike = (standard.T @ standard / len(standard)).abs()
    correlation = (alike.sum() - alike.diagonal().sum()) / (CHANNELS * (CHANNELS - 1))
    light = even**2.2
    swing, level_swing = light - _smooth(light, SLOW), even - _smooth(even, SLOW)
    lamp, house = SWING
    fast = F.relu(swing.abs() - lamp).square().mean()
    for one in (swing, level_swing):
        fast = fast + 2 * F.relu(one.mean(1).abs() - house).square().mean()
    return (
        READ * (read - (mel - mel.mean(0))).square().mean()
        + SOFT * F.relu(logits.abs() - 4).square().mean()
        + DARK * F.relu(DARK_GOAL - dark.mean())
        + USED * unused
        + CONTRAST * F.relu(CONTRAST_GOAL - _contrast(even))
        + SPAN * F.relu(SPAN_GOAL - _span(even, loud))
        + ALONE * F.relu(correlation - CORRELATION_GOAL)
        + SILENT * torch.sigmoid(network(silence)).mean()
        + FAST * fast
    )


def _contrast(levels: torch.Tensor) -> torch.Tensor:
    """90th minus 10th percentile within two seconds."""
    size = round(2 * RATE / 4)
    few = levels[::4]
    windows = few[: len(few) // size * size].reshape(-1, size, CHANNELS)
    low, high = torch.quantile(windows, torch.tensor([0.1, 0.9]), dim=1)
    return (high - low).mean()


def _span(levels: torch.Tensor, loud: torch.Tensor) -> torch.Tensor:
    """Mean level of the loudest fifth minus that of the quietest two fifths, over seven seconds."""
    size, step = min(round(7 * RATE), len(loud)), round(RATE)
    volume, light = (F.avg_pool1d(x[None, None], size, step)[0, 0] for x in (loud, levels.mean(1)))
    heard = volume > volume.max() - 40
    volume, light = volume[heard], light[heard]
    top, low = volume >= torch.quantile(volume, 0.8), volume <= torch.quantile(volume, 0.4)
    return light[top].mean() - light[low].mean()
