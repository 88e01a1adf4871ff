"""The state of the API itself: failed logins and connected clients."""

from aiohttp import web

from yulelight.api.auth import Gate
from yulelight.api.links import Links
from yulelight.api.services import Security
from yulelight.api.slots import Slots
from yulelight.api.trial import Trial
from yulelight.core.errors import CommandError


class ApiState:
    """Limits on clients and streams, and the attempts of clients to sign in."""

    def __init__(self, security: Security) -> None:
        self.sockets: set[web.WebSocketResponse] = set()
        self.gate = Gate(security.token, security.clock)
        self.links = Links(security.token)
        self.sending = 0
        """Songs being sent to players."""
        self.clients = Slots(64, lambda: web.HTTPServiceUnavailable(text="too many clients; try later"))
        self.newcomers = Slots(
            16, lambda: web.HTTPServiceUnavailable(text="too many clients are signing in; try later")
        )
        self.trial = Trial()
        self.ingest = Slots(
            1, lambda: CommandError("another stream is being played; end it before sending the next")
        )


STATE = web.AppKey("state", ApiState)
