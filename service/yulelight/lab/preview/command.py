"""The command `yulelight preview`: render a song's show, then film it."""

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from yulelight.app.settings import Settings
from yulelight.encoder.catalogue import find
from yulelight.encoder.model import load
from yulelight.lab.preview.film import Cut, check, film
from yulelight.lights.house import in_house
from yulelight.show.render import render


def run_preview(song: Path, output: Path, *, settings: Settings, cut: Cut, console: Console) -> None:
    """Writes the film and prints its name; raises YulelightError.

    Model, look and house come from the ``settings``; channels with a type are shown as that type.
    """
    check(song, output)
    chosen, limits = settings.chosen_look(), settings.house_limits()
    encoder = load(find(settings.model, settings.models))
    with console.status(f"listening to {song.name}") as status:
        show = render(
            song,
            encoder,
            chosen,
            progress=lambda done: status.update(f"listening to {song.name}: {done:.0f} s"),
        )
        if limits:
            show = in_house(show, limits, settings.places)
            if limits.known and not cut.switched:
                cut = replace(cut, switched=tuple(limits.switched(n) for n in range(1, limits.channels + 1)))
        status.update("drawing the house")
        seconds = film(song, show, output, cut, lambda done: status.update(f"filming: {done:.0f} s"))
    for warning in show.warnings:
        console.print(warning, markup=False)
    console.print(
        f"{output}: {seconds:.1f} s, {output.stat().st_size / 1e6:.1f} MB", markup=False, highlight=False
    )
