"""systemd units: the account that they run as, and how they are installed and started."""

import getpass
import grp
import os
import pwd
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yulelight.core.errors import UsageError

FOLDER = Path("/etc/systemd/system")


@dataclass(frozen=True, slots=True)
class Account:
    """The account that a unit runs as."""

    name: str
    home: Path
    uid: int
    gid: int


def account(name: str | None = None) -> Account:
    """The account ``name``; by default the user who called sudo, or the current user. Raises UsageError."""
    name = name or os.environ.get("SUDO_USER") or getpass.getuser()
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        raise UsageError(f"there is no user {name[:40]!r} here; name another with --user") from None
    return Account(name, Path(found.pw_dir), found.pw_uid, found.pw_gid)


def has_group(name: str) -> bool:
    """Whether the group exists."""
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def install(
    written: Mapping[Path, str],
    unit: str,
    command: str,
    folder: Path = FOLDER,
    systemctl: Sequence[str] = ("systemctl",),
) -> None:
    """Writes the files to systemd's ``folder`` and starts ``unit``, now and at every boot.

    Raises UsageError. ``command`` is shown to users who have to repeat it with sudo.
    """
    try:
        for name, text in written.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o644)
        # A unit that is already running must read the new files.
        for words in (("daemon-reload",), ("enable", unit), ("restart", unit)):
            subprocess.run([*systemctl, *words], check=True, capture_output=True, text=True)
    except PermissionError:
        raise UsageError(f"only root may write to {folder}; say: sudo {program()} {command}") from None
    except OSError as error:
        raise UsageError(f"this needs a machine with systemd ({error}); --print shows the unit") from None
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.split()) or f"status {error.returncode}"
        raise UsageError(f"systemd refused ({said}); see: systemctl status {unit}") from None


def program() -> str:
    """The absolute path of this program, since root's PATH does not contain the virtual environment."""
    own = Path(sys.executable).with_name("yulelight")
    return str(own) if own.exists() else f"{sys.executable} -m yulelight"


def quoted(text: str) -> str:
    """One word of a systemd command line, quoted. Raises UsageError for a path that cannot be quoted."""
    if any(not character.isprintable() for character in text):
        raise UsageError(f"systemd cannot take the path {text!r}; move it to one with usual characters")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def path_in_unit(path: Path) -> str:
    """A path for other settings of a unit, where variables are not expanded. Raises UsageError."""
    return quoted(str(path)).replace("$$", "$")
