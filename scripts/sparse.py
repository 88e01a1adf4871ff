"""Learns how a model's codes become levels from a folder of music with a manifest.csv, and writes it into the model.

    python scripts/sparse.py FOLDER models/wide.onnx

Needs the extras [train] and [torch]. Songs with role train; a few minutes on one core.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx

from yulelight.audio.decode import blocks
from yulelight.dsp.mel import mel_filters
from yulelight.dsp.samples import mono
from yulelight.dsp.spectrum import loudness, magnitudes
from yulelight.encoder.model import Encoder, load
from yulelight.lab.evaluation.songs import find_songs
from yulelight.lab.training.sparse import EPOCHS, Lesson, fit

BANDS, DEPTH_DB = 40, 60


def lesson(song: Path, encoder: Encoder) -> Lesson:
    """A song, every other frame."""
    frames = magnitudes(np.concatenate([mono(block) for block in blocks(song)]))
    mel = 10 * np.log10(np.maximum(np.square(frames) @ mel_filters(BANDS), 1e-10))
    return Lesson(
        encoder.encode(frames)[::2], np.maximum(mel, mel.max() - DEPTH_DB)[::2], loudness(frames)[::2]
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    asked = parser.parse_args()
    encoder = load(asked.model)
    lessons = [lesson(song, encoder) for song in find_songs([asked.folder], "train")]
    made = fit(
        lessons,
        encoder.rest,
        epochs=asked.epochs,
        progress=lambda epoch: print(f"epoch {epoch + 1}", file=sys.stderr),
    )
    model = onnx.load(asked.model)
    props = {one.key: one.value for one in model.metadata_props} | {"yulelight.sparse": made.to_json()}
    onnx.helper.set_model_props(model, props)
    asked.model.write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
