"""The card beside a model file: what it is, what it learnt from, what was measured."""

from yulelight.training.architectures import Options
from yulelight.training.graph import Description


def card(description: Description, architecture: str, about: str, how: str, options: Options) -> str:
    """Markdown for people. ``about``: what the architecture is; ``how``: how this model came to be."""
    metrics = description.metrics
    extra = "".join(
        [
            f" --loss {options.loss}" if options.loss != "mse" else "",
            " --per-bin" if options.per_bin else "",
            f" --seed {options.seed}" if options.seed else "",
        ]
    )
    lines = [
        f"# {description.name}",
        "",
        f"{about[0].upper()}{about[1:]}. {how}",
        "",
        f"    yulelight train FOLDER -o {description.name}.onnx --architecture {architecture}{extra}",
        "",
        f"Licence of the weights: {description.licence}.",
        "",
        "Measured on every tenth 5-second block of its songs, held back from training:",
        "",
        f"- explained variance of the scaled mel spectrum: {metrics['explained_variance']:.3f}",
        f"- standard deviation of each channel's level: {', '.join(map(str, metrics['channel_std']))}",
        f"- mean |correlation| of two channels: {metrics['mean_abs_correlation']}",
        "",
        "On songs it never heard, beside the other models and controls: docs/models.md of Yulelight.",
        "",
        "## Learnt from",
        "",
        "| title | artist | licence |",
        "|---|---|---|",
        *(f"| {_cell(t.title)} | {_cell(t.artist)} | {_cell(t.licence)} |" for t in description.training_set),
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
