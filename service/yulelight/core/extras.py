"""The command that installs the packages of an optional part, matching how Yulelight was installed."""

import re
import shlex
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

_CLONE = Path(__file__).resolve().parents[3]
_EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")


def how_to_install(*extras: str, prefix: Path = Path(sys.prefix), clone: Path = _CLONE) -> str:
    """The command that adds ``extras`` to the environment in ``prefix``.

    It names packages and not ``yulelight[extra]``: that works wherever this installation came from, a clone, a wheel
    or a registry. ``clone``: the folder of scripts/, where there is one.
    """
    if (prefix / ".stamp").is_file() and (clone / "scripts" / "setup").is_file():
        where = "" if prefix.name == ".venv" else f"VENV={shlex.quote(str(prefix))} "
        return f"{where}{shlex.quote(str(clone / 'scripts' / 'setup'))} {' '.join(extras)}"
    packages = " ".join(map(shlex.quote, required(extras)))
    python = shlex.quote(str(prefix / "bin" / "python"))
    if (prefix / "pipx_metadata.json").is_file():
        return f"pipx inject yulelight {packages}"
    if (prefix / "uv-receipt.toml").is_file():  # environments made by uv have no pip
        return f"uv pip install --python {python} {packages}"
    return f"{python} -m pip install {packages}"


def required(extras: Sequence[str], declared: Sequence[str] | None = None) -> list[str]:
    """The requirements of ``extras``, without markers. ``declared``: a package's requirements (PEP 508)."""
    lines = (metadata.requires("yulelight") or []) if declared is None else declared
    found: dict[str, None] = {}
    for line in lines:
        requirement, _, marker = line.partition(";")
        if (extra := _EXTRA.search(marker)) and extra[1] in extras:
            found[requirement.strip()] = None
    return list(found)
