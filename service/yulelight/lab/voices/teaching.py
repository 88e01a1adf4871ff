"""Teaches the voice head (``head``) with mixes in which the voice is known (``mixing``)."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn

from yulelight.dsp.samples import Floats
from yulelight.lab.voices.head import SEEN, Head, remembered
from yulelight.lab.voices.mixing import Lesson

UNITS = 24
LESSONS, EVERY, FIRST = 64, 29, 100
"""Lessons that are drawn at a time; of their frames, every so many from FIRST on, when the means are of the music."""
DRAWS, EPOCHS = 24, 10
"""How often lessons are drawn, and how often each of their frames is learnt from."""
BATCH, RATE, DECAY = 512, 3e-3, 3e-2


def seen_of(lessons: Sequence[Lesson]) -> tuple[Floats, Floats]:
    """Some frames of ``lessons``: what is seen (n, SEEN), and how bright the voice is (n,)."""
    frames = remembered(np.stack([one.decibels for one in lessons]))
    voice = np.stack([one.voice for one in lessons])
    chosen = [k for k in range(FIRST, voice.shape[1]) if k % EVERY == 0]
    kept = [seen for k, seen in enumerate(frames) if k in set(chosen)]
    return np.concatenate(kept), voice[:, chosen].T.reshape(-1)


def fit(
    draw: Callable[[], Lesson],
    *,
    draws: int = DRAWS,
    epochs: int = EPOCHS,
    progress: Callable[[str], None] = lambda doing: None,
) -> Head:
    """The head that has learnt from ``draws`` times LESSONS lessons, each from ``draw``. Deterministic."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    parts = []
    for k in range(draws):
        parts.append(seen_of([draw() for _ in range(LESSONS)]))
        progress(f"mixed {(k + 1) * LESSONS} lessons")
    seen, voice = (np.concatenate(some) for some in zip(*parts, strict=True))
    middle, spread = seen.mean(0), seen.std(0) + 1e-3
    inputs = torch.from_numpy((seen - middle) / spread)
    targets = torch.from_numpy(np.asarray(voice, np.float32))
    network = nn.Sequential(nn.Linear(SEEN, UNITS), nn.ReLU(), nn.Dropout(0.2), nn.Linear(UNITS, 1))
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    steps = epochs * -(-len(inputs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for epoch in range(epochs):
        total = 0.0
        for some in torch.randperm(len(inputs)).split(BATCH):
            loss = nn.functional.binary_cross_entropy_with_logits(network(inputs[some])[:, 0], targets[some])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(some)
        progress(f"epoch {epoch + 1}: {total / len(inputs):.4f}")
    first, last = network[0], network[3]
    into = first.weight.detach().numpy().T / spread[:, None]
    return Head(
        np.asarray(into, np.float32),
        np.asarray(first.bias.detach().numpy() - middle @ into, np.float32),
        np.asarray(last.weight.detach().numpy().T, np.float32),
        np.asarray(last.bias.detach().numpy(), np.float32),
    )
