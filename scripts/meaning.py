"""Learns what on/off states mean from a folder of music with a manifest.csv, and writes it into the model.

    python scripts/meaning.py FOLDER models/wide.onnx

Needs the extra [train]. Songs with role train; a few minutes on one core. After ``scripts/sparse.py``, by which the
levels are made that the states follow.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx

from yulelight.analysis.bars import bars
from yulelight.analysis.beats import beats
from yulelight.audio.decode import blocks
from yulelight.dsp.onsets import band_power, peaks, strength
from yulelight.dsp.samples import mono
from yulelight.dsp.spectrum import FRAME_RATE, loudness, magnitudes
from yulelight.encoder.meaning import PROPERTY
from yulelight.encoder.model import Encoder, load
from yulelight.lab.evaluation.songs import find_songs
from yulelight.lab.training.meaning import fit
from yulelight.show.look import LIVELY
from yulelight.show.mapping import Music


def music(song: Path, encoder: Encoder) -> Music:
    """What the mapping knows of a song."""
    frames = magnitudes(np.concatenate([mono(block) for block in blocks(song)]))
    power = band_power(frames)
    flux = strength(power)
    beat = beats(flux, FRAME_RATE)
    return Music(
        encoder.encode(frames),
        loudness(frames),
        tuple(peaks(flux)),
        tuple(beat),
        FRAME_RATE,
        encoder.rest,
        tuple(bars(beat, flux)),
        power=power,
        sparse=encoder.manifest.sparse,
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("model", type=Path)
    asked = parser.parse_args()
    encoder = load(asked.model)
    made = fit([music(song, encoder) for song in find_songs([asked.folder], "train")], LIVELY)
    model = onnx.load(asked.model)
    props = {one.key: one.value for one in model.metadata_props} | {PROPERTY: made.to_json()}
    onnx.helper.set_model_props(model, props)
    asked.model.write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
