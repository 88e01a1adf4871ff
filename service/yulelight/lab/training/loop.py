"""Trains a network: Adam, early stopping on held-back blocks, a checkpoint after each epoch, several seeds."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2s
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from yulelight.core.errors import ModelError
from yulelight.dsp.samples import Floats
from yulelight.lab.training.dataset import held_back

COLLAPSED = 0.02
"""A channel whose code has a smaller standard deviation counts as collapsed."""
SEQUENCE = 256
"""Frames per training sequence of a network with memory."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. ``gain_db``: each frame is made louder or softer by up to this much, drawn for each epoch."""

    learning_rate: float = 1e-3
    batch: int = 512
    gain_db: float = 12.0
    epochs: int = 40
    patience: int = 6
    seeds: int = 3
    seed: int = 0
    loss: Literal["mse", "bce"] = "mse"
    apart: float = 0.02
    """Weight of the mean squared correlation between channels; without it, most channels follow the loudness."""
    onsets: float = 0.0
    """Weight of the correlation between what rises in the levels and in the spectrum, for networks with a memory."""
    lively: bool = False
    """Whether nearly constant channels are penalized; otherwise sigmoid codes collapse on small data sets."""


Progress = Callable[[int, int, int, float], None]
"""Called with seed, epoch, maximum epochs and loss after each epoch."""


@dataclass(frozen=True, eq=False)
class Trained:
    """A network, its seed, its loss on the held-out blocks, and its number of epochs."""

    network: Any
    seed: int
    loss: float
    epochs: int


def best(
    make: Callable[[], Any],
    songs: Sequence[Floats],
    recipe: Recipe,
    checkpoint: Path | None,
    progress: Progress,
) -> Trained:
    """Of the seeds without collapsed channels, the network with the lowest loss on held-out blocks.

    ``songs``: scaled frames (n, width) each. ``checkpoint`` names the files from which a later run continues, one for
    each seed; they are removed at the end. Raises ModelError if all seeds collapsed.
    """
    torch.set_num_threads(1)  # more threads would change the order of sums, and so the model
    learn, stop = split(songs, make().context)
    candidates = []
    seeds = range(recipe.seed, recipe.seed + recipe.seeds)
    kept = {seed: checkpoint and checkpoint.with_name(f"{checkpoint.name}.{seed}") for seed in seeds}
    for seed in seeds:
        trained = train(make, (learn, stop), recipe, seed, checkpoint=kept[seed], progress=progress)
        if not collapsed(trained.network, stop):
            candidates.append(trained)
    for file in kept.values():
        if file:
            file.unlink(missing_ok=True)
    if not candidates:
        raise ModelError("every seed collapsed; train on more songs or with a lower learning rate")
    return min(candidates, key=lambda trained: trained.loss)


