"""Signed links to a song's file, for media players that cannot send a token.

Pure: time is passed in. A link's signature is ``expiry.mac``: the expiry in whole seconds since 1970, and HMAC-SHA256
(RFC 2104) over song id and expiry, with a key derived from the API token. It is valid for this song only.
"""

import base64
import hmac

LIFETIME = 24 * 3600
"""Validity of a link in seconds. Links that expire later are refused, since they were made with a wrong clock."""

_PURPOSE = b"yulelight: links to songs, version 1"


class Links:
    """Makes and verifies the signatures of the service with the API token ``token``."""

    def __init__(self, token: str) -> None:
        self._key = hmac.digest(token.encode(), _PURPOSE, "sha256")

    def sign(self, song: str, now: float, life: int = LIFETIME) -> tuple[str, int]:
        """(signature, expiry) of a link to ``song`` for ``life`` seconds, at most LIFETIME."""
        expires = int(now) + min(life, LIFETIME)
        return f"{expires}.{self._mac(song, expires)}", expires

    def check(self, song: str, signature: str, now: float) -> bool:
        """Whether ``signature`` is valid for ``song`` now."""
        text, _, mac = signature.partition(".")
        if not (text.isascii() and text.isdecimal() and len(text) <= 12):
            return False
        expires = int(text)
        right = hmac.compare_digest(mac.encode(errors="surrogatepass"), self._mac(song, expires).encode())
        return right and now < expires <= now + LIFETIME + 60

    def _mac(self, song: str, expires: int) -> str:
        digest = hmac.digest(self._key, f"{song}\n{expires}".encode(errors="surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
