"""The route of what plays tonight, and why something does not."""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from yulelight.api.schedule import MAX_OCCURRENCES, ask, names_of
from yulelight.api.services import SCHEDULE
from yulelight.schedule.messages import GetOccurrences, GetSchedule, ScheduleView
from yulelight.schedule.tonight import Showing, night_of, tonight

AROUND = timedelta(days=3)
"""Before and after now: all shows that may touch tonight."""


async def get_tonight(request: web.Request) -> web.Response:
    """GET /api/v1/schedule/tonight: what plays, and why not."""
    schedule = request.app[SCHEDULE]
    found: ScheduleView = await ask(schedule, GetSchedule())
    now, zone = found.now, found.house_time.zone
    around = await ask(schedule, GetOccurrences(now - AROUND, now + AROUND, MAX_OCCURRENCES))
    showings = await asyncio.to_thread(
        tonight,
        found.entries,
        around,
        now,
        zone,
        playing=found.playing.key if found.playing else None,
        stopped=found.stopped,
        armed=found.armed,
        playlists=(await names_of(schedule)).playlists,
    )
    return web.json_response(_told(showings, night_of(now, zone), found))


ROUTES = [
    web.get("/api/v1/schedule/tonight", get_tonight, name="get_tonight"),
]


def _told(values: Iterable[Showing], night: date, view: ScheduleView) -> dict[str, Any]:
    """The shows of a night, each with its state."""
    zone = view.house_time.zone
    return {
        "night": str(night),
        "armed": view.armed,
        "showings": [
            {
                "uid": value.entry.uid,
                "occurrence": str(value.night),
                "summary": value.entry.summary or value.entry.playlist,
                "playlist": value.entry.playlist,
                "start": value.occurrence and value.occurrence.start.astimezone(zone).isoformat(),
                "end": value.occurrence and value.occurrence.end.astimezone(zone).isoformat(),
                "state": value.state,
                "behind": value.behind,
            }
            for value in values
        ],
    }