def train(
    make: Callable[[], Any],
    parts: tuple[Tensor, Tensor],
    recipe: Recipe,
    seed: int,
    *,
    checkpoint: Path | None = None,
    progress: Progress = lambda *_: None,
) -> Trained:
    """Trains one network until the loss on the held-out blocks no longer improves.

    Continues from ``checkpoint`` if it has the same recipe, seed and music.
    """
    learn, stop = parts
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    network = make()
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.learning_rate)
    mark = blake2s(
        repr((asdict(recipe), seed, tuple(learn.shape), float(learn[:9].sum()))).encode()
    ).hexdigest()
    state = _resume(checkpoint, mark)
    best_weights, best_loss, best_epoch, epoch = network.state_dict(), float("inf"), 0, 0
    if state:
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"])
        best_weights, best_loss = state["best"], state["loss"]
        best_epoch, epoch = state["best_epoch"], state["epoch"]
    batch = max(1, recipe.batch // (learn.shape[1] if learn.dim() == 3 else 1))
    while epoch < recipe.epochs and epoch - best_epoch < recipe.patience:
        epoch += 1
        for rows in torch.randperm(len(learn)).split(batch):
            optimiser.zero_grad()
            loss(network, louder(learn[rows], recipe.gain_db), recipe).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
        now = _rebuilding(network, stop)
        if now < best_loss:
            best_weights = {name: value.clone() for name, value in network.state_dict().items()}
            best_loss, best_epoch = now, epoch
        progress(seed, epoch, recipe.epochs, now)
        if checkpoint:
            kept = {"mark": mark, "network": network.state_dict(), "optimiser": optimiser.state_dict()}
            kept |= {"random": torch.get_rng_state(), "best": best_weights, "loss": best_loss}
            torch.save(kept | {"best_epoch": best_epoch, "epoch": epoch}, checkpoint)
    network.load_state_dict(best_weights)
    return Trained(network, seed, best_loss, best_epoch)


def loss(network: Any, frames: Tensor, recipe: Recipe) -> Tensor:
    """The loss on scaled ``frames`` (n, width), or (m, n, width) for networks with memory."""
    code = network.squash(network.drive(frames))
    rebuilt = network.decode(code)
    compare = nn.functional.binary_cross_entropy if recipe.loss == "bce" else nn.functional.mse_loss
    total = compare(rebuilt, frames)
    if recipe.apart:
        total = total + recipe.apart * correlation(code.reshape(-1, code.shape[-1]))
    if recipe.onsets and frames.dim() == 3:
        total = total + recipe.onsets * (1 - _rising_together(code, frames))
    if recipe.lively:
        spread = (code.reshape(-1, code.shape[-1]).var(dim=0) + 1e-6).sqrt()
        total = total + torch.relu(0.15 - spread).square().mean()
    return total


def louder(frames: Tensor, gain_db: float) -> Tensor:
    """Scaled frames (n, …), each made louder or softer by up to ``gain_db``. Values below the floor stay there."""
    gain = (2 * torch.rand(len(frames), *([1] * (frames.dim() - 1))) - 1) * gain_db / 80
    return torch.where(frames > 0, (frames + gain).clamp(0.0, 1.0), frames)


def correlation(code: Tensor) -> Tensor:
    """Mean squared correlation between the channels of codes (n, channels)."""
    centred = code - code.mean(0)
    normal = centred / (centred.square().mean(0) + 1e-8).sqrt()
    matrix = normal.T @ normal / len(code)
    return (matrix - torch.diag(torch.diag(matrix))).square().mean()


def collapsed(network: Any, stop: Tensor) -> bool:
    """Whether a channel of the code is nearly constant on ``stop``."""
    with torch.no_grad():
        code = network.squash(network.drive(stop))
    return bool((code.reshape(-1, code.shape[-1]).std(dim=0) < COLLAPSED).any())


def _rising_together(code: Tensor, frames: Tensor) -> Tensor:
    lights = torch.relu(code[:, 1:] - code[:, :-1]).sum(2)
    sound = torch.relu(frames[:, 1:] - frames[:, :-1]).mean(2)
    lights, sound = lights - lights.mean(1, keepdim=True), sound - sound.mean(1, keepdim=True)
    size = ((lights.square().sum(1) + 1e-6) * (sound.square().sum(1) + 1e-6)).sqrt()
    return ((lights * sound).sum(1) / size).mean()


def _rebuilding(network: Any, stop: Tensor) -> float:
    with torch.no_grad():
        return float(nn.functional.mse_loss(network.decode(network.squash(network.drive(stop))), stop))


def split(songs: Sequence[Floats], context: int) -> tuple[Tensor, Tensor]:
    """Frames for training and for early stopping; sequences of SEQUENCE frames for a network with memory."""
    learn: list[Floats] = []
    stop: list[Floats] = []
    for index, song in enumerate(songs):
        kept = held_back(len(song), index)
        if context:
            whole = [song[k : k + SEQUENCE] for k in range(0, len(song) - SEQUENCE + 1, SEQUENCE)]
            for k, sequence in enumerate(whole):
                (stop if (k + index) % 10 == 5 else learn).append(sequence[None])
        else:
            learn.append(song[~kept])
            stop.append(song[kept])
    if not learn or not sum(map(len, stop)):
        raise ModelError("too little music to train on; name more songs, a few minutes at least")
    return torch.from_numpy(np.concatenate(learn)), torch.from_numpy(np.concatenate(stop))


def _resume(checkpoint: Path | None, mark: str) -> dict[str, Any] | None:
    if not checkpoint or not checkpoint.is_file():
        return None
    try:
        state = torch.load(checkpoint, weights_only=True)
    except Exception:  # noqa: BLE001  # torch raises any kind of error for a truncated checkpoint, which is ignored
        return None
    return state if isinstance(state, dict) and state.get("mark") == mark else None
