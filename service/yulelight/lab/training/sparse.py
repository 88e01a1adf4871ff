"""Learns how a model's codes become levels (``encoder/sparse.py``): dark for half of the time, and still readable.

One small network for all songs, and with it one linear reading of the mel spectrum from the levels and their last half
second, as ``evaluation/meaning.cross`` reads. The loss is what that reading misses, and penalties where levels are too
seldom dark, move too little within two seconds, differ too little between loud and quiet music, tell the same
story as each other, tremble, or leave their channel's code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from yulelight.core.messages import CHANNELS
from yulelight.dsp.samples import Floats
from yulelight.encoder.sparse import Sparse

RATE = 44100 / 1024
"""Frames a second: every other one of an encoder's."""
UNITS = 32
STEPS = (0, 4, 9, 13, 17, 22)
"""Frames back of the light that is read: half a second in tenths."""
EPOCHS = 50
READ, DARK, CONTRAST, SPAN, ALONE, CALM, KEPT, USED, SOFT = 6.0, 2.5, 2.0, 3.0, 1.0, 4.0, 0.2, 0.12, 0.02
"""What each part of the loss counts; SOFT keeps the network from levels that are nothing but on and off."""
DARK_GOAL, CONTRAST_GOAL, SPAN_GOAL, CORRELATION_GOAL = 0.5, 0.33, 0.15, 0.24
UNDER = 0.2
"""A level under it is dark."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A song at RATE: ``codes`` (n, channels) stretched to its range; ``mel`` (n, bands), ``loudness`` (n,) in dB."""

    codes: Floats
    mel: Floats
    loudness: Floats


class _Network(nn.Module):  # type: ignore[misc,unused-ignore]
    def __init__(self, bands: int) -> None:
        super().__init__()
        self.into = nn.Linear(CHANNELS, UNITS)
        self.out = nn.Linear(UNITS, CHANNELS)
        self.direct = nn.Linear(CHANNELS, CHANNELS, bias=False)
        self.reading = nn.Linear(CHANNELS * len(STEPS), bands, bias=False)
        with torch.no_grad():
            self.direct.weight.copy_(3 * torch.eye(CHANNELS))
            self.out.bias.fill_(-2.2)
            self.out.weight.mul_(0.3)
            self.into.bias.sub_(0.4 * self.into.weight.sum(1))

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        """Levels before the sigmoid."""
        made: torch.Tensor = self.direct(codes) + self.out(torch.relu(self.into(codes)))
        return made


def fit(
    lessons: Sequence[Lesson], *, epochs: int = EPOCHS, progress: Callable[[int], None] = lambda epoch: None
) -> Sparse:
    """The network for ``lessons``; ``progress`` hears each epoch. Deterministic on one machine."""
    torch.manual_seed(0)
    order = np.random.default_rng(0)
    songs = [_tensors(lesson) for lesson in lessons]
    network = _Network(lessons[0].mel.shape[1])
    rates = [6e-3, 2e-2]
    groups = [
        {"params": [p for name, p in network.named_parameters() if not name.startswith("reading")]},
        {"params": network.reading.parameters()},
    ]
    optimiser = torch.optim.Adam(groups, lr=rates[0], weight_decay=1e-5)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=epochs * len(songs))
    for epoch in range(epochs):
        for k in order.permutation(len(songs)):
            codes, mel, loud = songs[k]
            loss = _loss(network, codes * float(order.uniform(0.9, 1.1)), mel, loud)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        progress(epoch)
    return Sparse(
        _array(network.direct.weight.T.contiguous()),
        _array(network.out.bias),
        _array(network.into.weight.T.contiguous()),
        _array(network.into.bias),
        _array(network.out.weight.T.contiguous()),
    )


def _array(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.detach().numpy(), np.float32)


def _tensors(lesson: Lesson) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    mel = torch.from_numpy(np.asarray(lesson.mel, np.float32))
    even = _smooth(mel, 0.15)
    even = even - even.mean(0)
    return (
        torch.from_numpy(np.asarray(lesson.codes, np.float32)),
        even / even.square().mean().sqrt().clamp(min=1e-6),
        torch.from_numpy(np.asarray(lesson.loudness, np.float32)),
    )


def _smooth(values: torch.Tensor, seconds: float) -> torch.Tensor:
    """Each column of (n, k) averaged under a Hann window; the ends hold."""
    size = 2 * round(seconds * RATE / 2) + 1
    window = torch.hann_window(size + 2, periodic=False)[1:-1]
    padded = F.pad(values.T[:, None], (size // 2, size // 2), mode="replicate")
    return F.conv1d(padded, (window / window.sum())[None, None])[:, 0].T


def _loss(network: _Network, codes: torch.Tensor, mel: torch.Tensor, loud: torch.Tensor) -> torch.Tensor:
    logits = network(codes)
    levels = torch.sigmoid(logits)
    even = _smooth(levels, 0.15)
    about = even - even.mean(0)
    read = network.reading(torch.cat([torch.roll(about, back, 0) for back in STEPS], dim=1))
    heard = even[loud > loud.max() - 40]
    dark = torch.sigmoid((UNDER - heard) / 0.04).mean(0)
    unused = F.relu(0.3 - dark).sum() + F.relu(dark - 0.75).sum() + F.relu(0.16 - heard.mean(0)).sum()
    standard = (heard - heard.mean(0)) / (heard.std(0) + 0.02)
    alike = (standard.T @ standard / len(standard)).abs()
    correlation = (alike.sum() - alike.diagonal().sum()) / (CHANNELS * (CHANNELS - 1))
    light = even**2.2
    moved = codes - codes.mean(0)
    kept = (F.normalize(moved, dim=0) * F.normalize(levels - levels.mean(0), dim=0)).sum(0).mean()
    return (
        READ * (read - mel).square().mean()
        + SOFT * F.relu(logits.abs() - 3).square().mean()
        + DARK * F.relu(DARK_GOAL - dark.mean())
        + USED * unused
        + CONTRAST * F.relu(CONTRAST_GOAL - _contrast(even))
        + SPAN * F.relu(SPAN_GOAL - _span(even, loud))
        + ALONE * F.relu(correlation - CORRELATION_GOAL)
        + CALM * (light - _smooth(light, 0.35)).square().mean()
        - KEPT * kept
    )


def _contrast(levels: torch.Tensor) -> torch.Tensor:
    """90th less 10th percentile within two seconds."""
    size = round(2 * RATE / 4)
    few = levels[::4]
    windows = few[: len(few) // size * size].reshape(-1, size, CHANNELS)
    low, high = torch.quantile(windows, torch.tensor([0.1, 0.9]), dim=1)
    return (high - low).mean()


def _span(levels: torch.Tensor, loud: torch.Tensor) -> torch.Tensor:
    """Mean level of the loudest fifth less that of the quietest two fifths, over seven seconds."""
    size, step = min(round(7 * RATE), len(loud)), round(RATE)
    volume, light = (F.avg_pool1d(x[None, None], size, step)[0, 0] for x in (loud, levels.mean(1)))
    heard = volume > volume.max() - 40
    volume, light = volume[heard], light[heard]
    top, low = volume >= torch.quantile(volume, 0.8), volume <= torch.quantile(volume, 0.4)
    return light[top].mean() - light[low].mean()
