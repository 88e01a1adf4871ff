"""The dense autoencoder: 513-128-64-32-16-8 and back, tanh between the layers, one spectrum frame at a time.

The architecture is Michael C. Johnson's ("Christmas lights and autoencoders", minimizeuncertainty.com, 2018). Unlike
there it learns from many songs with a fixed scaling, mean squared error, gain augmentation and a term against
channels that all show the same, and stops early.
"""

from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from yulelight.training.dataset import FLOOR_DB, Halves

SIZES = (513, 128, 64, 32, 16, 8)
COLLAPSED = 0.02
"""A channel whose code has a smaller standard deviation than this has died."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. ``gain_db``: each frame is made louder or softer by up to this much, drawn anew each epoch."""

    learning_rate: float = 1e-3
    batch: int = 512
    gain_db: float = 12.0
    epochs: int = 40
    patience: int = 6
    decorrelation: float = 0.02
    """Weight of the mean squared correlation between channels; without it most channels show the loudness."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained autoencoder, the seed it came from, its loss on the held-back blocks and the epochs it took."""

    network: "Dense"
    seed: int
    loss: float
    epochs: int


class Dense(nn.Module):  # type: ignore[misc,unused-ignore]
    """Maps scaled frames (n, 513) to their reconstruction (n, 513) by way of a code (n, 8) in (-1, 1)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(SIZES))
        self.decoder = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(SIZES[::-1]))

    def drive(self, frames: Tensor) -> Tensor:
        """What the code's tanh is applied to (n, 8)."""
        for layer in self.encoder[:-1]:
            frames = torch.tanh(layer(frames))
        return self.encoder[-1](frames)

    def decode(self, code: Tensor) -> Tensor:
        """Scaled frames (n, 513) from a code (n, 8)."""
        for layer in self.decoder[:-1]:
            code = torch.tanh(layer(code))
        return torch.sigmoid(self.decoder[-1](code))

    def forward(self, frames: Tensor) -> Tensor:
        return self.decode(torch.tanh(self.drive(frames)))


def train(learn: Halves, stop: Halves, recipe: Recipe, seed: int) -> Trained:
    """Train one network on ``learn`` (n, 513) in dB until ``stop`` (m, 513) in dB is no longer predicted better."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    network = Dense()
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    frames, held_back = torch.from_numpy(learn), _scale(torch.from_numpy(stop).float())
    best, best_loss, best_epoch, epoch = network.state_dict(), float("inf"), 0, 0
    while epoch < recipe.epochs and epoch - best_epoch < recipe.patience:
        epoch += 1
        for rows in torch.randperm(len(frames)).split(recipe.batch):
            gain = (2 * torch.rand(len(rows), 1) - 1) * recipe.gain_db
            batch = _scale(frames[rows].float() + gain)
            code = torch.tanh(network.drive(batch))
            loss = nn.functional.mse_loss(network.decode(code), batch)
            if recipe.decorrelation:
                loss = loss + recipe.decorrelation * _correlation(code)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        with torch.no_grad():
            loss_now = nn.functional.mse_loss(network(held_back), held_back).item()
        if loss_now < best_loss:
            best = {name: value.clone() for name, value in network.state_dict().items()}
            best_loss, best_epoch = loss_now, epoch
    network.load_state_dict(best)
    return Trained(network, seed, best_loss, best_epoch)


def collapsed(network: Dense, stop: Halves) -> bool:
    """Whether a channel of the code hardly moves on ``stop`` (m, 513) in dB."""
    with torch.no_grad():
        code = torch.tanh(network.drive(_scale(torch.from_numpy(stop).float())))
    return bool((code.std(dim=0) < COLLAPSED).any())


def _scale(decibels: Tensor) -> Tensor:
    return ((decibels - FLOOR_DB) / -FLOOR_DB).clamp(0.0, 1.0)


def _correlation(code: Tensor) -> Tensor:
    """Mean squared correlation between the channels of a batch of codes (n, channels)."""
    centred = code - code.mean(0)
    normal = centred / (centred.square().mean(0).sqrt() + 1e-4)
    matrix = normal.T @ normal / len(code)
    return (matrix - torch.diag(torch.diag(matrix))).square().mean()
