"""The model card next to a model file: description, training data, measurements and weaknesses."""

from collections.abc import Mapping, Sequence
from typing import Any

from yulelight.lab.training.architectures import Architecture, Options
from yulelight.lab.training.graph import Description

UNHEARD = "Measured on songs it never heard"
WEAK = "Known weaknesses"
CONTROLS = ("bands", "pca")
FIGURES = {
    "explained_variance": ("explained variance", 1),
    "onset_f": ("onset F", 1),
    "beat_gain": ("beat gain", 1),
    "structure": ("structure", 1),
    "correlation": ("correlation of channels", -1),
    "rank": ("rank of 8", 1),
    "vocal_auc": ("vocal AUC", 1),
}
"""The name of a figure, and whether higher (1) or lower (-1) is better."""
CLEAR = {"rank": 0.2}
"""Minimum difference for a control to count as better; 0.01 for the other figures."""


def card(description: Description, architecture: str, kind: Architecture, how: str, options: Options) -> str:
    """The card as Markdown. ``how``: a description of how this model was made."""
    metrics = description.metrics
    extra = "".join(
        [
            f" --loss {options.loss}" if options.loss != "mse" else "",
            " --per-bin" if options.per_bin else "",
            f" --epochs {options.epochs}" if options.epochs else "",
            f" --seeds {options.seeds}" if options.seeds else "",
            f" --seed {options.seed}" if options.seed else "",
        ]
    )
    lines = [
        f"# {description.name}",
        "",
        f"{kind.about[0].upper()}{kind.about[1:]}. {how}",
        "",
        f"    yulelight train FOLDER -o {description.name}.onnx --architecture {architecture}{extra}",
        "",
        f"Licence of the weights: {description.licence}.",
        "",
        "## Measured on its own songs",
        "",
        "On every tenth 5-second block, held back from training:",
        "",
        f"- explained variance of the scaled mel spectrum: {metrics['explained_variance']:.3f}",
        f"- standard deviation of each channel's level: {', '.join(map(str, metrics['channel_std']))}",
        f"- mean |correlation| of two channels: {metrics['mean_abs_correlation']}",
        "",
        "On other songs: `yulelight evaluate SONG… --models FOLDER --models`, FOLDER being where the model is.",
        "",
        f"## {WEAK}",
        "",
        *weaknesses(kind.weak, len(description.training_set)),
        "",
        "## Learnt from",
        "",
        "| title | artist | licence |",
        "|---|---|---|",
        *(f"| {_cell(t.title)} | {_cell(t.artist)} | {_cell(t.licence)} |" for t in description.training_set),
    ]
    return "\n".join(lines) + "\n"


def measured(text: str, name: str, kind: Architecture, models: Mapping[str, Any], again: Any) -> str:
    """The card ``text`` of ``name`` with the measurements on songs that it was not trained on.

    ``models``: the output of ``yulelight evaluate --models --json`` for each; ``again``: its similarity after
    training again (scripts/stability.py), or None.
    """
    head, *sections = text.rstrip().split("\n## ")
    kept = [one for one in sections if one.splitlines()[0] not in (UNHEARD, WEAK)]
    learnt = next(k for k, one in enumerate(kept) if one.startswith("Learnt from"))
    songs = sum(line.startswith("| ") for line in kept[learnt].splitlines()) - 1
    kept[learnt:learnt] = [
        "\n".join([UNHEARD, "", *_figures(name, models, again), ""]),
        "\n".join([WEAK, "", *weaknesses(kind.weak, songs), *_behind(name, models), ""]),
    ]
    return "\n\n## ".join(part.strip() for part in [head, *kept]) + "\n"


def weaknesses(weak: Sequence[str], songs: int) -> list[str]:
    """Bullets: those of the architecture, and those of little music."""
    return [
        *(f"- {one}" for one in weak),
        f"- It learnt from {songs} songs. On music unlike theirs its channels may mean less.",
    ]


def _figures(name: str, models: Mapping[str, Any], again: Any) -> list[str]:
    controls = [one for one in CONTROLS if one != name and one in models]
    columns = [name, *(f"{one} (control)" for one in controls)]
    lines = [
        f"The mean of {len(models[name]['songs'])} songs, by `scripts/bench models`. What each figure means, and song",
        "by song: docs/models.md. Guessing the mean spectrum of the training songs has an explained variance of 0.",
        "",
        f"| | {' | '.join(columns)} |",
        f"|---|{'---:|' * len(columns)}",
    ]
    for key, (title, _) in FIGURES.items():
        cells = [_number(key, models[one][key]) for one in (name, *controls)]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    if again:
        lines += ["", f"{stable(again)}."]
    return lines


def stable(again: Mapping[str, Any]) -> str:
    """Describes how similar a model is after training again."""
    return (
        f"Trained again ({again['varied']}): matched channels correlate by {again['matched']:.2f}, sign flips "
        f"{again['flips']} of {again['pairs']}, on the same output {again['same']} of {again['pairs']}"
    )


def _behind(name: str, models: Mapping[str, Any]) -> list[str]:
    behind = []
    for key, (title, better) in FIGURES.items():
        own = models[name][key]
        if own is None:
            continue
        ahead = {one: models[one][key] for one in CONTROLS if one != name and one in models}
        best = max(ahead, key=lambda one: better * ahead[one])
        if better * (ahead[best] - own) > CLEAR.get(key, 0.01):
            behind.append(f"{title} ({_number(key, own)}, {best} {_number(key, ahead[best])})")
    lines = [f"- Behind a control in: {', '.join(behind)}."] if behind else []
    songs = models[name]["songs"]
    for key in ("explained_variance", "onset_f"):
        worst = min(songs, key=lambda song: songs[song][key])
        lines.append(f"- Its least {FIGURES[key][0]} of a song: {_number(key, songs[worst][key])}, {worst}.")
    sung = sum(one["vocal_auc"] is not None for one in songs.values())
    lines.append(f"- Songs with known singing among those measured: {sung}, so its vocal AUC says little.")
    return lines


def _number(key: str, value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}" if key == "rank" else f"{value:.3f}"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
