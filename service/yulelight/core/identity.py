"""The identity and secrets of this service, created on first start and stored with owner-only permissions.

Not a JsonFile: the light node reads it, too, and does without pydantic, which takes memory that a small Pi lacks.
"""

import json
import logging
import os
import re
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from yulelight.core import storage
from yulelight.core.errors import UsageError, YulelightError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """``id`` identifies the service on the network; the secrets authenticate users and nodes."""

    id: str
    token: str = field(repr=False)
    """For the HTTP API."""
    broker_user: str
    broker_password: str = field(repr=False)
    """For the embedded broker."""


def data_home() -> Path:
    """The default folder for the identity and state of a service."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "yulelight"


def load(folder: Path) -> Identity:
    """The identity stored in ``folder``; none is created. Raises UsageError if there is none."""
    try:
        return _parse((folder / "identity.json").read_text())
    except FileNotFoundError:
        raise UsageError(
            f"no service has run with the data folder {folder}; start one (yulelight serve), or name the folder of "
            "the one that runs with --data"
        ) from None
    except (OSError, ValueError, TypeError) as error:
        why = (
            getattr(error, "strerror", None) or "it is damaged; the service makes a new one at its next start"
        )
        raise UsageError(f"cannot read {folder / 'identity.json'}: {why}") from error


def load_or_make(folder: Path) -> Identity:
    """The identity stored in ``folder``, created if there is none yet.

    An invalid file is renamed to identity.json.broken and replaced. Raises YulelightError if the folder is not
    usable.
    """
    path = folder / "identity.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            try:
                return _parse(path.read_text())
            except (ValueError, TypeError):
                broken = path.replace(path.with_suffix(".json.broken"))
                log.warning(
                    "the identity in %s was damaged: made a new one, and the old one is kept as %s; "
                    "clients need the new token and password (`yulelight token`)",
                    path,
                    broken.name,
                )
        identity = Identity(
            secrets.token_hex(4), secrets.token_urlsafe(24), "yulelight", secrets.token_urlsafe(12)
        )
        storage.write(path, json.dumps(asdict(identity), indent=2).encode())
    except OSError as error:
        raise YulelightError(
            f"cannot keep the service's identity in {folder}: {error.strerror}; "
            "choose another folder with --data"
        ) from error
    return identity


def _parse(text: str) -> Identity:
    identity = Identity(**json.loads(text))
    if not re.fullmatch(r"[a-z0-9_-]{1,64}", identity.id):
        raise ValueError("not a service id")
    if not all(isinstance(v, str) and v for v in asdict(identity).values()):
        raise ValueError("a field is empty")
    return identity
