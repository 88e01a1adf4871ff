"""How a Sendspin player and a server find each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PORT = 8928
"""Port on which servers look for players that they do not find by mDNS."""
SERVER_PORT = 8927
NEEDED = "Music Assistant 2.10.7 or later"
"""The first version with the handshake of the current package."""


@dataclass(frozen=True, slots=True)
class SendspinConfig:
    """How the player and a server find each other."""

    name: str
    """Its name in Music Assistant."""
    folder: Path
    """Folder for its identity and its pairings."""
    port: int = PORT
    """Port on which it listens for servers."""
    host: str = "0.0.0.0"
    """Address on which it listens."""
    server: str | None = None
    """``host:port`` of a server to connect to, or "auto" for the first found, instead of listening."""
    unpaired: bool = True
    """Whether unpaired servers may send sound."""
    announce: bool = True
    interfaces: Sequence[str] = ()
    """Addresses on which it is announced; empty for all."""
