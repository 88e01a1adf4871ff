"""`yulelight evaluate --models`: every encoder on the songs, as a table or as JSON."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from yulelight.app.settings import Settings
from yulelight.core import storage
from yulelight.core.errors import AudioError, UsageError
from yulelight.dsp.samples import mono
from yulelight.dsp.spectrum import magnitudes
from yulelight.encoder import decoder
from yulelight.encoder.catalogue import known
from yulelight.encoder.model import load
from yulelight.lab.evaluation.models import Figures, judge, mean
from yulelight.lab.evaluation.reference import hear
from yulelight.lab.evaluation.songs import find_songs
from yulelight.lab.evaluation.systems import samples_of
from yulelight.lab.evaluation.vocals import read_vocals
from yulelight.lab.progress import Steps

NAMES = {
    "explained_variance": "explained variance",
    "onset_f": "onset F",
    "beat_gain": "beat gain",
    "structure": "structure",
    "correlation": "correlation",
    "rank": "rank of 8",
    "vocal_auc": "vocal AUC",
    "head_auc": "voice head AUC",
    "head_correlation": "voice head r",
}


@dataclass(frozen=True)
class Compared:
    """Figures by model, then by song; the default model's name; songs that could not be read, with the reason."""

    models: dict[str, dict[str, Figures]]
    default: str
    unread: dict[str, str]

    def means(self) -> dict[str, Figures]:
        """Each model's mean over the songs."""
        return {name: mean(list(songs.values())) for name, songs in self.models.items()}

    def as_json(self) -> dict[str, Any]:
        """{models: {name: {default, figures…, songs: {song: figures}}}, unread}."""
        return {
            "models": {
                name: {
                    "default": name == self.default,
                    **figures.as_json(),
                    "songs": {song: one.as_json() for song, one in self.models[name].items()},
                }
                for name, figures in self.means().items()
            },
            "unread": self.unread,
        }


def compare(
    songs: Sequence[Path], folders: Sequence[Path] = (), progress: Callable[[Path], None] = lambda _: None
) -> Compared:
    """Scores every available model on ``songs``. Unreadable songs are left out; AudioError if all are."""
    paths = known(folders)
    encoders = {name: (load(path), decoder.read(path)) for name, path in paths.items()}
    found = Compared({name: {} for name in encoders}, Settings.model_fields["model"].default, {})
    for song in songs:
        progress(song)
        try:
            reference, phrases = hear(song), read_vocals(song)
            frames = magnitudes(np.asarray(mono(samples_of(song)), np.float32))
        except AudioError as error:
            found.unread[str(song)] = str(error)
            continue
        for name, (encoder, rebuild) in encoders.items():
            figures = judge(encoder.stream().hear(frames), frames, reference, phrases, rebuild)
            row = found.models[name]
            row[song.name if song.name not in row else str(song)] = figures
    if len(found.unread) == len(songs):
        raise AudioError(next(iter(found.unread.values()), "no song to evaluate; name at least one"))
    return found


def run_comparison(
    songs: Sequence[Path],
    *,
    folders: Sequence[Path],
    role: str | None,
    json_file: Path | None,
    console: Console,
) -> None:
    """Prints the table, or with ``json_file`` "-" JSON, or writes JSON there besides."""
    if json_file and not json_file.parent.is_dir():
        raise UsageError(f"there is no folder {json_file.parent}; make it, or choose another place")
    errors = Console(stderr=True)
    found = find_songs(songs, role)
    with Steps(errors) as steps:
        compared = compare(
            found, folders, lambda song: steps.at("song", found.index(song), len(found), song.name)
        )
    for problem in compared.unread.values():
        errors.print(f"left out: {problem}", markup=False)
    text = json.dumps(compared.as_json(), indent=2, ensure_ascii=False)
    if str(json_file) == "-":
        print(text)  # noqa: T201
        return
    table = Table(title="Encoders, mean over the songs")
    for column in ("model", *NAMES.values()):
        table.add_column(column, justify="left" if column == "model" else "right")
    for name, figures in compared.means().items():
        table.add_row(name + (" (default)" if name == compared.default else ""), *cells(figures))
    console.print(table)
    if json_file:
        storage.save(json_file, f"{text}\n".encode())


def cells(figures: Figures) -> list[str]:
    """Each figure, formatted for display."""
    values = [(field.name, getattr(figures, field.name)) for field in fields(Figures)]
    return ["-" if np.isnan(v) else f"{v:.1f}" if name == "rank" else f"{v:.3f}" for name, v in values]
