"""Wishes of neighbours."""

from collections.abc import Callable
from datetime import datetime

from yulelight.actors import Broadcast, Ref, Supervisor
from yulelight.api.services import GuestService
from yulelight.app.parts.starting import started
from yulelight.app.settings import Settings
from yulelight.core.messages import Status
from yulelight.guests.desk import Choice, GuestDesk, GuestView
from yulelight.library.playlists import Playlists
from yulelight.player.director import DirectorMessage
from yulelight.schedule.messages import ScheduleView


async def start_guests(
    supervisor: Supervisor,
    settings: Settings,
    *,
    playlists: Playlists,
    director: Ref[DirectorMessage],
    statuses: Broadcast[Status],
    schedule: Broadcast[ScheduleView],
    clock: Callable[[], float],
) -> GuestService:
    """When started, it knows what the owner chose last."""
    wanted, views = settings.guests, Broadcast[GuestView]()

    def local() -> datetime:
        # The scheduler knows in which time zone the house is.
        known = schedule.latest
        return datetime.now().astimezone(known.house_time.zone if known is not None else None)

    def desk() -> GuestDesk:
        return GuestDesk(
            rules=wanted.rules(),
            usual=Choice(wanted.enabled, wanted.playlist),
            file=settings.data / "guests.json",
            playlists=playlists,
            director=director,
            statuses=statuses,
            views=views,
            local=local,
            clock=clock,
        )

    return GuestService(await started(supervisor, desk, "guests"), views)
