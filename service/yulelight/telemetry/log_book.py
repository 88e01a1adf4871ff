"""The last lines of the log, kept in memory for who looks for a fault, without the secrets of the house."""

import logging
import re
from collections import deque
from collections.abc import Iterable

MAX_LINES = 2000
MAX_LINE = 2000
"""Characters of one line; a longer one is cut."""
HIDDEN = "(hidden)"
SHORTEST = 6
"""Shorter secrets are words of everyday texts, too; they are only hidden where a name tells them."""

_NAMED = re.compile(
    r"(?i)(\b(?:token|password|passwd|secret|authorization|api[_-]?key|sig)\b['\"]?\s*[:=]\s*['\"]?(?:bearer\s+|basic\s+)?)"
    r"[^\s'\"&,;)}\]]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")
_IN_ADDRESS = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://)[^/\s@]+@")


def without_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """``text`` without any of ``secrets``, and without what a name or an address says is one. Pure."""
    for secret in sorted({one for one in secrets if len(one) >= SHORTEST}, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = _IN_ADDRESS.sub(rf"\1{HIDDEN}@", text)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    return _BEARER.sub(rf"\1 {HIDDEN}", text)


class LogBook(logging.Handler):
    """Keeps the last ``MAX_LINES`` lines of what is logged; ``secrets`` never get into it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secrets)
        self._lines: deque[str] = deque(maxlen=MAX_LINES)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging, in any thread."""
        try:
            # Hidden before anything is cut: half a secret is one, too.
            text = without_secrets(self.format(record), self._secrets)
        except Exception:  # noqa: BLE001  # a log line that cannot be formatted must not stop who logs
            self.handleError(record)
            return
        self._lines.extend(line[:MAX_LINE] for line in text.splitlines()[:100])

    def text(self) -> str:
        """All lines, the oldest first."""
        return "".join(f"{line}\n" for line in list(self._lines))
