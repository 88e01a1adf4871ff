"""The commands for encoders: train one, and find songs similar to another."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from yulelight.commands.options import Model
from yulelight.commands.run import guard
from yulelight.core.errors import UsageError
from yulelight.core.extras import how_to_install


def train(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER", help="Folders of music to learn from.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the model goes (.onnx).")],
    architecture: Annotated[
        str,
        typer.Option(help="wide, glide, mel, bands, pca, nmf; and, with PyTorch: dense, ae-mel, conv-show."),
    ] = "glide",
    start: Annotated[
        Path | None, typer.Option("--from", help="A model (.onnx) of the same architecture to go on from.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Maximum number of epochs.")] = None,
    seeds: Annotated[
        int | None, typer.Option(min=1, max=20, help="Networks to train; the best is kept.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The position of the first.")] = 0,
    loss: Annotated[str, typer.Option(help="mse, or bce as in the blog.")] = "mse",
    per_bin: Annotated[
        bool, typer.Option("--per-bin", help="dense: scale each bin by itself, as in the blog.")
    ] = False,
    licence: Annotated[str, typer.Option(help="Licence of the model, for its card.")] = "private",
) -> None:
    """Train an encoder on your own music: 20 songs take minutes.

    A folder with a manifest.csv (file,title,artist,licence,role) is learnt from as that says; any other as a whole.
    Needs more packages and says how to install them. Stopped half-way, the same command goes on where it was.
    """

    def run() -> None:
        try:
            from yulelight.lab.training.architectures import Options
            from yulelight.lab.training.command import run_training
        except ModuleNotFoundError as error:
            raise UsageError(f"train needs {error.name}; install it: {how_to_install('train')}") from error
        if loss not in ("mse", "bce"):
            raise UsageError(f"no loss is called '{loss}'; there are: mse, bce")
        run_training(
            folders,
            output,
            architecture=architecture,
            options=Options(epochs, seeds, seed, loss, per_bin),
            start=start,
            licence=licence,
            console=Console(stderr=True),
        )

    guard(run)


def similar(
    song: Annotated[Path, typer.Argument(help="The song to compare with.")],
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER", help="Songs, or folders of them, to look in.")
    ],
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many to name.")] = 10,
    playlist: Annotated[
        Path | None,
        typer.Option(
            help="Write all of them there as .m3u8, beginning with the song, each like the one before."
        ),
    ] = None,
    model: Model = None,
    models: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="A folder with more models.")
    ] = None,
) -> None:
    """List the songs whose light is most similar to a song's, and make a playlist in which similar songs follow."""

    def run() -> None:
        from yulelight.lab.similar import run_similar

        run_similar(
            song,
            folders,
            count=count,
            playlist=playlist,
            model=model or "wide",
            models=models or [],
            console=Console(),
        )

    guard(run)
