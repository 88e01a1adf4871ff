"""Pictures of shows: a song's spectrum with the output of every system below it. PNG, as bytes."""

import io
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure
from numpy.typing import NDArray

from yulelight.lab.evaluation.arrays import Array
from yulelight.lab.evaluation.evaluate import Shown
from yulelight.lab.evaluation.reference import HOP, RATE, Reference
from yulelight.lab.evaluation.systems import Lights

PIXELS_PER_SECOND, NARROWEST, WIDEST = 20, 1400, 6000
DPI = 100
ONSET, BEAT, SECTION = "#7fd1ff", "#ffd34d", "#ff5a5a"


def overview(shown: Shown) -> bytes:
    """The mel spectrum with onsets, beats and sections marked, then levels and on/off states of each system."""
    seconds = shown.reference.seconds
    pixels = int(np.clip(seconds * PIXELS_PER_SECOND, NARROWEST, WIDEST))
    rows = 1 + 2 * len(shown.lights)
    figure = Figure(figsize=(pixels / DPI, 2.6 + 1.1 * (rows - 1)), layout="constrained")
    axes = figure.subplots(rows, 1, sharex=True, squeeze=False, height_ratios=[2.4] + [1] * (rows - 1))[:, 0]
    _spectrum(axes[0], shown.reference)
    for row, (name, lights) in enumerate(shown.lights.items()):
        _lights(axes[1 + 2 * row], lights.levels, lights, f"{name}\nlevels", "magma")
        _lights(axes[2 + 2 * row], lights.on, lights, f"{name}\non/off", "gray")
    axes[-1].set_xlabel("seconds")
    axes[-1].set_xlim(0, seconds)
    return _png(figure)


def trajectory(codes: Array, rate: float, sections: tuple[float, ...]) -> bytes:
    """The trajectory of the codes (frames, channels) in their first two principal components, coloured by section."""
    size = max(1, round(rate / 4))
    count = max(1, len(codes) // size)
    path = codes[: count * size].reshape(count, -1, codes.shape[1]).mean(1)
    centred = path - path.mean(0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    flat = centred @ directions[:2].T
    section = np.searchsorted(np.array(sections or (0.0,)), np.arange(count) * size / rate, side="right")
    figure = Figure(figsize=(7, 6), layout="constrained")
    axes = figure.subplots()
    axes.plot(flat[:, 0], flat[:, 1], color="#bbbbbb", linewidth=0.4, zorder=1)
    colours = colormaps["turbo"](np.linspace(0.05, 0.95, int(section.max())))
    for number, colour in enumerate(colours, 1):
        here = section == number
        axes.scatter(flat[here, 0], flat[here, 1], color=[colour], s=9, zorder=2, label=str(number))
    axes.legend(title="section", fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    axes.set_xlabel("first main direction of the code")
    axes.set_ylabel("second")
    return _png(figure)


def _spectrum(axes: Any, reference: Reference) -> None:
    bands = reference.mel.shape[1]
    axes.imshow(
        reference.mel.T,
        origin="lower",
        aspect="auto",
        cmap="magma",
        extent=_extent(reference.mel, RATE / HOP, bands),
    )
    axes.vlines(reference.onsets, 0.93 * bands, bands, color=ONSET, linewidth=0.8)
    axes.vlines(reference.beats, 0, 0.07 * bands, color=BEAT, linewidth=0.8)
    axes.set_ylabel("mel spectrum")
    axes.set_yticks([])
    axes.set_title(
        "onsets above (blue), beats below (yellow), sections of each show in red", fontsize=8, loc="left"
    )


def _lights(axes: Any, values: NDArray[Any], lights: Lights, label: str, colours: str) -> None:
    channels = values.shape[1]
    highest = 255 if values.dtype.kind == "u" else 1
    axes.imshow(
        np.repeat(values, 12, axis=1).T,  # channels with sharp edges, while time is averaged
 origin="lower", aspect="auto", cmap=colours, vmin=0, vmax=highest,
        extent=_extent(values, lights.rate, channels), interpolation="antialiased",
    )  # fmt: skip
    for start in lights.sections or ():
        axes.axvline(start, color=SECTION, linewidth=1)
    axes.set_yticks([0.5, channels - 0.5], ["1", str(channels)])
    axes.set_ylabel(label, fontsize=8)


def _extent(values: NDArray[Any], rate: float, height: int) -> tuple[float, float, float, float]:
    return (-0.5 / rate, (len(values) - 0.5) / rate, 0, height)


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI)
    return file.getvalue()
