"""What findings.py asks with: songs of a folder, codes learnt from some of them, and what they are worth on others."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from yulelight.audio.decode import blocks
from yulelight.dsp.samples import mono
from yulelight.dsp.spectrum import magnitudes
from yulelight.encoder.decoder import BANDS, scaled_mel, sounding
from yulelight.lab.evaluation.switching import correlation, used_channels
from yulelight.lab.training import loop
from yulelight.lab.training.dataset import Track, read_manifest
from yulelight.lab.training.linear import components

EPOCHS = 8


@dataclass(frozen=True, eq=False)
class Song:
    """A song of the manifest: magnitudes (n, 513) of the mono mix without its silent ends, and what is left of it."""

    track: Track
    style: str
    frames: np.ndarray
    mel: np.ndarray
    pan: np.ndarray
    """(n,) level of the left over the right channel, (L - R) / (L + R) of their power's root."""
    side: float
    """Power of (L - R) / 2 against (L + R) / 2, dB."""


def read(folder: Path) -> list[Song]:
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as file:
        styles = {Path(row["file"]).name: row.get("style", "") for row in csv.DictReader(file)}
    return [_song(track, styles[track.path.name]) for track in read_manifest(folder)]


def _song(track: Track, style: str) -> Song:
    samples = np.concatenate(list(blocks(track.path)))
    frames = magnitudes(np.asarray(mono(samples), np.float32))
    part = sounding(frames)
    left, right = (
        np.sqrt(np.square(magnitudes(np.ascontiguousarray(samples[:, side]))[part]).sum(1)) for side in (0, 1)
    )
    middle, side = samples.mean(1), (samples[:, 0] - samples[:, 1]) / 2
    ratio = 10 * np.log10(max(float((side**2).mean()), 1e-12) / float((middle**2).mean()))
    frames = frames[part]
    return Song(track, style, frames, scaled_mel(frames), (left - right) / (left + right + 1e-6), ratio)


def table(head: str, rows: list[tuple[object, ...]]) -> str:
    names = head.split("|")
    lines = [f"| {' | '.join(names)} |", f"|---|{'---:|' * (len(names) - 1)}"]
    cells = [[f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in cells)])


def explained(
    songs: list[Song], mean: np.ndarray, rebuild: Callable[[np.ndarray], np.ndarray], view=lambda s: s.mel
):
    """Mean over songs of 1 - SSE / SSE(mean)."""
    values = []
    for song in songs:
        frames = view(song)
        values.append(1 - np.square(frames - rebuild(frames)).sum() / np.square(frames - mean).sum())
    return float(np.mean(values))


def by_components(learn: list[np.ndarray]) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    mean, basis = components(np.concatenate(learn), 8)
    return mean, lambda frames: (frames - mean) @ basis @ basis.T + mean


def by_network(make, learn: list[np.ndarray], **recipe):
    """Trains what ``make`` makes; returns what rebuilds frames (n, bands) from its code, and what codes them."""
    chosen = loop.Recipe(**{"epochs": EPOCHS, "seeds": 1, "apart": 0.0, **recipe})
    network = loop.train(make, loop.split(learn, make().context), chosen, 0).network

    def rebuild(frames: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return network.decode(network.squash(network.drive(torch.from_numpy(frames[None]))))[0].numpy()

    def codes(frames: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return network.squash(network.drive(torch.from_numpy(frames[None])))[0].numpy()

    return rebuild, codes


class Recurrent(nn.Module):
    """A gated recurrent unit of 64, a sigmoid code of 8."""

    context = 1

    def __init__(self) -> None:
        super().__init__()
        self.unit, self.last = nn.GRU(BANDS, 64, batch_first=True), nn.Linear(64, 8)
        self.decoder = nn.Sequential(nn.Linear(8, 64), nn.GELU(), nn.Linear(64, BANDS))
        self.squash = nn.Sigmoid()

    def drive(self, frames):
        return self.last(self.unit(frames)[0])

    def decode(self, code):
        return torch.sigmoid(self.decoder(code))


def use(codes: list[np.ndarray]) -> tuple[float, float]:
    """Mean absolute correlation of two channels, and how many of the eight are used: means over songs."""
    spread = np.concatenate(codes).std(0) + 1e-9
    return (
        float(np.nanmean([correlation(one) for one in codes])),
        float(np.mean([used_channels(one / spread) for one in codes])),
    )
