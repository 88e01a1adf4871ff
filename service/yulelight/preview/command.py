"""The command `yulelight preview`: render a song's show, then film it."""

from pathlib import Path

from rich.console import Console

from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.errors import UsageError
from yulelight.preview.film import Cut, check, film
from yulelight.render import render
from yulelight.show.look import LOOKS, Look


def run_preview(
    song: Path, output: Path, *, model: str, models: list[Path], look: str, cut: Cut, console: Console
) -> None:
    """Writes the film and says so on the console; raises YulelightError for what is wrong."""
    check(song, output)
    chosen = find_look(look)
    encoder = load(find(model, models))
    with console.status(f"listening to {song.name}") as status:
        show = render(
            song,
            encoder,
            chosen,
            progress=lambda done: status.update(f"listening to {song.name}: {done:.0f} s"),
        )
        status.update("drawing the house")
        seconds = film(song, show, output, cut, lambda done: status.update(f"filming: {done:.0f} s"))
    for warning in show.warnings:
        console.print(warning, markup=False)
    console.print(
        f"{output}: {seconds:.1f} s, {output.stat().st_size / 1e6:.1f} MB", markup=False, highlight=False
    )


def find_look(name: str) -> Look:
    """The look called ``name``; raises UsageError naming the looks there are."""
    if name not in LOOKS:
        raise UsageError(f"no look is called {name[:64]!r}; there are: {', '.join(LOOKS)}")
    return LOOKS[name]
