"""Selects the songs to evaluate: files, and folders as a whole or by the roles in their manifest."""

import csv
from collections.abc import Sequence
from pathlib import Path

from yulelight.core.errors import UsageError
from yulelight.library.songs import Library

MANIFEST = "manifest.csv"
"""Beside the songs of a folder: columns file and role (train, validate …)."""


def find_songs(named: Sequence[Path], role: str | None = None) -> list[Path]:
    """The songs of the files and folders ``named``; with ``role``, only those of a folder with this role.

    Raises UsageError if a file or folder does not exist or no song is left.
    """
    songs: list[Path] = []
    for path in named:
        if path.is_dir():
            songs += with_role(path, role) if role else [found.path for found in Library([path]).scan()]
        elif path.is_file():
            songs.append(path)
        else:
            raise UsageError(f"there is no song and no folder {path}; check the name")
    if not songs:
        raise UsageError(f"no songs in {', '.join(map(str, named))}; name a song or a folder with music")
    return list(dict.fromkeys(songs))


def with_role(folder: Path, role: str) -> list[Path]:
    """The songs that the manifest of ``folder`` gives ``role``, in its order."""
    manifest = folder / MANIFEST
    try:
        with manifest.open(newline="", encoding="utf-8") as file:
            rows = [(row["file"], row["role"]) for row in csv.DictReader(file)]
    except OSError as error:
        raise UsageError(
            f"{folder} has no {MANIFEST} that says which songs are '{role}'; leave --role out"
        ) from error
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{manifest} must have columns file and role; correct it or leave --role out"
        ) from error
    # A manifest may only name files in its own folder.
    songs = [folder / Path(name).name for name, given in rows if given == role]
    missing = [song.name for song in songs if not song.is_file()]
    if missing:
        raise UsageError(f"{manifest} names {missing[0]}, which is not there; correct it or leave --role out")
    if not songs:
        roles = ", ".join(sorted({given for _, given in rows})) or "none"
        raise UsageError(f"{manifest} has no songs with the role '{role}'; it has: {roles}")
    return songs
