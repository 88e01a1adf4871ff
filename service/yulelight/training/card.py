"""The card beside a model file: what it is, what it learnt from, what was measured."""

from collections.abc import Sequence

from yulelight.training.dataset import Track
from yulelight.training.export import Description


def card(description: Description, held_out: Sequence[Track], how: str) -> str:
    """Markdown for people. ``how``: one paragraph on architecture and training."""
    metrics = description.metrics
    lines = [
        f"# {description.name}",
        "",
        how,
        "",
        f"Licence of the weights: {description.licence}. The songs it learnt from are named below.",
        "",
        "## Measured on songs it never saw",
        "",
        "Explained variance of the scaled spectrum: 1 - SSE / SSE of the training frames' mean; silent ends trimmed.",
        "",
        "| song | this model | PCA, 8 components |",
        "|---|---|---|",
    ]
    model, pca = metrics["explained_variance"], metrics["explained_variance_pca"]
    lines += [f"| {title} | {value:.3f} | {pca[title]:.3f} |" for title, value in model.items()]
    lines += [
        "",
        f"- standard deviation of each channel's level: {_row(metrics['channel_std'])}",
        f"- the smallest of them in one song: {metrics['smallest_channel_std_in_a_song']:.2f}",
        f"- mean |correlation| of two channels: {metrics['mean_abs_correlation']:.2f}",
        f"- channels really used (participation ratio, at most 8): {metrics['participation_ratio']:.1f}",
        f"- correlation with the loudness, mean over the songs: {_row(metrics['loudness_correlation'])}",
        f"- where each channel acts (centroid, Hz): {', '.join(map(str, metrics['centroid_hz']))}",
        "",
        "## Trained on",
        "",
        *_table(description.training_set),
        "",
        "## Held out",
        "",
        *_table(held_out),
        "",
        "Made by `scripts/train-dense FOLDER`.",
    ]
    return "\n".join(lines) + "\n"


def _row(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)


def _table(tracks: Sequence[Track]) -> list[str]:
    return [
        "| title | artist | licence |",
        "|---|---|---|",
        *(f"| {t.title} | {t.artist} | {t.licence} |" for t in tracks),
    ]
