"""What played before a show goes on after it. (The lights do so by themselves: the service sees to it.)"""

from typing import Any

from homeassistant.core import callback

from .client import YulelightError
from .const import LOGGER
from .coordinator import YulelightCoordinator
from .models import ShowEvent, Status

INTERRUPTED = ("playing", "pre_show", "post_show", "loading")
STOPPED = "stopped"
"""The detail of the event ``finished`` when a person or an automation ended the show."""


class Comeback:
    """Waits for the end of a show that is about to begin, then plays what played before.

    Not when the show is stopped by hand, nor when yet another takes its place: then that is what somebody wants.
    """

    def __init__(self, coordinator: YulelightCoordinator, guest: dict[str, Any]) -> None:
        """``guest`` says what is about to be played, in fields of the service's command. Waits from now on."""
        self._coordinator = coordinator
        before, coordinator.comeback = coordinator.comeback, self
        # A guest's guest: what comes back is what the first one interrupted.
        self._orders = before.orders if before else orders(coordinator.data.status, guest)
        if before:
            before.forget()
        self._begun = False
        self._leave = [
            coordinator.async_on_event(self._happened),
            coordinator.async_add_listener(self._look),
        ]

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The commands that bring it back."""
        return self._orders

    @callback
    def forget(self) -> None:
        """Nothing comes back."""
        while self._leave:
            self._leave.pop()()
        if self._coordinator.comeback is self:
            self._coordinator.comeback = None

    @callback
    def _happened(self, event: ShowEvent) -> None:
        match event.kind:
            case "started" if self._begun:
                self.forget()
            case "started":
                self._begun = True
            case "finished":
                self.forget()
                if event.detail != STOPPED:
                    self._coordinator.in_background(self._come_back())

    @callback
    def _look(self) -> None:
        if not self._coordinator.last_update_success:
            self.forget()  # Nobody knows what happens meanwhile.

    async def _come_back(self) -> None:
        try:
            for order in self._orders:
                await self._coordinator.async_command("play", **order)
        except YulelightError as error:
            LOGGER.warning("what played before the show does not go on: %s", error)


def orders(status: Status, guest: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the ``play`` commands that bring back what plays now; none when nothing does."""
    if status.state not in INTERRUPTED:
        return []
    if status.playlist and status.playlist != guest.get("playlist"):
        return [{"playlist": status.playlist, "resume": True}]
    if status.song is None or not status.song.id:
        return []
    first: dict[str, Any] = {"song": status.song.id, "position": status.position, "repeat": status.repeat}
    return [first, *({"song": song.id, "enqueue": "add"} for song in status.queue if song.id)]
