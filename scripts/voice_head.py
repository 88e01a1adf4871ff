"""Teaches a model's voice head, which tells without a separator how bright the voice is, and puts it into the file.

    python scripts/voice_head.py FOLDER models/wide.onnx --separator FOLDER/wide.voices.onnx --stems STEMS

FOLDER holds music with a manifest.csv (songs with role train), the separator is what scripts/voices.py makes, and STEMS
a folder of voices without accompaniment (docs/voices.md says which). Needs the extras [service], [train] and [torch];
minutes on one core.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from yulelight.core.errors import UsageError, YulelightError
from yulelight.dsp.samples import mono
from yulelight.encoder import voices
from yulelight.lab.evaluation.songs import find_songs
from yulelight.lab.voices.cutting import at_speeds, heard, learnt_from
from yulelight.lab.voices.joining import join
from yulelight.lab.voices.mixing import Sound, mixed
from yulelight.lab.voices.teaching import DRAWS, EPOCHS, fit
from yulelight.library.songs import Library

CHANNEL = 2
"""Of the default model, from 1: it follows voices best by itself."""


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--separator", type=Path, required=True)
    parser.add_argument("--stems", type=Path)
    parser.add_argument("--channel", type=int, default=CHANNEL)
    parser.add_argument("--draws", type=int, default=DRAWS, help="how often to mix new lessons")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    asked = parser.parse_args()
    try:
        sung, others, names = music(asked.folder, asked.separator, asked.stems)
        order = np.random.default_rng(0)
        head = fit(lambda: mixed(sung, others, order), draws=asked.draws, epochs=asked.epochs, progress=told)
        join(asked.model, head, asked.channel, names)
    except (OSError, YulelightError) as error:
        sys.exit(f"voice_head: {error}")


def music(folder: Path, separator: Path, stems: Path | None) -> tuple[list[Sound], list[Sound], list[str]]:
    """Voices, accompaniments, and what the voices are from. Raises YulelightError."""
    teacher = voices.load(separator)
    if teacher is None:
        raise UsageError(f"there is no separator {separator}; make it with scripts/voices.py")
    sung: list[Sound] = []
    others: list[Sound] = []
    names: list[str] = []
    songs = find_songs([folder], "train")
    for song, (voice, rest) in zip(songs, learnt_from(songs, teacher), strict=True):
        sung += voice
        names += [song.name] if voice else []
        others.append(rest)
        told(f"heard {len(others)} songs")
    for stem in Library([stems]).scan() if stems else ():
        sung += at_speeds(mono(heard(stem.path)))
        names.append(stem.path.name)
    if not sung:
        raise UsageError(f"nobody sings in {folder}; name a folder of voices with --stems")
    return sung, others, names


def told(doing: str) -> None:
    """Tells how far it is."""
    print(doing, file=sys.stderr)


if __name__ == "__main__":
    main()
