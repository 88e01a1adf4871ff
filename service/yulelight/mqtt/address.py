"""The address of the broker and the credentials for it."""

from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

from yulelight.core.errors import UsageError

PORT = 1883
TLS_PORT = 8883
_EXAMPLE = "write it like mqtt://user:password@192.168.1.10:1883 (mqtts:// for TLS)"


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """The address of a broker. ``repr`` and ``str`` never show the password."""

    host: str
    port: int = PORT
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    socket: str = ""
    """Path of a local socket, used instead of host and port."""

    def __str__(self) -> str:
        if self.socket:
            return "this machine"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @classmethod
    def parse(cls, url: str) -> Self:
        """Parses ``mqtt://[user[:password]@]host[:port]`` or ``mqtts://…``.

        A bare ``host`` or ``host:port`` is taken as ``mqtt://``. User and password may be percent-encoded.
        Raises UsageError, which never shows the password.
        """
        if "://" not in url:
            url = f"mqtt://{url}"
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise UsageError(f"the broker's address has no valid host and port; {_EXAMPLE}") from None
        if parts.scheme not in ("mqtt", "mqtts"):
            raise UsageError(f"the broker's address begins with {parts.scheme[:20]!r}; {_EXAMPLE}")
        if not host or any(character.isspace() or not character.isprintable() for character in url):
            raise UsageError(f"the broker's address has no host; {_EXAMPLE}")
        if parts.path not in ("", "/") or parts.query or parts.fragment or port == 0:
            raise UsageError(f"the broker's address has something after the host and port; {_EXAMPLE}")
        if parts.password is not None and not parts.username:
            raise UsageError(f"the broker's address has a password but no user; {_EXAMPLE}")
        tls = parts.scheme == "mqtts"
        return cls(
            host=host,
            port=port or (TLS_PORT if tls else PORT),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password is not None else None,
            tls=tls,
        )
